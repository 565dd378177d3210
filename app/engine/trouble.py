"""Why an element cannot go on, raised inside a step and never outside it. What becomes of it: `app.engine.running`."""

from app.model.step import TroubleKind


class Stuck(Exception):
    """This element cannot go on; becomes a `Trouble` of the step."""

    def __init__(self, kind: TroubleKind, sentence: str) -> None:
        """Keep what kind of cause it is and the sentence a person reads."""
        self.kind: TroubleKind = kind
        self.sentence = sentence
        super().__init__(sentence)


class TooMuch(Exception):
    """The step as a whole ran into a bound; nothing of it is kept."""

    def __init__(self, element: str, sentence: str) -> None:
        """Keep the element at which it happened."""
        self.element = element
        self.sentence = sentence
        super().__init__(sentence)
