"""The one error of FEEL: a plain sentence and where it is. What a page shows around it is not decided here."""


class FeelError(Exception):
    """An expression cannot be read, or asked for more than the bounds allow."""

    def __init__(self, sentence: str, line: int = 1, column: int = 1) -> None:
        """Keep the sentence with its place added; `line` and `column` count from 1."""
        self.line = line
        self.column = column
        self.sentence = f"{sentence} at line {line}, column {column}"
        super().__init__(self.sentence)
