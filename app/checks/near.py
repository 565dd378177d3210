"""The hint "did you mean …" for a name that is not known. No rules."""

from collections.abc import Iterable
from difflib import get_close_matches


def near(name: str, known: Iterable[str]) -> str:
    """ ". Did you mean …?" with the nearest known name, or "" where none is near."""
    found = get_close_matches(name[:64], sorted(known), n=1, cutoff=0.75)
    return f". Did you mean {found[0]}?" if found else ""
