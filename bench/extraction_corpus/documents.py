"""Documents of six sorts, each a mixture of clean text, identifiers and decoys of its own density."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from bench.extraction_corpus import values as v
from bench.extraction_corpus.decoys import DECOYS, DOUBTFUL, Lure, date, instant, time
from bench.extraction_corpus.forms import FORMS, Form, Written
from bench.extraction_corpus.sheet import Piece, Placed, Sheet, framed
from bench.extraction_corpus.values import pick

PHRASES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "phrases.toml").read_text("utf-8")
)
LANGUAGES = tuple(PHRASES)

#: How often a kind is drawn.
_KINDS = {
    "email": 14, "phone": 16, "ip": 11, "url": 12, "domain": 7, "handle": 8, "account": 9, "hash": 8, "wallet": 9, "bank_account": 6, "imei": 5,
    "imsi": 4, "mac": 5, "device": 5, "pgp": 4, "onion": 4, "vehicle": 4, "group": 4, "report_number": 4, "display_name": 2,
}  # fmt: skip
#: Heading of a column or name of a field; kind and form of what stands there; does it need the heading to be told?
_CELLS = (
    ("E-mail", "email", "plain", False), ("Phone", "phone", "international", False), ("Mobile", "phone", "compact", False),
    ("IP address", "ip", "v4", False), ("IPv6", "ip", "v6", False), ("IMEI", "imei", "named", False), ("IMSI", "imsi", "named", True),
    ("MAC", "mac", "colons", False), ("Registration", "vehicle", "named", True), ("Username", "handle", "named", True),
    ("Wallet", "wallet", "btc_segwit", False), ("MD5", "hash", "md5", False), ("SHA-256", "hash", "sha256", False), ("Domain", "domain", "plain", False),
    ("URL", "url", "plain", False), ("IBAN", "bank_account", "iban", False), ("IDFA", "device", "idfa", True), ("GAID", "device", "gaid", True),
    ("Account number", "bank_account", "number_named", True), ("Display name", "display_name", "quoted", True), ("CyberTip", "report_number", "ncmec", False),
    ("PGP fingerprint", "pgp", "compact_named", True), ("Onion", "onion", "v3", False),
)  # fmt: skip
_HEADERS = (
    "Subject: the bridge on sunday",
    "Subject: Re: timetable",
    "Subject: kite",
    "Subject: Fwd: minutes of the allotment meeting",
)
_ENDS = (".", "!", "?", "。", "।", "…")
_SPECIAL = 0.45  # of what is written in a mail or a language with forms of its own
_FEW = 0.03
_ENGLISH = 0.42
_DENSITIES = (0.0, 0.0, 0.08, 0.2, 0.35, 0.55, 0.8)
_WIDTH = 76


class _Deck:
    """Deals all its cards, then all again in another order: nothing is left out, however short the text."""

    def __init__(self, rng: Random, cards: list[Any]) -> None:
        self._rng, self._cards, self._left = rng, cards, list[Any]()

    def draw(self) -> Any:
        if not self._left:
            self._left = self._cards[:]
            self._rng.shuffle(self._left)
        return self._left.pop()


class Source:
    """Makes one document after another, from a seed. `country`: of the agency that reads them, for national numbers."""

    def __init__(self, seed: int, country: str = "GB") -> None:
        self.rng = Random(f"{seed}/{country}")  # noqa: S311 - the same text every time is what is wanted
        self.country = country
        self._decks: dict[tuple[str, str], _Deck] = {}
        self._decoys = _Deck(self.rng, list(DECOYS.items()))
        self._doubtful = _Deck(self.rng, list(DOUBTFUL.items()))
        self._genres = _Deck(self.rng, [_chat, _chat, _mail, _mail, _prose, _prose, _note, _provider, _table])
        self._cells = _Deck(self.rng, list(_CELLS))
        self._foreign = _Deck(self.rng, [*LANGUAGES[1:], "ar", "he"])

    def documents(self) -> Iterator[Sheet]:
        """Yield documents without end."""
        while True:
            language = "en" if self.rng.random() < _ENGLISH else self._foreign.draw()
            sheet = self._genres.draw()(Page(self, language, pick_one(self.rng, _DENSITIES)))
            sheet.write("\n")
            sheet.labels.size = len(sheet.text().encode())
            yield sheet

    def deck(self, kind: str, where: str) -> _Deck:
        """Return the forms of a kind (of every kind: "") that may stand there."""
        if (kind, where) not in self._decks:
            cards = [
                (one, name, form)
                for one, forms in FORMS.items()
                for name, form in forms.items()
                if form.where == where and kind in {one, ""}
            ]
            self._decks[kind, where] = _Deck(self.rng, cards)
        return self._decks[kind, where]


def pick_one(rng: Random, options: tuple[Any, ...]) -> Any:
    """Return one of the options."""
    return options[int(rng.random() * len(options))]


class Page:
    """What one document is made with: its language, its density, and the source's decks."""

    def __init__(self, source: Source, language: str, density: float) -> None:
        self.source, self.language, self.density = source, language, density
        self.rng = source.rng
        self.phrases = PHRASES[language]
        self._places = [where for where in self._special() if source.deck("", where)._cards]  # noqa: SLF001 - of this module
        self._words = [word for one in self.phrases["sentences"] for word in one.split()]

    def _special(self) -> list[str]:
        places = {
            "en": ["en"],
            "ar": ["rtl", "digits_ar"],
            "he": ["rtl", "prefix"],
            "hi": ["digits_hi"],
            "th": ["digits_th"],
        }.get(self.language, [])
        return [*places, *[where for where in ("tight", "suffix") if where in self.phrases]]

    def word(self) -> str:
        """Return a word of the language."""
        return pick(self.rng, self._words)

    def sentence(self) -> str:
        """Return a sentence in which there is nothing to find."""
        return pick(self.rng, self.phrases["sentences"])

    def say(self, *, breaking: str = "") -> list[Piece]:
        """Return the next thing that is said, by the document's density. `breaking`: where values go over a line's end."""
        roll = self.rng.random()
        if roll < self.density:
            return self.identifier(breaking)
        if roll < self.density + 0.14:
            return self.decoy()
        if roll < self.density + 0.16:
            return self.doubtful()
        return [self.sentence()]

    def identifier(self, breaking: str = "") -> list[Piece]:
        """Return an identifier in a frame of the language."""
        roll = self.rng.random()
        where = breaking if breaking and roll < _SPECIAL else ""
        share = _SPECIAL if self.language != "en" else _FEW
        if not where and self._places and self.rng.random() < share:
            where = pick(self.rng, self._places)
        if where:
            card = self.source.deck("", where).draw()
        else:
            kind = self.rng.choices(list(_KINDS), list(_KINDS.values()))[0]
            card = self.source.deck(kind, "any").draw()
        return self._framed(*card)

    def _framed(self, kind: str, name: str, form: Form) -> list[Piece]:
        written = form.make(self.rng)
        while form.where in {"mail", "quoted"} and not written.breaks:
            written = form.make(self.rng)
        is_read = form.country in {None, self.source.country}
        placed = Placed(
            written.raw,
            kind,
            written.value,
            name if is_read else "national_of_elsewhere",
            is_read,
            written.breaks,
        )
        frames, around = self._frames(form, written), written.around
        if form.where == "suffix":
            around = ("", pick(self.rng, self.phrases["suffix"]))
            frames = tuple(frame for frame in frames if not frame.partition("{}")[2][:1].isalnum())
        return framed(pick(self.rng, frames), placed, around)

    def _frames(self, form: Form, written: Written | Lure) -> tuple[str, ...]:
        if isinstance(written.frames, tuple):
            return written.frames
        phrases = self.phrases["tight"] if form.where == "tight" else self.phrases
        return tuple(phrases[written.frames])

    def decoy(self) -> list[Piece]:
        """Return something in which nothing must be found."""
        return self._lure(*self.source._decoys.draw(), is_counted=True)  # noqa: SLF001 - of this module

    def doubtful(self) -> list[Piece]:
        """Return something that nobody could decide."""
        return self._lure(*self.source._doubtful.draw(), is_counted=False)  # noqa: SLF001 - of this module

    def _lure(self, sort: str, make: Callable[[Random], Lure], *, is_counted: bool) -> list[Piece]:
        lure = make(self.rng)
        frames = lure.frames if isinstance(lure.frames, tuple) else tuple(self.phrases[lure.frames])
        return framed(pick(self.rng, frames), Placed(lure.raw, "", "", sort, is_counted))

    def lured(self, sort: str, text: str) -> Placed:
        """Return a text as a decoy of that class."""
        return Placed(text, "", "", sort)

    def cell(self, cell: tuple[str, str, str, bool], form: str) -> Placed:
        """Return the plain value for a column or a field."""
        _, kind, name, _ = cell
        written = FORMS[kind][name].make(self.rng)
        return Placed(written.raw, kind, written.value, form)

    def between(self, pieces: list[Piece]) -> list[Piece]:
        """Return the pieces with what ends a sentence after them."""
        if isinstance(pieces[-1], str) and pieces[-1].rstrip().endswith(_ENDS):
            return [*pieces, " "]
        return [*pieces, pick(self.rng, [". ", ". ", ", ", " – "])]


def _sentences(page: Page, most: int, breaking: str = "") -> list[list[Piece]]:
    """Return some sentences, each with what ends it."""
    said = [page.between(page.say(breaking=breaking)) for _ in range(page.rng.randrange(1, most))]
    last = said[-1].pop()
    said[-1].append(last.rstrip(" ,–") if isinstance(last, str) else last)
    return said


def _spoken(page: Page, most: int) -> list[Piece]:
    """Return some sentences in a row."""
    return [piece for sentence in _sentences(page, most) for piece in sentence]


def _chat(page: Page) -> Sheet:
    sheet, rng = Sheet(), page.rng
    style = rng.randrange(4)
    people = [v.shown_name(rng) if style < 2 else v.nickname(rng) for _ in range(rng.randrange(2, 5))]  # noqa: PLR2004 - the first two styles
    for _ in range(rng.randrange(6, 24)):
        who = Placed(pick(rng, people), "", "", "chat_sender", is_counted=False)
        heads: tuple[list[Piece], ...] = (
            ["[", page.lured("instant", instant(rng)), "] ", who, ": "],
            [page.lured("instant", instant(rng)), " - ", who, ": "],
            ["[", page.lured("time", time(rng)), "] <", who, "> "],
            [who, ": "],
        )
        sheet.write(*heads[style], *_spoken(page, 4), "\n")
    return sheet


def _mail(page: Page) -> Sheet:
    rng = page.rng
    sheet = Sheet(pick(rng, ["\n", "\n", "\n", "\r\n"]))
    for head in ("From", "To"):
        name, address = v.shown_name(rng), v.email(rng)
        shown = Placed(name, "display_name", name.lower(), "mail_header")
        sheet.write(
            f"{head}: ",
            *pick_one(rng, (("", shown, " <"), ('"', shown, '" <'))),
            Placed(address, "email", address, "mail_header"),
            ">\n",
        )
    sheet.write(
        "Date: ",
        page.lured(
            "instant",
            f"Tue, {rng.randrange(10, 28)} Oct 2025 {rng.randrange(10, 23)}:{rng.randrange(10, 60)}:00 +0000",
        ),
        "\n",
    )
    sheet.write(
        pick(rng, _HEADERS), "\nMessage-ID: ", page.lured("message_id", DECOYS["message_id"](rng).raw), "\n\n"
    )
    for _ in range(rng.randrange(1, 3)):
        sheet.wrap(_sentences(page, 6, "mail"), width=_WIDTH, prefix="", filler=page.word)
        sheet.write("\n")
    if rng.random() < 0.6:  # noqa: PLR2004 - most answers quote
        prefix = pick(rng, ["> ", "> ", ">", "> > "])
        address = v.email(rng)
        sheet.write(
            "On ",
            page.lured("date", "21 Oct 2025"),
            ", ",
            Placed("Old Heron", "", "", "name_beside_address", is_counted=False),
            " <",
            Placed(address, "email", address, "mail_header"),
            "> wrote:\n",
        )
        for _ in range(rng.randrange(1, 4)):
            sheet.wrap(_sentences(page, 5, "quoted"), width=_WIDTH, prefix=prefix, filler=page.word)
            sheet.write(f"{prefix.rstrip()}\n")
    return sheet


def _prose(page: Page) -> Sheet:
    sheet = Sheet()
    for _ in range(page.rng.randrange(2, 6)):
        sheet.write(*_spoken(page, 9), "\n\n")
    return sheet


def _note(page: Page) -> Sheet:
    sheet, rng = Sheet(), page.rng
    sheet.write("Note of enquiry, ", page.lured("date", date(rng)), "\n")
    for number in range(1, rng.randrange(4, 12)):
        bullet = pick(rng, [f"{number}. ", f"{number}) ", "- ", f"{number}.{rng.randrange(1, 9)} "])
        sheet.write(bullet, *_spoken(page, 5), "\n")
    return sheet


def _provider(page: Page) -> Sheet:
    sheet, rng = Sheet(), page.rng
    sheet.write(
        f"{pick(rng, ['Kite Chat', 'OtherApp Ltd', 'ExampleChat Inc.'])} - Subscriber information\nGenerated: ",
        page.lured("instant", instant(rng)),
        "\n",
    )
    sheet.write("Record: ", page.lured("record_guid", v.uuid(rng)), "\n")
    for _ in range(rng.randrange(3, 14)):
        if rng.random() < 0.25 + page.density:
            cell = page.source._cells.draw()  # noqa: SLF001 - of this module
            sheet.write(
                f"{cell[0]}: ", page.cell(cell, "provider_field"), pick(rng, ["", "", " (Verified)"]), "\n"
            )
        else:
            sheet.write(
                pick(rng, ["Created: ", "Last seen: ", "Closed: "]), page.lured("instant", instant(rng)), "\n"
            )
    for _ in range(rng.randrange(0, 12)):
        address = v.ipv4(rng) if rng.random() < 0.6 else v.ipv6(rng)[1]  # noqa: PLR2004
        port = f"  {rng.randrange(1024, 65536)}" if rng.random() < 0.5 else ""  # noqa: PLR2004
        sheet.write(
            page.lured("instant", instant(rng)),
            "  ",
            Placed(address, "ip", address, "log_line"),
            f"{port}  {pick(rng, ['LOGIN', 'LOGOUT', 'UPLOAD'])}\n",
        )
    return sheet


def _table(page: Page) -> Sheet:
    sheet, rng = Sheet(), page.rng
    cells = [page.source._cells.draw() for _ in range(rng.randrange(1, 3))]  # noqa: SLF001 - of this module
    heads = ["When", *(cell[0] for cell in cells), "Order", "Remark"]
    between = pick(rng, [" | ", "\t", "   ", "; "])
    sheet.write(between.join(heads), "\n")
    if between == " | ":
        sheet.write("-" * 60, "\n")
    for _ in range(rng.randrange(3, 20)):
        sheet.write(
            page.lured(
                "instant", f"2025-10-{rng.randrange(10, 31)} {rng.randrange(10, 24)}:{rng.randrange(10, 60)}"
            )
        )
        for cell in cells:
            placed = page.cell(cell, "table_headed" if cell[3] else "table_cell")
            sheet.write(between, placed, " " * max(0, 18 - len(placed.raw)) if between == "   " else "")
        sheet.write(
            between,
            page.lured("order_number", v.digits(rng, rng.randrange(6, 12))),
            between,
            f"{page.word()} {page.word()}",
            "\n",
        )
    return sheet
