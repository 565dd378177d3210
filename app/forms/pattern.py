"""Which regular expressions a form may use: those that cannot take long on 200 characters. It matches nothing."""

import re

#: text under a pattern is never longer
MAX_CHARACTERS = 200
#: ways of matching one text that we let the engine try at worst
_MAX_WAYS = 10_000_000

_TOKEN = re.compile(
    r"(?P<escape>\\[dDwWsSbB./\-+*?()\[\]{}|^$\\])|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<repeat>[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<either>\|)"
    r"|(?P<plain>[^\\*+?{}()\[\]])"
)


def why_unsafe(pattern: str) -> str | None:
    """Why a pattern is refused, or None: it may repeat, but not repeat a repeat or a choice."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return "it is not a regular expression"
    ways = 1 if pattern.startswith("^") and "|" not in pattern else MAX_CHARACTERS
    at, is_after_varied = 0, False
    groups: list[bool] = []  # of each open group: whether it can match in more than one way
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None or (token.lastgroup == "open" and pattern[token.end() : token.end() + 1] == "?"):
            return f"it uses something we do not allow at character {at + 1}"
        at, text, kind = token.end(), token.group(), token.lastgroup
        if kind == "repeat" and is_after_varied and text != "?":
            return "it repeats a repeat or a choice"
        if kind in ("repeat", "either"):
            groups = [True] * len(groups)
            ways *= 2 if kind == "either" else _ways(text)
        if kind == "open":
            groups.append(False)
        is_after_varied = groups.pop() if kind == "close" else False
    return "it could take too long: use fewer open-ended repeats" if ways > _MAX_WAYS else None


def _ways(repeat: str) -> int:
    if repeat in ("*", "+"):
        return MAX_CHARACTERS
    if repeat == "?":
        return 2
    fewest, comma, most = repeat.strip("{}").partition(",")
    return max(1, int(most or MAX_CHARACTERS) - int(fewest) + 1) if comma else 1
