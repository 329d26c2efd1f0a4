"""Small files that open everywhere: a one-page PDF, and a picture standing for a scan."""

from io import BytesIO

from PIL import Image, ImageDraw

PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "  # A4 in points
FONTS = b"/Resources << /Font << /F1 5 0 R >> >> >>"
TOP, LINE = 770, 32
SCAN = (420, 594)


def pdf_page(lines: list[str]) -> bytes:
    """One A4 page of Chinese lines, in a font every reader of PDF has; well-formed to the byte."""
    shown = b"\n".join(
        b"BT /F1 16 Tf 72 %d Td <%s> Tj ET" % (TOP - LINE * number, line.encode("utf-16-be").hex().upper().encode())
        for number, line in enumerate(lines)
    )
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE + FONTS,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R /DW 1000 >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    return _assembled(parts)


def _assembled(parts: list[bytes]) -> bytes:
    file, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table)
    return bytes(file)


def scan(number: int) -> bytes:
    """A page with grey lines; each number gives another one."""
    page = Image.new("L", SCAN, 250)
    pen = ImageDraw.Draw(page)
    pen.rectangle((24, 24, SCAN[0] - 24, SCAN[1] - 24), outline=120)
    for row in range(12):
        pen.line((56, 90 + row * 36, 220 + (number * 37 + row * 53) % 140, 90 + row * 36), fill=90, width=4)
    file = BytesIO()
    page.save(file, "JPEG", quality=60)
    return file.getvalue()
