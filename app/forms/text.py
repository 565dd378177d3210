"""Text people type: one form for all of it, and what is refused in it. It knows no question."""

import unicodedata


def clean(written: str) -> str:
    """Unicode NFC, line feeds only, no space at either end, without what word processors paste along."""
    lines = written.replace("\r\n", "\n").replace("\r", "\n").translate(_PASTED)
    return unicodedata.normalize("NFC", lines).strip()


def on_one_line(written: str) -> str:
    """Cleaned text whose line breaks and tabs have become spaces."""
    return " ".join(clean(written).split())


def has_unreadable(text: str) -> bool:
    """Whether there is a control, a direction override or half a character, which no keyboard gives."""
    return any(
        unicodedata.category(each) in ("Cc", "Cs", "Co") or each in _HIDDEN for each in text if each not in "\n\t"
    )


def storable(written: object) -> str:
    """Text as typed that can always be stored: half characters are replaced; anything but plain values is empty."""
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        return ""
    try:
        return str(written).encode("utf-8", "replace").decode("utf-8")
    except ValueError:  # an integer with more digits than Python writes
        return ""


#: marks that reorder or hide what is read (Unicode TR 36), apart from the joiners that scripts need
_HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: soft hyphens and spaces of no width go; a bullet of the Symbol font and a line break within a paragraph become plain
_PASTED = str.maketrans({"\u00ad": "", "\u200b": "", "\u2060": "", "\ufeff": "", "\uf0b7": "•", "\x0b": "\n"})
