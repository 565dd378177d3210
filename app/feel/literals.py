"""Text literals: from the quoted form to the text it means."""

import re
from re import Match

from lark import Token

from app.feel.errors import FeelError

_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))"
)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\", "/": "/"}


def unquoted(token: Token) -> str:
    """The text inside the quotes. Raises: FeelError for an escape that FEEL does not have."""

    def replace(found: Match[str]) -> str:
        high, low, four, six, simple = found.groups()
        if high:
            return chr(0x10000 + (int(high, 16) - 0xD800) * 0x400 + int(low, 16) - 0xDC00)
        if simple is not None:
            if simple not in _SIMPLE:
                raise FeelError(f'Expected \\n, \\t, \\" or \\\\, but found "\\{simple}"', *at)
            return _SIMPLE[simple]
        code = int(four or six, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise FeelError(f'Expected a character, but "{found[0]}" is none', *at)
        return chr(code)

    at = (token.line or 1, token.column or 1)
    return _ESCAPE.sub(replace, str(token)[1:-1])
