"""Built-in functions on text (DMN 10.3.4.3). No pattern is interpreted: patterns can take for ever."""

from decimal import Decimal

from app.feel.builtins.registry import builtin
from app.feel.values import Value


@builtin("substring(string: string, start position: number, length?: number)")
def _substring(string: str, start: Decimal, length: Decimal | None = None) -> Value:
    size = len(string)
    if start != start.to_integral_value() or not 1 <= abs(start) <= size:
        return None if start == 0 or start != start.to_integral_value() else ""
    first = int(start) - 1 if start > 0 else size + int(start)
    if length is None:
        return string[first:]
    return string[first : first + int(length)] if length >= 1 else None


@builtin("string length(string: string)")
def _string_length(string: str) -> Value:
    return Decimal(len(string))


@builtin("upper case(string: string)")
def _upper_case(string: str) -> Value:
    return string.upper()


@builtin("lower case(string: string)")
def _lower_case(string: str) -> Value:
    return string.lower()


@builtin("substring before(string: string, match: string)")
def _substring_before(string: str, match: str) -> Value:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def _substring_after(string: str, match: str) -> Value:
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string)")
def _contains(string: str, match: str) -> Value:
    return match in string


@builtin("starts with(string: string, match: string)")
def _starts_with(string: str, match: str) -> Value:
    return string.startswith(match)


@builtin("ends with(string: string, match: string)")
def _ends_with(string: str, match: str) -> Value:
    return string.endswith(match)


@builtin("split(string: string, delimiter: string)")
def _split(string: str, delimiter: str) -> Value:
    return list(string.split(delimiter)) if delimiter else None


@builtin("string join(list: list, delimiter?: string)")
def _string_join(items: list[Value], delimiter: str | None = None) -> Value:
    if any(item is not None and not isinstance(item, str) for item in items):
        return None
    return (delimiter or "").join(item for item in items if isinstance(item, str))
