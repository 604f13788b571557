"""What looks like an identifier and is none, by class, and what nobody could decide (`DOUBTFUL`: never counted)."""

from base64 import b64encode
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from bench.extraction_corpus import encodings as enc
from bench.extraction_corpus import values as v
from bench.extraction_corpus.values import digits, pick


class Lure(NamedTuple):
    """A decoy as it is written. `frames` as in `forms.Written`."""

    raw: str
    frames: tuple[str, ...] | str = ("{}",)


Make = Callable[[Random], Lure]

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def date(rng: Random) -> str:
    """Return a day in one of the ways of writing it."""
    day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(2019, 2027)
    return pick(
        rng,
        [
            f"{day:02d}/{month:02d}/{year}", f"{year}-{month:02d}-{day:02d}", f"{day}.{month}.{year}", f"{day:02d}.{month:02d}.{year % 100}",
            f"{day} {_MONTHS[month - 1]} {year}", f"{month}/{day}/{year % 100:02d}", f"{year}{month:02d}{day:02d}", f"{year}/{month:02d}/{day:02d}",
            f"{day:02d}-{month:02d}-{year}", f"{year}年{month}月{day}日", f"{day:02d} {month:02d} {year}",
        ],
    )  # fmt: skip


def time(rng: Random) -> str:
    """Return a time of day."""
    hour, minute, second = rng.randrange(24), rng.randrange(60), rng.randrange(60)
    return pick(
        rng,
        [
            f"{hour:02d}:{minute:02d}",
            f"{hour:02d}:{minute:02d}:{second:02d}",
            f"{hour:02d}.{minute:02d}",
            f"{hour % 12 + 1}:{minute:02d} pm",
        ],
    )


def instant(rng: Random) -> str:
    """Return a day with a time."""
    day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(2019, 2027)
    clock = f"{rng.randrange(24):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}"
    return pick(
        rng,
        [
            f"{year}-{month:02d}-{day:02d}T{clock}Z", f"{year}-{month:02d}-{day:02d} {clock}.{digits(rng, 6)} UTC", f"{day:02d}/{month:02d}/{year}, {clock}",
            f"{year}-{month:02d}-{day:02d}T{clock}+01:00", f"{pick(rng, _DAYS)}, {day} {_MONTHS[month - 1][:3]} {year} {clock} +0100",
            f"{year}{month:02d}{day:02d}{clock.replace(':', '')}", f"{month:02d}-{day:02d}-{year} {clock}",
        ],
    )  # fmt: skip


def _of(options: Callable[[Random], list[str]], *frames: str) -> Make:
    return lambda rng: Lure(pick(rng, options(rng)), frames or ("{}",))


def _with(frames: str, options: Callable[[Random], list[str]]) -> Make:
    return lambda rng: Lure(pick(rng, options(rng)), frames)


def _wrong_digit(rng: Random, good: str, alphabet: str) -> str:
    """Return `good` with one character of its second half changed to another of the alphabet."""
    place = rng.randrange(len(good) // 2, len(good) - 2)
    other = pick(rng, [char for char in alphabet if char != good[place]])
    return good[:place] + other + good[place + 1 :]


def _wrong_check(rng: Random) -> Lure:
    which = rng.randrange(5)
    if which == 0:
        return Lure(_wrong_digit(rng, v.imei(rng), "0123456789"), ("IMEI {}", "IMEI: {}"))
    if which == 1:
        return Lure(_wrong_digit(rng, enc.iban("DE", digits(rng, 18)), "0123456789"), ("IBAN {}", "IBAN: {}"))
    if which == 2:  # noqa: PLR2004
        return Lure(_wrong_digit(rng, v.WALLETS["btc_legacy"](rng), "abcdefgh"), ("wallet {}", "{}"))
    if which == 3:  # noqa: PLR2004
        return Lure(_wrong_digit(rng, v.WALLETS["btc_segwit"](rng), "qpzry9x8"), ("wallet {}", "{}"))
    onion = enc.onion(v.data(rng, 32))
    return Lure(f"{_wrong_digit(rng, onion[:50], 'abcdefgh')}{onion[50:]}", ("{}",))


def _file_name(rng: Random) -> list[str]:
    name = f"{pick(rng, v.WORDS)}{pick(rng, ['', '_v2', '-final', str(rng.randrange(99))])}"
    ends = "pdf jpg jpeg png docx xlsx txt zip py sh md rs pl mov app js html exe dll json csv ai ps cc"
    return [
        f"{name}.{pick(rng, ends.split())}",
        f"IMG_{instant_digits(rng)}.jpg",
        f"IMG-{digits(rng, 8)}-WA00{digits(rng, 2)}.jpg",
        f"{name}.tar.gz",
    ]


def instant_digits(rng: Random) -> str:
    """Return a moment as cameras name their files."""
    return f"20{rng.randrange(19, 27)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}_{rng.randrange(24):02d}{rng.randrange(60):02d}{rng.randrange(60):02d}"


def _coordinates(rng: Random) -> list[str]:
    north, east = rng.randrange(40, 60), rng.randrange(0, 20)
    return [
        f"{north}.{digits(rng, 6)}, {east}.{digits(rng, 6)}", f"{north}°{rng.randrange(10, 60)}'{rng.randrange(10, 60)}\"N", f"-{north}.{digits(rng, 4)} {east}.{digits(rng, 4)}",
        f"{north}.{digits(rng, 7)},-{east}.{digits(rng, 7)}", f"N {north} {rng.randrange(10, 60)}.{digits(rng, 3)} E {east} {rng.randrange(10, 60)}.{digits(rng, 3)}",
    ]  # fmt: skip


def _price(rng: Random) -> list[str]:
    whole, rest = rng.randrange(1, 10**6), rng.randrange(100)
    return [
        f"£{whole:,}.{rest:02d}",
        f"{whole}.{rest:02d} €",
        f"${whole:,}",
        f"{whole:,}.{rest:02d}".replace(",", " ") + " zł",
        f"EUR {whole},{rest:02d}",
        f"{whole} руб.",
        f"¥{whole}",
    ]


def _version(rng: Random) -> list[str]:
    one, two, three, four = (rng.randrange(1, 40) for _ in range(4))
    return [
        f"{one}.{two}.{three}",
        f"{one}.{two}",
        f"{one}.{two}.{three}.{four}",
        f"{one}.{two}.{three}-rc{four}",
        f"10.0.{digits(rng, 5)}.{four}",
        f"{digits(rng, 3)}.0.{digits(rng, 4)}.{digits(rng, 3)}",
    ]


def _tracking(rng: Random) -> list[str]:
    return [
        f"1Z999AA1{digits(rng, 10)}",
        f"RR{digits(rng, 9)}GB",
        f"JD0{digits(rng, 17)}",
        digits(rng, 12),
        digits(rng, 14),
        digits(rng, 20),
    ]


def _isbn(rng: Random) -> list[str]:
    number = enc.isbn13(f"978{digits(rng, 9)}")
    return [
        f"{number[:3]}-{number[3]}-{number[4:7]}-{number[7:12]}-{number[12]}",
        number,
        f"{number[:3]} {number[3]} {number[4:8]} {number[8:12]} {number[12]}",
        f"{digits(rng, 9)}X",
    ]


def _scope(rng: Random) -> list[str]:
    return [
        "std::vector",
        "std::string::npos",
        "Face::add",
        "Fade::Bed",
        "a::b",
        f"{pick(rng, v.WORDS)}::{pick(rng, v.WORDS)}()",
        "Cafe::Decaf",
    ]


def _record(rng: Random) -> list[str]:
    guid = v.uuid(rng)
    return [guid, guid.upper(), f"{{{guid}}}", guid]


def _order_like_phone(rng: Random) -> list[str]:
    mobile = v.uk_mobile(rng)
    return [
        f"0{mobile}",
        f"0{mobile[:4]} {mobile[4:]}",
        f"44{mobile}",
        f"01632-960{rng.randrange(1000):03d}",
        v.us_number(rng),
    ]


def _numbers(rng: Random) -> list[str]:
    return [
        digits(rng, 8),
        digits(rng, 10),
        digits(rng, 12),
        digits(rng, 15),
        f"{digits(rng, 3)}-{digits(rng, 7)}-{digits(rng, 7)}",
        f"PO-{digits(rng, 6)}",
        f"20{rng.randrange(19, 27)}-{digits(rng, 5)}",
        f"WEB{digits(rng, 9)}",
    ]


def _mail_id(rng: Random) -> list[str]:
    return [
        f"<{v.some(rng, v.HEX, 16)}.{digits(rng, 10)}@{v.host(rng)}>", f"<CA+{b64encode(v.data(rng, 21), b'_-').decode()}@{v.host(rng)}>",
        f"<{v.uuid(rng)}@{v.host(rng)}>", f"<{digits(rng, 14)}.{digits(rng, 5)}@{v.host(rng)}>",
    ]  # fmt: skip


DECOYS: dict[str, Make] = {
    "date": _of(lambda rng: [date(rng)], "{}", "on {}", "since {} or so"),
    "time": _of(lambda rng: [time(rng)], "{}", "at {}", "until {} then"),
    "instant": _of(lambda rng: [instant(rng)], "{}", "logged {}"),
    "order_number": _with("order", _numbers),
    "invoice_number": _with("invoice", _numbers),
    "phone_like_order": _with("order", _order_like_phone),
    "version": _of(_version, "version {}", "Version {}", "v{}", "update to {}", "Chrome/{}", "firmware {}"),
    "section_number": _with("section", lambda rng: [".".join(str(rng.randrange(1, 30)) for _ in range(rng.randrange(2, 5)))]),
    "price": _of(_price, "{}", "costs {}", "for {} each"),
    "record_guid": _of(_record, "record {}", "{}", "id={}", "job {} done"),
    "message_id": _of(_mail_id, "Message-ID: {}", "In-Reply-To: {}", "References: {}", "message id {}"),
    "content_id": _of(lambda rng: [f"image00{rng.randrange(1, 9)}.png@{v.some(rng, '0123456789ABCDEF', 8)}.{v.some(rng, '0123456789ABCDEF', 8)}"], "[cid:{}]", "Content-ID: <{}>"),
    "file_name": _of(_file_name, "{}", "the file {}", "see {} for it", "saved as {}"),
    "isbn": _of(_isbn, "ISBN {}", "ISBN: {}", "ISBN-13: {}"),
    "coordinates": _of(_coordinates, "{}", "at {}", "position {}"),
    "tracking_number": _of(_tracking, "tracking no. {}", "parcel {}", "tracking number: {}", "Sendungsnummer {}", "suivi {}"),
    "year_range": _of(lambda rng: [f"{rng.randrange(1900, 1990)}-{rng.randrange(1990, 2027)}", f"{rng.randrange(1990, 2026)}/{rng.randrange(10, 27)}", f"{rng.randrange(1900, 1999)}–{rng.randrange(2000, 2026)}"], "{}", "in {}", "the years {}"),
    "score": _of(lambda rng: [f"{rng.randrange(9)}-{rng.randrange(9)}", f"{rng.randrange(9)}:{rng.randrange(9)}", "6-4 3-6 7-5", f"{rng.randrange(80, 120)}:{rng.randrange(80, 120)}", "180 for 4"], "won {}", "{} at the end", "it was {}"),
    "hex_colour": _of(lambda rng: [f"#{v.some(rng, v.HEX, 6)}", f"#{v.some(rng, v.HEX, 3)}", f"#{v.some(rng, v.HEX, 8)}", f"0x{v.some(rng, v.HEX, 6)}"], "colour {}", "background: {};", "paint it {}"),
    "short_commit": _of(lambda rng: [v.some(rng, v.HEX, 7), v.some(rng, v.HEX, 12)], "commit {}", "fixed in {}"),
    "user_at_host": _of(lambda rng: [f"{pick(rng, v.WORDS)}@localhost", f"root@{pick(rng, v.WORDS)}", f"{pick(rng, v.WORDS)}@{pick(rng, v.WORDS)}", "git@localhost:bridge"], "ssh {}", "{}:~$ ls", "as {} there"),
    "decorator": _of(lambda rng: ["@property", "@dataclass(frozen=True)", "@pytest.fixture", "@Override", "@staticmethod", "@media (max-width: 600px)", "@import"], "{}\n", "a {} line"),
    "package_version": _of(lambda rng: [f"{pick(rng, v.WORDS)}@{rng.randrange(1, 20)}.{rng.randrange(20)}.{rng.randrange(20)}", f"a@{rng.randrange(1, 9)}.{rng.randrange(9)}", f"@types/{pick(rng, v.WORDS)}@{rng.randrange(9)}.1.0", f"actions/checkout@v{rng.randrange(1, 6)}"], "npm i {}", "uses: {}", "with {}"),
    "price_at": _of(lambda rng: [f"{rng.randrange(2, 20)} @ {rng.randrange(1, 9)}.50", f"{rng.randrange(2, 20)}@{rng.randrange(1, 9)}.50", "@ 5pm", "@home"], "tickets {}", "{} ok"),
    "bad_address": _of(lambda rng: [f"{rng.randrange(256, 999)}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}", f"192.0.2.{rng.randrange(256, 999)}", f"192.0.2.{rng.randrange(256)}.7"], "{}", "host {}"),
    "network_range": _of(lambda rng: [f"{pick(rng, ['192.0.2', '198.51.100', '203.0.113'])}.0/24", "2001:db8::/32"], "the network {}", "range {}"),
    "wrong_check": _wrong_check,
    "schema_address": _of(lambda rng: [f"http://schemas.{v.host(rng)}/20{rng.randrange(10, 26)}/main", "http://www.w3.org/1999/xhtml", "http://www.w3.org/2001/XMLSchema-instance"], '<html xmlns="{}">', '<a:b xmlns:a="{}"/>', 'xmlns:x="{}"'),
    "abbreviation": _of(lambda rng: ["e.g.", "i.e.", "a.m.", "U.S.A.", "z.B.", "u.s.w.", "т.е.", "p.ej.", "o.a."], "{} here", "that is {} so"),
    "product_name": _of(lambda rng: ["Node.js", "ASP.NET", "Vue.js", ".NET", "Next.js", "Three.js", "iPhone 12", "SM-G991B", "Galaxy S21", "RTX 3080", "C++", "A4 80g"], "{}", "with {} only", "a new {}"),
    "sentence_dot": _of(lambda rng: [f"{pick(rng, v.WORDS)}.Nothing", f"{pick(rng, v.WORDS)}.Then", f"{pick(rng, v.WORDS)}.Thanks", f"{pick(rng, v.WORDS)}..{pick(rng, v.WORDS)}"], "by the {} after"),
    "and_or": _of(lambda rng: ["and/or", "km/h", "he/she", "src/main/bridge", "24/7", "n/a", "w/o", "Instagram/Facebook"], "{} too", "so {} then"),
    "card_number": _of(lambda rng: [f"4000 0000 0000 {rng.randrange(10000):04d}", "3782 822463 10005", "4242424242424242", "5555-5555-5555-4444"], "card {}", "paid by card {}", "card number: {}"),
    "epoch": _of(lambda rng: [str(rng.randrange(1_500_000_000, 1_800_000_000)), str(rng.randrange(1_500_000_000_000, 1_800_000_000_000))], "timestamp {}", '"ts":{}', "t={}"),
    "plus_number": _of(lambda rng: [f"+{rng.randrange(2, 99)}", f"+{digits(rng, 4)} points", f"+{rng.randrange(2, 99)}.{rng.randrange(9)} %", f"+{digits(rng, 6)}"], "{}", "score {}"),
    "postcode": _of(lambda rng: [f"EX{rng.randrange(1, 9)}{rng.randrange(9)} {rng.randrange(9)}AB", f"D-{digits(rng, 5)}", f"{digits(rng, 5)}-{digits(rng, 4)}"], "postcode {}", "{} Bridgetown"),
    "ticket": _of(lambda rng: [f"JIRA-{digits(rng, 4)}", f"KITE-{digits(rng, 3)}", f"#{digits(rng, 4)}", f"42/{digits(rng, 4)}/{rng.randrange(10, 27)}", f"RFC {digits(rng, 4)}"], "ticket {}", "see {}", "crime ref {}"),
    "duration": _of(lambda rng: [f"00:{rng.randrange(60):02d}:{rng.randrange(60):02d}:{rng.randrange(25):02d}", f"{rng.randrange(9)}h{rng.randrange(60):02d}", f"01:02:03:04:05:{rng.randrange(10)}", f"{rng.randrange(9)}:{rng.randrange(60):02d}.{rng.randrange(999):03d}"], "lap {}", "from {} on"),
    "key_id": _of(lambda rng: [v.some(rng, v.HEX.upper()[:16], 16)], "key id 0x{}", "PGP key {}"),
    "scope_operator": _of(_scope, "call {} here", "{}"),
    "vat_number": _of(lambda rng: [f"GB {digits(rng, 3)} {digits(rng, 4)} {digits(rng, 2)}", f"DE{digits(rng, 9)}", f"ATU{digits(rng, 8)}"], "VAT no. {}", "VAT {}", "USt-IdNr. {}"),
    "hash_tag": _of(lambda rng: [f"#{pick(rng, v.WORDS)}{rng.randrange(99)}"], "{}", "so nice {}"),
    "blob": _of(lambda rng: [b64encode(v.data(rng, 54)).decode()], "data:image/png;base64,{}", "\n{}\n"),
    "boundary": _of(lambda rng: [f"----=_Part_{digits(rng, 6)}_{digits(rng, 10)}.{digits(rng, 13)}"], 'boundary="{}"'),
}  # fmt: skip

DOUBTFUL: dict[str, Make] = {
    "full_commit": _of(lambda rng: [v.some(rng, v.HEX, 40)], "commit {}", "git checkout {}"),
    "certificate": _of(lambda rng: [":".join(v.some(rng, v.HEX.upper(), 2) for _ in range(20))], "certificate fingerprint {}"),
    "bare_plate": _of(lambda rng: [v.plate(rng)], "the {} was there", "saw {} again"),
    "private_address": _of(lambda rng: [f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}", f"192.168.{rng.randrange(9)}.{rng.randrange(1, 255)}"], "router {}", "{}"),
    "sentence_dot_country": _of(lambda rng: [f"{pick(rng, v.WORDS)}.{pick(rng, ['so', 'it', 'no', 'me', 'is', 'in'])}"], "by the {} then"),
    "card_and_expiry": _of(lambda rng: [f"4000 0000 0000 {rng.randrange(10000):04d} 12/29"], "{}"),
    "bare_long_number": _of(lambda rng: [digits(rng, 11), digits(rng, 13), digits(rng, 16)], "{}", "the number {} on it"),
    "name_of_platform_and_word": _of(lambda rng: ["on snap today", "telegram later", "insta story"], "{}"),
}  # fmt: skip
