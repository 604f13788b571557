"""The address book of an iPhone (`AddressBook.sqlitedb`): who is in it, with numbers, addresses, accounts and notes."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from cets.domains.intake.apple_times import read_cell, shown
from cets.domains.intake.reading import shorten
from cets.domains.intake.rows import AnyRow, Person
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sqlite_file import Cell, Database, Record, read_database
from cets.domains.intake.sqlite_head import has_tables
from cets.domains.intake.traces import Traces, fact, is_number, leads_out

_NAMES = ("prefix", "first", "middle", "last", "suffix")
_PEOPLE = (
    "rowid", *_NAMES, "nickname", "organization", "department", "jobtitle", "note", "birthday", "displayname", "creationdate",
    "modificationdate", "kind", "previousfamilyname",
)  # fmt: skip
_VALUES = ("uid", "record_id", "property", "label", "value")
_ENTRIES = ("parent_id", "key", "value")
_READ = {
    "abperson": (
        *_PEOPLE, "firstphonetic", "middlephonetic", "lastphonetic", "firstsort", "lastsort", "compositenamefallback", "externalidentifier",
        "externalmodificationtag", "externaluuid", "storeid", "externalrepresentation", "firstsortsection", "lastsortsection",
        "firstsortlanguageindex", "lastsortlanguageindex", "personlink", "imageuri", "ispreferredname", "guid", "phonemedata",
        "alternatebirthday", "mapsdata", "firstpronunciation", "middlepronunciation", "lastpronunciation", "organizationphonetic",
        "organizationpronunciation", "previousfamilynamesort", "preferredlikenesssource", "preferredpersonaidentifier",
        "preferredchannel", "addressinggrammar", "imagetype", "imagehash", "memoji", "wallpaper", "imagebackgroundcolors",
        "wallpaperuri", "sensitivecontent", "downtimewhitelist", "sharedphotodisplaypref", "watchwallpaperimagedata",
    ),
    "abmultivalue": (*_VALUES, "identifier", "guid"),
    "abmultivalueentry": _ENTRIES,
    "abmultivaluelabel": ("value",),
    "abmultivalueentrykey": ("value",),
}  # fmt: skip
#: Made from the rest to sort and to search, and the book-keeping of accounts and groups.
_KNOWN = frozenset(
    {
        "abstore", "abaccount", "abgroup", "abgroupmembers", "abgroupchanges", "abpersonchanges", "abpersonmultivaluedeletes", "abpersonlink",
        "abphonelastfour", "abpersonbasicchanges", "abpersonsmartdialermapping", "abrecent", "_sqlitedatabaseproperties", "sqlite_sequence",
        "sqlite_stat1", "firstsortsectioncount", "lastsortsectioncount", "firstsortsectioncounttotal", "lastsortsectioncounttotal",
        "abpersonfulltextsearch_segments", "abpersonfulltextsearch_segdir", "abpersonfulltextsearch_content",
        "abpersonfulltextsearch_docsize", "abpersonfulltextsearch_stat", "abpersonsearchkey",
    }
)  # fmt: skip
_PHONE, _MAIL, _ADDRESS, _DATE, _CHAT, _SITE, _RELATED, _PROFILE = 3, 4, 5, 12, 13, 22, 23, 46
_LABELS = {
    _PHONE: "telephone", _MAIL: "e-mail", _ADDRESS: "address", _DATE: "date", _CHAT: "chat", _SITE: "website", _RELATED: "relation",
    _PROFILE: "profile",
}  # fmt: skip
#: A birthday without its year stands in this one.
_NO_YEAR = 1604
_MOST_VALUES = 500
_NAMED = 2_000


class _Entry(msgspec.Struct, frozen=True):
    """One value of a contact; `kind`: of the identifier that it is."""

    label: str
    text: str
    kind: str = ""
    read_as: str = ""


class IosContacts(Source):
    name = "ios_contacts"
    caption = "iPhone contacts"
    version = "1"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        return 0.95 if has_tables(head, "abperson", "abmultivalue") else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from read_database(file, options, _all)


def _all(database: Database, traces: Traces) -> Iterator[AnyRow]:
    book = _Book(database)
    for row in database.rows("abperson", _PEOPLE):
        yield from _contact(row, traces, book.entries(row.row))
    for owner, first in book.left():  # whose contact is gone
        entries = book.entries(owner)
        gone = Record("abmultivalue", first, {})
        yield from _contact(gone, traces, entries, note=fact("contact", "no longer in the address book"))
    yield from database.rest(_READ, _KNOWN)


class _Book:
    """The values of each person, gathered by her number."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._labels = {row.row: row.text("value") for row in database.rows("abmultivaluelabel", ("value",))}
        self._keys = {row.row: row.text("value") for row in database.rows("abmultivalueentrykey", ("value",))}
        self._parts: dict[int | None, list[tuple[str, str]]] = {}
        for row in database.rows("abmultivalueentry", _ENTRIES):
            key = self._keys.get(row.number("key") or 0, "")
            self._parts.setdefault(row.number("parent_id"), []).append((key, row.text("value")))
        self._values: dict[int, list[int]] = {}
        for row in database.rows("abmultivalue", ("record_id",)):
            self._values.setdefault(row.number("record_id") or 0, []).append(row.row)

    def entries(self, person: int) -> list[_Entry]:
        found = [
            self._database.get("abmultivalue", number, _VALUES, key="uid")
            for number in self._values.pop(person, [])[:_MOST_VALUES]
        ]
        return [entry for row in found if row for entry in self._entry(row)]

    def left(self) -> list[tuple[int, int]]:
        """Return each person whose values were not asked for, with the first row of them."""
        return sorted((owner, rows[0]) for owner, rows in self._values.items())

    def _entry(self, row: Record) -> Iterator[_Entry]:
        sort = row.number("property") or 0
        own = self._labels.get(row.number("label") or 0, "").removeprefix("_$!<").removesuffix(">!$_").lower()
        label = ", ".join(filter(None, (_LABELS.get(sort, f"property {sort}"), own)))
        parts = {key.lower(): value for key, value in self._parts.get(row.number("uid"), []) if value}
        text = row.text("value").strip()
        if sort in (_CHAT, _PROFILE):
            yield _account(label, parts)
        elif sort == _DATE:
            yield _Entry(label, _day(row["value"]))
        elif parts:
            yield _Entry(label, ", ".join(f"{value}" for value in parts.values()))
        elif text:
            is_what = {_PHONE: is_number(text), _MAIL: "@" in text, _SITE: leads_out(text)}.get(sort, False)
            yield _Entry(
                label, text, {_PHONE: "phone", _MAIL: "email", _SITE: "url"}[sort] if is_what else ""
            )


def _account(label: str, parts: dict[str, str]) -> _Entry:
    """Return the account that a chat name or a profile is: its platform stands beside it."""
    service = parts.get("service", "")
    name = parts.get("username", "")
    text = ", ".join(f"{key}: {value}" for key, value in parts.items())
    return _Entry(label, text, "account", f"{service}/{name}") if service and name else _Entry(label, text)


def _day(cell: Cell) -> str:
    when = read_cell(cell)
    if when is None or when.instant is None:
        return when.raw if when else ""
    return f"{when.instant:--%m-%d}" if when.instant.year == _NO_YEAR else f"{when.instant:%Y-%m-%d}"


def _contact(
    row: Record, traces: Traces, entries: list[_Entry], *, note: tuple[tuple[str, str], ...] = ()
) -> Iterator[AnyRow]:
    full = " ".join(filter(None, map(row.text, _NAMES)))
    names = tuple(dict.fromkeys(filter(None, (full, row.text("displayname"), row.text("nickname")))))
    name = next(iter(names), "") or row.text("organization")
    key = f"contact {row.row}" if row.cells else f"gone contact {row.row}"
    birth = _day(row["birthday"])
    facts = (*((entry.label, shorten(entry.text, _NAMED)) for entry in entries if entry.text), *_work(row))
    yield Person(key=key, role="unknown", place=row.place, names=names, birth_date=birth or None, facts=facts)
    declared = [(entry.kind, entry.read_as or entry.text, entry.text) for entry in entries if entry.kind]
    declared += [
        ("display_name", one, one) for one in names if any(map(str.isalnum, one)) and not is_number(one)
    ]
    yield from traces.add(
        "contact", place=row.place, text=name, person=key, declared=declared,
        counterparts=tuple(dict.fromkeys(entry.text for entry in entries if entry.kind)),
        facts=(
            *((entry.label, shorten(entry.text, _NAMED)) for entry in entries if not entry.kind and entry.text), *_work(row),
            *fact("date of birth", birth), *fact("created", shown(row, "creationdate")), *fact("changed", shown(row, "modificationdate")), *note,
        ),
    )  # fmt: skip
    if row.text("note"):
        yield from traces.reader.free_text(
            row.text("note"), place=f"{row.place}, column note", label="note on a contact", person=key
        )


def _work(row: Record) -> Iterator[tuple[str, str]]:
    for label, column in (
        ("organisation", "organization"), ("department", "department"), ("work", "jobtitle"), ("former name", "previousfamilyname"),
    ):  # fmt: skip
        yield from fact(label, row.text(column))
