"""Which files are taken: by size, name and content. Pure: given the first bytes; storing them is not decided here."""

import re

import filetype

MAX_FILE_BYTES = 20_000_000
#: how many bytes from the start `check_file` wants
HEAD_BYTES = 8_192
ENDINGS = ("pdf", "docx", "xlsx", "png", "jpg", "eml")
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "eml": "message/rfc822",
}
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,75}:[ \t]?[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*")
_MAIL_HEADERS = (b"from:", b"date:", b"received:", b"message-id:", b"return-path:", b"mime-version:")


def ending_of(name: str) -> str:
    """The file ending in small letters, `jpg` for `jpeg`, or empty."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return "jpg" if ending == "jpeg" else ending


def media_type(name: str) -> str:
    """The media type a checked file is stored under."""
    return _MEDIA_TYPES[ending_of(name)]


def check_file(name: str, head: bytes, size_bytes: int) -> str | None:
    """What to do instead of sending this file, or None. `head` is its first `HEAD_BYTES`."""
    ending = ending_of(name)
    if not name.strip() or len(name) > 200 or any(each in name for each in "/\\\0") or not name.isprintable():
        return "Rename the file with letters, numbers and spaces, at most 200 characters"
    if ending not in ENDINGS:
        return f"Choose a file that is one of: {', '.join(ENDINGS)}. {name} is not"
    if size_bytes > MAX_FILE_BYTES:
        return f"Choose a file of at most 20 MB: {name} has {size_bytes / 1_000_000:,.0f} MB"
    if size_bytes == 0 or not head:
        return f"Choose another file: {name} is empty"
    if not _is_really(ending, head):
        return f"Choose another file: {name} is not really a {ending} file"
    return None


def _is_really(ending: str, head: bytes) -> bool:
    if ending == "eml":
        return _is_mail(head)
    if ending in ("docx", "xlsx"):
        return head.startswith(b"PK\x03\x04")  # what is inside is checked by `archives`
    found = filetype.guess(head)
    return found is not None and found.extension == ending


def _is_mail(head: bytes) -> bool:
    """Begins with mail headers and holds no bytes a text does not hold."""
    first = _HEADER.match(head)
    lowered = b"\n" + head.lower()
    return first is not None and b"\0" not in head and any(b"\n" + name in lowered for name in _MAIL_HEADERS)
