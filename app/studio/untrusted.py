"""Diagrams and decision tables nobody has vouched for: read here only after a bounded child read them to the end.

Everything a person sends passes here, and so do the drafts made from it. Bundles that are deployed were here before.
"""

import base64
from collections import OrderedDict
from hashlib import sha256

from app import diagrams
from app.diagrams import Diagram, UnreadableDiagram
from app.diagrams.xml import refuse_large
from app.feel.dmn import Decision, DecisionError, parse_decision
from app.model.json import Json
from app.studio import bounded
from app.studio.children import Children, Unfinished

FUNCTIONS = frozenset({"due"})
CHILDREN = Children("app.studio.examining", bounded.Limits())
_MOST_VOUCHED = 512
_vouched: OrderedDict[tuple[str, str], None] = OrderedDict()


def diagram(content: bytes) -> Diagram:
    """What a BPMN file says. Raises UnreadableDiagram, also where reading it would cost too much."""
    refuse_large(content)
    try:
        refusal = _refusal("diagram", content)
    except Unfinished as unfinished:
        raise UnreadableDiagram(unfinished.sentence) from None
    if refusal is not None:
        raise UnreadableDiagram(refusal)
    return diagrams.read(content)


def decision(content: bytes) -> Decision:
    """The decision in a DMN file. Raises DecisionError, also where reading it would cost too much."""
    try:
        refuse_large(content)
        refusal = _refusal("decision", content)
    except (Unfinished, UnreadableDiagram) as refused:
        raise DecisionError(refused.sentence) from None
    if refusal is not None:
        raise DecisionError(refusal)
    return parse_decision(content, extra_functions=FUNCTIONS)


def ask(question: str, content: Json) -> Json:
    """Another question of `examining`. Raises Unfinished."""
    return CHILDREN.ask(question, content)


def prepare() -> None:
    """Have the child ready before the first file comes."""
    CHILDREN.prepare()


def pack(content: bytes) -> str:
    """One file as JSON."""
    return base64.b64encode(content).decode()


def _refusal(question: str, content: bytes) -> str | None:
    """Why it cannot be read, or None; asked once for the same file."""
    known = (question, sha256(content).hexdigest())
    if bounded.is_inside() or known in _vouched:
        return None
    refusal = ask(question, pack(content))
    if refusal is None:
        _vouched[known] = None
        while len(_vouched) > _MOST_VOUCHED:
            _vouched.popitem(last=False)
    return None if refusal is None else str(refusal)
