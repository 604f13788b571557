"""Which encoding a text is in, and whether it is text at all. Shared by every source whose format is text.

UTF-8 proves itself; a byte order mark says so. Everything else is a guess, and the receipt says so.
"""

import codecs
import contextlib
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from cets.domains.intake.rows import NotUnderstood

#: What stands for a NUL in the rows: the database takes none, and the length stays the same.
SHOWN_NUL = "\N{SYMBOL FOR NULL}"

_SAMPLE = 64 << 10
_GUESS_SAMPLE = 16 << 10
_CHUNK = 1 << 20
#: A text with more unreadable UTF-8 than one place in so many bytes is taken for another encoding.
_TOLERATED_FAULT = 2_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY_STARTS = (
    b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"SQLite format 3\x00", b"\x89PNG", b"\xff\xd8\xff", b"GIF8",
    b"\x7fELF", b"MZ\x90", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!", b"\xd0\xcf\x11\xe0",
    b"OggS", b"RIFF", b"ID3\x03", b"ID3\x04", b"PAR1",
)  # fmt: skip
#: Layout, and the codes by which chat programs write colour and weight.
_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1b\x08\x7f\x02\x03\x0f\x11\x16\x1d\x1e\x1f")
_CONTROLS = bytes(code for code in range(32) if code not in _TEXT_CONTROLS)
_GUESSES = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "cp437")
_GUESSES_WIDE = ("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")


class Encoding(msgspec.Struct, frozen=True):
    """`sure` False: a person should know that it was guessed. `faults`: bytes that are no character in it."""

    name: str
    sure: bool = True
    faults: bool = False


def is_text(head: bytes) -> bool:
    """Say whether the first bytes of a file can be text in some encoding."""
    if not head or head.startswith(_BINARY_STARTS) or head[4:8] == b"ftyp":
        return False
    if any(head.startswith(mark) for mark, _ in _BOMS) or _wide(head):
        return True
    return _is_printable(head[:_SAMPLE]) or _is_text_but_for_nuls(head[:_SAMPLE])


def _is_text_but_for_nuls(sample: bytes) -> bool:
    """Say whether NUL is the one thing that is wrong with a text: once in ten bytes at most, and after its end."""
    sample = sample.rstrip(b"\x00")
    rest = sample.replace(b"\x00", b"")
    if not rest or (len(sample) - len(rest)) * _FEW > len(sample) or rest.translate(None, _CONTROLS) != rest:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(rest)
    except UnicodeDecodeError:
        return False
    return True


#: In fewer bytes one control character is too many.
_SHORT = 100
_FEW = 10  # one in so many


def decode_head(head: bytes) -> str | None:
    """Return the first bytes as text to recognise a format by, None when binary. Cheap, never raises."""
    if not is_text(head):
        return None
    for mark, name in _BOMS:
        if head.startswith(mark):
            return head.decode(name, "replace")
    wide = _wide(head)
    if wide:
        return head.decode(wide, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return head.decode("cp1252", "replace")


def detect(file: BinaryIO) -> Encoding:
    """Find the encoding of a whole file. Leaves the file at its start."""
    file.seek(0)
    head = file.read(_SAMPLE)
    try:
        for mark, name in _BOMS:
            if head.startswith(mark):
                return Encoding(name)
        wide = _wide(head)
        if wide:
            return Encoding(wide, sure=False)
        return _narrow(file, head)
    finally:
        file.seek(0)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark shows by its zero bytes: nearly all at even or nearly all at odd places."""
    sample = head[: 4096 & ~1]
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if half < 2:  # noqa: PLR2004 - one character tells nothing
        return None
    if odd > half * 0.6 and even < half * 0.05:
        return "utf-16-le" if _is_printable(sample[0::2]) else None
    if even > half * 0.6 and odd < half * 0.05:
        return "utf-16-be" if _is_printable(sample[1::2]) else None
    return None


def _is_printable(sample: bytes) -> bool:
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls <= max(2 if len(sample) > _SHORT else 0, len(sample) // 50)


def _narrow(file: BinaryIO, head: bytes) -> Encoding:
    fault = _first_fault(file)
    if fault is None:
        return Encoding("utf-8")
    size = file.seek(0, io.SEEK_END)
    if fault >= size - 3 and size > _SAMPLE:
        return Encoding("utf-8", faults=True)  # cut in the middle of a character
    file.seek(max(0, fault - 512))
    sample = file.read(_GUESS_SAMPLE) if fault > len(head) - _GUESS_SAMPLE else head
    if _is_mostly_utf8(sample):
        return Encoding("utf-8", faults=True)
    return _guess(sample)


def _first_fault(file: BinaryIO) -> int | None:
    """Return where the file stops being UTF-8, None when all of it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    position = 0
    while chunk := file.read(_CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return max(0, position - pending + error.start)
        position += len(chunk)
    return position if decoder.getstate()[0] else None


def _is_mostly_utf8(sample: bytes) -> bool:
    faults = sample.decode("utf-8", "replace").count("\ufffd")
    real = sum(1 for sign in sample.decode("utf-8", "ignore") if sign > "\x7f")
    return real > 2 * faults and faults <= 1 + len(sample) // _TOLERATED_FAULT


def _guess(sample: bytes) -> Encoding:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - heavy; only for the rare file that needs it

    high = sum(1 for byte in sample if byte > 0x7F)  # noqa: PLR2004 - ASCII ends there
    if high <= max(3, len(sample) // 200):
        # A handful of accents tells nothing about the alphabet; western Windows is by far the likeliest.
        return Encoding("cp1252", sure=False, faults=_has_holes(sample))
    best = from_bytes(sample, cp_isolation=[*_GUESSES, *_GUESSES_WIDE], preemptive_behaviour=False).best()
    name = best.encoding if best else "cp1252"
    if sample.decode(name, "replace") == sample.decode("cp1252", "replace"):
        name = "cp1252"  # where two alphabets agree on every byte, the likelier one
    if name == "cp1250" and not _is_central_european(sample):
        name = "cp1252"
    return Encoding(name, sure=False, faults=best is None and _has_holes(sample))


#: Letters of Central Europe whose bytes are signs in Western Windows, within a word; those that both have and the West
#: does not write; and what no language of the West writes together.
_CENTRAL = re.compile(
    rb"[\xa3\xa5\xaa\xaf\xb3\xb9\xba\xbc\xbe](?=[a-z\x80-\xff])|(?<=[A-Za-z\x80-\xff])\xbf(?=[a-z])|[\x8a\x8e\x9a\x9e]"
)
_HUNGARIAN = "õûÕÛ"


def _is_central_european(sample: bytes) -> bool:
    """Say whether a text that is Western or Central European Windows is the latter, by letters of its own."""
    if _has_holes(sample) or _CENTRAL.search(sample):
        return True
    western = set(sample.decode("cp1252"))
    apart = {
        one for one in western if one.isalpha() and one.encode("cp1252").decode("cp1250", "replace") != one
    }
    is_hungarian = bool(apart) and apart.issubset(_HUNGARIAN) and western.isdisjoint("çâîôÇÂÎÔ")
    return ("ø" in western and not western.isdisjoint("èìù")) or (
        is_hungarian and not western.isdisjoint("õöü")
    )


def _has_holes(sample: bytes) -> bool:
    return "\ufffd" in sample.decode("cp1252", "replace")


@contextlib.contextmanager
def reader(file: BinaryIO, encoding: Encoding) -> Iterator[io.TextIOWrapper]:
    """Give the file as text, each line ended by one line feed. The file stays open after."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding.name, errors="replace", newline=None)
    try:
        yield text
    finally:
        with contextlib.suppress(ValueError):  # closed by its owner in the meantime
            text.detach()


def remarks(encoding: Encoding) -> Iterator[NotUnderstood]:
    """Yield what the receipt must say of the encoding: often nothing."""
    if not encoding.sure:
        name = encoding.name.replace("_", "-").upper()
        yield NotUnderstood(
            text=f"The encoding is not stated; the text was read as {name}, which is a guess.",
            place="whole file",
        )
    if encoding.faults:
        yield NotUnderstood(
            text="Some bytes are no character in this encoding; each is shown as “\ufffd”.",
            place="whole file",
        )


def clean(text: str) -> str:
    """Make NUL visible; same length, so that offsets hold."""
    return text.replace("\x00", SHOWN_NUL) if "\x00" in text else text
