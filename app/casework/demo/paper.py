"""A one-page PDF for the demonstration's documents. Letters that processes write are made elsewhere."""


def letter(title: str, text: str) -> bytes:
    """A valid PDF with a heading, one line and the words that it is invented; what is not Latin-1 becomes "?"."""
    lines = [(24, 760, title), (12, 720, text), (12, 700, "Part of a demonstration: nobody in it exists.")]
    shown = "".join(f"BT /F1 {size} Tf 60 {y} Td ({_escaped(line)}) Tj ET\n" for size, y, line in lines)
    stream = shown.encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(stream), stream),
    ]
    written, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, entries)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(written))
    return written + table + trailer


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
