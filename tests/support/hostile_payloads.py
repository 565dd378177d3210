"""The payloads of `hostile_expressions.txt`: expressions, scripts and data written to break out or burn the machine."""

from pathlib import Path

_FILE = Path(__file__).resolve().parents[1] / "unit" / "feel" / "hostile_expressions.txt"


def bodies() -> list[tuple[str, str, str]]:
    """(id, kind, body) of every payload, with the repeat directives carried out; D is case data, not an expression."""
    found = []
    for block in _FILE.read_text(encoding="utf-8").split("\n=== ")[1:]:
        head, _, body = block.partition("\n")
        name, kind, _ = (part.strip() for part in head.split("|"))
        found.append((name, kind, expanded(body.rstrip("\n"))))
    return found


def expressions() -> dict[str, str]:
    """Body by id of those that somebody might write where FEEL is expected."""
    return {name: body for name, kind, body in bodies() if kind in "ESCF"}


def expanded(body: str) -> str:
    """A body, where `@NEST` and `@REPEAT` are written out."""
    if body.startswith("@NEST "):
        _, opening, count = body.split(" ", 2)
        closing = {"(": ")", "[": "]"}.get(opening, "")
        word = "not " if opening == "not-" else opening
        return word * int(count) + "1" + closing * int(count)
    if body.startswith("@REPEAT "):
        _, unit, count = body.split(" ", 2)
        return unit * int(count) + ("c" if unit.endswith(".") else "1")
    return body
