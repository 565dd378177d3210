"""Built-in functions on contexts (DMN 10.3.4.10). Contexts are never changed: each result is a new one."""

from app.feel.builtins.registry import builtin
from app.feel.values import Value

Entries = dict[str, Value]


@builtin("get value(m: context, key: string)")
def _get_value(m: Entries, key: str) -> Value:
    return m.get(key)


@builtin("get value(m: context, keys: list)")
def _get_value_at(m: Entries, keys: list[Value]) -> Value:
    found: Value = m
    for key in keys:
        if not isinstance(found, dict) or not isinstance(key, str):
            return None
        found = found.get(key)
    return found if keys else None


@builtin("get entries(m: context)")
def _get_entries(m: Entries) -> Value:
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin("context(entries: list)")
def _context(entries: list[Value]) -> Value:
    result: Entries = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            return None
        key = entry.get("key")
        if not isinstance(key, str) or key in result:
            return None
        result[key] = entry["value"]
    return result


@builtin("context put(context: context, key: string, value: any)")
def _context_put(context: Entries, key: str, value: Value) -> Value:
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def _context_put_at(context: Entries, keys: list[Value], value: Value) -> Value:
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    return _put(context, [str(key) for key in keys], value)


def _put(context: Entries, keys: list[str], value: Value) -> Value:
    first, *rest = keys
    if not rest:
        return {**context, first: value}
    inner = context.get(first, {})
    if not isinstance(inner, dict):
        return None
    changed = _put(inner, rest, value)
    return None if changed is None else {**context, first: changed}


@builtin("context merge(contexts: list)")
def _context_merge(contexts: list[Value]) -> Value:
    merged: Entries = {}
    for one in contexts:
        if not isinstance(one, dict):
            return None
        merged.update(one)
    return merged
