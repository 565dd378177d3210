"""Whether a docx or xlsx is safe to keep: what its list of parts says. Nothing is unpacked."""

import zipfile
from typing import IO

from app.forms.files import ending_of

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 200
_MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


def check_archive(name: str, stream: IO[bytes]) -> str | None:
    """What to do instead of sending this docx or xlsx, or None. Other endings are not looked into."""
    ending = ending_of(name)
    if ending not in _MAIN_PARTS:
        return None
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    # the third is zipfile's word for an archive that is split or packed in a way it does not know
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return f"Choose another file: {name} is damaged"
    names = {entry.filename for entry in entries}
    if _MAIN_PARTS[ending] not in names or "[Content_Types].xml" not in names:
        return f"Choose another file: {name} is not really a {ending} file"
    if any(entry.flag_bits & 1 for entry in entries):
        return f"Remove the password from {name} first"
    if any(each.lower().endswith("vbaproject.bin") for each in names):
        return f"Save {name} without macros first"
    unpacked, packed = (sum(sizes) for sizes in zip(*((e.file_size, e.compress_size) for e in entries), strict=True))
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * max(packed, 1_000):
        return f"Choose another file: {name} becomes too large when opened"
    return None
