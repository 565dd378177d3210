"""Which files are taken, by name, size and what they really are."""

import io
import zipfile

import pytest

from app.forms import MAX_FILE_BYTES, check_archive, check_file, media_type

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
MAIL = b"Received: from a.example\r\n by b.example\r\nFrom: a@example.com\r\nSubject: x\r\n\r\nHello"


def office(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<Types/>", **parts}.items():
            archive.writestr(name, content)
    return stream.getvalue()


DOCX = office(**{"word/document.xml": b"<w/>"})


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("report.pdf", PDF),
        ("Report.PDF", PDF),
        ("scan.png", PNG),
        ("scan.jpg", JPG),
        ("scan.jpeg", JPG),
        ("letter.docx", DOCX),
        ("costs.xlsx", DOCX),
        ("mail.eml", MAIL),
    ],
)
def test_files_that_are_what_they_say_are_taken(name: str, head: bytes) -> None:
    assert check_file(name, head, len(head)) is None
    assert "/" in media_type(name)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("report.pdf", PNG),
        ("report.pdf", b"MZ\x90\x00" + b"\0" * 60),
        ("scan.jpg", PNG),
        ("scan.png", b"<svg onload=alert(1)>"),
        ("letter.docx", PDF),
        ("mail.eml", b"MZ\0\0"),
        ("mail.eml", b"<html><script>x</script>"),
        ("mail.eml", b"Hello: there\r\nno mail"),
        ("mail.eml", MAIL + b"\0"),
    ],
)
def test_files_that_are_something_else_are_refused(name: str, head: bytes) -> None:
    sentence = check_file(name, head, len(head))
    assert sentence == f"Choose another file: {name} is not really a {name.rpartition('.')[2]} file"


@pytest.mark.parametrize("name", ["run.exe", "page.html", "macro.docm", "archive.zip", "noending", "pdf", "x.svg"])
def test_other_kinds_are_refused_naming_those_taken(name: str) -> None:
    assert check_file(name, PDF, 9) == f"Choose a file that is one of: pdf, docx, xlsx, png, jpg, eml. {name} is not"


@pytest.mark.parametrize(
    "name", ["../a.pdf", "a\\b.pdf", "a\0.pdf", "", " ", "a" * 200 + ".pdf", "a\n.pdf", "\u202efdp.pdf"]
)
def test_names_that_could_be_paths_or_hide_something_are_refused(name: str) -> None:
    assert check_file(name, PDF, 9) == "Rename the file with letters, numbers and spaces, at most 200 characters"


def test_twenty_megabytes_are_taken_and_no_more() -> None:
    assert check_file("a.pdf", PDF, MAX_FILE_BYTES) is None
    assert check_file("a.pdf", PDF, 21_000_000) == "Choose a file of at most 20 MB: a.pdf has 21 MB"
    assert check_file("a.pdf", b"", 0) == "Choose another file: a.pdf is empty"


def test_a_document_is_looked_into_without_opening_it() -> None:
    assert check_archive("a.docx", io.BytesIO(DOCX)) is None
    assert check_archive("a.xlsx", io.BytesIO(office(**{"xl/workbook.xml": b"<x/>"}))) is None
    assert check_archive("a.xlsx", io.BytesIO(DOCX)) == "Choose another file: a.xlsx is not really a xlsx file"
    assert check_archive("a.docx", io.BytesIO(b"PK\x03\x04broken")) == "Choose another file: a.docx is damaged"
    assert check_archive("a.pdf", io.BytesIO(PDF)) is None


def test_macros_and_bombs_are_refused() -> None:
    macros = office(**{"word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"})
    assert check_archive("a.docx", io.BytesIO(macros)) == "Save a.docx without macros first"
    bomb = office(**{"word/document.xml": b"\0" * 20_000_000})
    assert check_archive("a.docx", io.BytesIO(bomb)) == "Choose another file: a.docx becomes too large when opened"
    many = office(**{"word/document.xml": b"<w/>", **{f"x{n}": b"" for n in range(2_001)}})
    assert check_archive("a.docx", io.BytesIO(many)) == "Choose another file: a.docx becomes too large when opened"
