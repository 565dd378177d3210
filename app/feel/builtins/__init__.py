"""Every built-in function of our FEEL, by name. What they do is in the modules beside this one."""

from collections.abc import Mapping
from types import MappingProxyType

from app.feel.builtins import contexts, conversion, dates, lists, numbers, ranges, text
from app.feel.builtins.registry import REGISTRY, Overload

__all__ = ["BUILTINS", "CLOCK_FUNCTIONS", "REFUSED", "REGISTRY", "SORT", "Overload", "spaced_names"]

_MODULES = (contexts, conversion, dates, lists, numbers, ranges, text)

#: functions that read the clock of the case
CLOCK_FUNCTIONS = frozenset({"now", "today"})
#: the only function that takes a function
SORT = "sort"
#: standard functions that are refused, and why
REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "matches": "patterns can take for ever; use contains, starts with or ends with",
        "replace": "patterns can take for ever; use substring before and substring after",
    }
)

_OTHERS = {
    "now": "now() → date and time",
    "today": "today() → date",
    SORT: "sort(list: list, precedes?: function(x, y) expression) → list",
}

#: name → signatures, the table of what is supported
BUILTINS: Mapping[str, str] = MappingProxyType(
    dict(
        sorted(
            {**{name: " | ".join(one.signature for one in ways) for name, ways in REGISTRY.items()}, **_OTHERS}.items()
        )
    )
)


def spaced_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names with spaces, of functions and of their parameters: the reader of text must know them beforehand."""
    functions = tuple(sorted(name for name in BUILTINS if " " in name))
    parameters = {one.name for ways in REGISTRY.values() for way in ways for one in way.parameters}
    return functions, tuple(sorted(name for name in parameters if " " in name))
