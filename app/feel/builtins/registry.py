"""How a built-in function is declared: its signature is its documentation and its check. It defines none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.feel.values import KINDS, Value

_MISFIT = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a signature."""

    name: str
    #: a key of `KINDS`, or `any`
    kind: str
    is_optional: bool
    #: takes all the values that are left, as one list
    is_variadic: bool


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function."""

    signature: str
    parameters: tuple[Parameter, ...]
    call: Callable[..., Value]

    @property
    def is_variadic(self) -> bool:
        """Whether the last parameter takes any number of values."""
        return bool(self.parameters) and self.parameters[-1].is_variadic

    def takes(self, count: int) -> bool:
        """Whether this many values can be given."""
        needed = sum(not one.is_optional for one in self.parameters)
        return count >= needed and (self.is_variadic or count <= len(self.parameters))

    def fitted(self, values: list[Value]) -> list[Any] | None:
        """The values as the function wants them, or None when one is of the wrong kind."""
        result: list[Any] = []
        for index, parameter in enumerate(self.parameters):
            if parameter.is_variadic:
                rest = [_fit(parameter, value) for value in values[index:]]
                if any(item is _MISFIT for item in rest):
                    return None
                result.append(rest)
            elif index < len(values):
                item = _fit(parameter, values[index])
                if item is _MISFIT:
                    return None
                result.append(item)
        return result


def _fit(parameter: Parameter, value: Value) -> Any:
    """The value, put into or taken out of a list of one (DMN 10.3.2.9.4), or `_MISFIT`."""
    kind = parameter.kind
    if kind == "any":
        return value
    if type(value) in KINDS[kind]:
        return value
    if value is None:
        return None if parameter.is_optional and not parameter.is_variadic else _MISFIT
    if kind == "list":
        return [value]
    if type(value) is list and len(value) == 1 and type(value[0]) in KINDS[kind]:
        return value[0]
    return _MISFIT


REGISTRY: dict[str, list[Overload]] = {}

Function = Callable[..., Value]


def builtin(signature: str) -> Callable[[Function], Function]:
    """Register a function under `name(parameter: kind, optional?: kind, rest...: kind)`."""
    name, _, rest = signature.partition("(")
    inside = rest.rpartition(")")[0]
    parameters = tuple(_parameter(text) for text in inside.split(", ") if text)

    def register(function: Function) -> Function:
        REGISTRY.setdefault(name, []).append(Overload(signature, parameters, function))
        return function

    return register


def _parameter(text: str) -> Parameter:
    label, _, kind = text.partition(": ")
    name = label.rstrip("?.")
    return Parameter(name, kind, is_optional=label.endswith("?"), is_variadic=label.endswith("..."))
