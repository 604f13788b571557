"""Writes small PDFs for tests: pages of lines, in one font that every reader has.

`python tests/unit/domains/intake/pdf_writing.py` writes the examples of the source anew.
"""

import zlib
from collections.abc import Sequence
from pathlib import Path

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


class _Objects:
    """The numbered objects of a file, in order."""

    def __init__(self) -> None:
        self.all: list[bytes] = []

    def add(self, body: bytes) -> int:
        self.all.append(body)
        return len(self.all)

    def stream(self, content: bytes, about: bytes = b"") -> int:
        return self.add(b"<< /Length %d %s >>\nstream\n" % (len(content), about) + content + b"\nendstream")

    def file(self, trailer: bytes) -> bytes:
        out, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
        for number, body in enumerate(self.all, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        return (
            out
            + b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
            + table
            + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(offsets) + 1, trailer, len(out))
        )


def pdf(
    pages: Sequence[Sequence[str]],
    *,
    links: Sequence[str] = (),
    title: str = "",
    encrypted: bool = False,
    contents: bytes | None = None,
    filters: bytes = b"/FlateDecode",
) -> bytes:
    """Return a PDF of these lines by page. `contents`: put, packed already, in the place of every page's; `links`: of the first page."""
    made = _Objects()
    font = made.add(_FONT)
    tree = 2 * len(pages) + len(links) + 2
    notes = [made.add(_link(address)) for address in links]
    kids = []
    for number, lines in enumerate(pages):
        content = zlib.compress(_content(lines)) if contents is None else contents
        stream = made.stream(content, b"/Filter " + filters)
        annotations = b"/Annots [%s]" % _references(notes) if notes and not number else b""
        kids.append(
            made.add(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] %s /Resources << /Font << /F1 %d 0 R >> >>"
                b" /Contents %d 0 R >>" % (tree, annotations, font, stream)
            )
        )
    held = made.add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), _references(kids)))
    assert held == tree
    trailer = b"/Root %d 0 R" % made.add(b"<< /Type /Catalog /Pages %d 0 R >>" % tree)
    if title:
        trailer += b" /Info %d 0 R" % made.add(b"<< /Title (%s) >>" % _escaped(title))
    if encrypted:
        lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32)
        trailer += b" /Encrypt %d 0 R /ID [<%s> <%s>]" % (made.add(lock), b"33" * 16, b"33" * 16)
    return made.file(trailer)


def _references(numbers: Sequence[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _link(address: str) -> bytes:
    return b"<< /Type /Annot /Subtype /Link /Rect [50 700 200 720] /A << /S /URI /URI (%s) >> >>" % _escaped(
        address
    )


def _content(lines: Sequence[str]) -> bytes:
    shown = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
    return b"BT /F1 10 Tf 12 TL 50 780 Td\n" + shown + b"ET"


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


STATEMENT = (
    (
        "Letter of the provider, 14 March 2026",
        "The account writes from kim.larch@post.example and was seen at 203.0.113.24.",
        "It can be reached at +1 202-555-0143.",
    ),
    ("Second page: profile at https://chat.example/u/77",),
)

REPORT = (
    (
        "CyberTipline Report 990000301",
        "Priority Level: 2",
        "Received by NCMEC on 02-15-2026 10:00:00 UTC",
        "Executive Summary",
        "One user was reported; see other@post.example.",
        "Section A: Reported Information",
        "Reporting Electronic Service Provider (ESP)",
        "ESP Name: Chat Example",
        "Email Address: legal@chat.example",
        "Incident Information",
        "Incident Type: Online enticement",
        "Incident Time: 02-14-2026 09:15:22 UTC",
        "Suspect",
        "Name: Kim Larch",
        "Date of Birth: 1980-02-03",
        "Email Address: kim.larch@post.example (Verified)",
        "Mobile Phone: +1 202-555-0143",
        "Screen/User Name: kim_l",
        "ESP User ID: 550012",
        "ESP Service: Snapchat",
        "IP Address: 203.0.113.24 (Login) 02-14-2026 09:15:22 UTC",
        "IP Address:",
        "198.51.100.7",
        "Page 1 of 2",
    ),
    (
        "Child Victim",
        "Screen/User Name: pine_cone_7",
        "Email Address: pine.cone@post.example",
        "Intended Recipient",
        "Email Address: rowan@post.example",
        "Uploaded File Information",
        "Number of uploaded files: 1",
        "Filename: bridge.jpg",
        "MD5: 0cc175b9c0f1b6a831c399e269772661",
        "Submittal ID: 7f3a",
        "Did Reporting ESP view entire contents of uploaded file? Yes",
        "IP Address: 203.0.113.99 (Upload) 02-14-2026 09:16:40 UTC",
        "Section B: Automated Information Added by NCMEC Systems",
        "Geo-Lookup",
        "IP Address: 203.0.113.24",
        "Country: US",
        "City: Exampleton",
        "Section D: Law Enforcement Contact Information",
        "Agency: Example Police",
        "Email Address: officer@police.example",
        "Page 2 of 2",
    ),
)

if __name__ == "__main__":
    folder = Path(__file__).parents[4] / "src/cets/domains/intake/sources/pdf/examples"
    (folder / "statement.pdf").write_bytes(pdf(STATEMENT, links=["https://files.example/a"], title="Letter"))
    (folder / "cybertip.pdf").write_bytes(pdf(REPORT))
