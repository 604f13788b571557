"""What a source states is found again, value for value, at the place its locator names.

The way back is written here once more, with other libraries than the sources use, from the words of the place alone.
"""

import base64
import csv
import email
import hashlib
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from email.policy import default
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from lxml import etree, html

from cets.domains.intake import sources
from cets.domains.intake.rows import Sighting
from cets.domains.intake.sources.text import decoding
from contracts.test_sources import CONTAINERS, EXAMPLES, read

#: Rows that say who by the number of a row elsewhere: table and column, and the table and column it points to.
JOINS = {
    "visits": [("url", "urls", "id")],
    "keyword_search_terms": [("url_id", "urls", "id")],
    "downloads": [("id", "downloads_url_chains", "id")],
    "moz_historyvisits": [("place_id", "moz_places", "id")],
    "moz_bookmarks": [("fk", "moz_places", "id")],
    "moz_places_metadata": [("place_id", "moz_places", "id")],
    "moz_inputhistory": [("place_id", "moz_places", "id")],
    "moz_annos": [("place_id", "moz_places", "id")],
    "history_visits": [("history_item", "history_items", "id")],
    "pdu": [("_id", "addr", "msg_id"), ("_id", "part", "mid"), ("thread_id", "threads", "_id")],
    "sms": [("thread_id", "threads", "_id")],
    "threads": [("recipient_ids", "canonical_addresses", "_id")],
    "raw_contacts": [("_id", "data", "raw_contact_id")],
    "message": [
        ("handle_id", "handle", "rowid"),
        ("other_handle", "handle", "rowid"),
        ("rowid", "message_attachment_join", "message_id"),
        ("rowid", "chat_message_join", "message_id"),
    ],
    "chat_message_join": [("chat_id", "chat", "rowid"), ("chat_id", "chat_handle_join", "chat_id")],
    "chat_handle_join": [("handle_id", "handle", "rowid")],
    "message_attachment_join": [("attachment_id", "attachment", "rowid")],
    "zcallrecord": [("z_pk", "z_2remoteparticipanthandles", "z_2remoteparticipantcalls"), ("zparticipant", "zhandle", "z_pk")],
    "z_2remoteparticipanthandles": [("z_4remoteparticipanthandles", "zhandle", "z_pk")],
    "abperson": [("rowid", "abmultivalue", "record_id")],
    "abmultivalue": [("record_id", "abmultivalue", "record_id"), ("uid", "abmultivalueentry", "parent_id")],
    "abmultivalueentry": [("key", "abmultivalueentrykey", "rowid")],
    "messages": [("conversation_id", "conversations", "conversation_id"), ("convo_id", "conversations", "id")],
}  # fmt: skip
DEPTH = 3
_TABLE = re.compile(r"row (\d+) of table (\w+)(?: of person)?(?:, column (.+))?")
_STEP = re.compile(r"^(.+?)(?:\[(\d+)\])?$")


def parts_of(pattern: str | re.Pattern[str], place: str) -> Any:
    """Return the groups of a place that must have this form."""
    found = re.search(pattern, place)
    assert found, place
    return found.groups()


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def decoded(data: bytes) -> str:
    text = data.decode(decoding.detect(io.BytesIO(data)).name, "replace").lstrip("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def words(value: Any) -> Iterator[str]:
    """Yield every key and value below a JSON value."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from words(one)
    elif isinstance(value, list):
        for one in value:
            yield from words(one)
    elif value is not None:
        yield str(value)


def mended(text: str) -> str:
    """UTF-8 that was written as Latin-1, as Meta's exports are."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def by_id(value: Any, found: dict[str, Any]) -> dict[str, Any]:
    """Return the objects of a graph by their numbers, which others refer to."""
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        by_id(one, found)
    for key in ("id", "@id"):
        if isinstance(value, dict) and isinstance(value.get(key), str):
            found[value[key]] = max(
                found.get(value[key], value), value, key=len
            )  # a reference holds no more than it
    return found


def referred_to(value: Any, graph: dict[str, Any], depth: int = 5) -> Iterator[str]:
    for word in words(value):
        yield word
        if depth and word in graph and graph[word] is not value:
            yield from referred_to(graph[word], graph, depth - 1)


def json_place(data: bytes, place: str) -> str:
    number, pointer = 1, place
    if many := re.fullmatch(r"value (\d+):(.*)", place):
        number, pointer = int(many[1]), many[2]
    pointer = re.split(r", (?:column |line |beside it|\w+$)", pointer)[0]
    value: Any = None
    text, at = decoded(data), 0
    found_key = ""
    for _ in range(number):
        value, end = json.JSONDecoder().raw_decode(text[at:].lstrip())
        at += len(text[at:]) - len(text[at:].lstrip()) + end
    graph, way = by_id(value, {}), []
    for step in pointer.split("/")[1:] if pointer != "/" else []:
        key = step.replace("~1", "/").replace("~0", "~")
        way.append(value)
        if isinstance(value, list):
            value = value[int(key)]
        else:
            key = key if key in value else next(one for one in value if one.casefold() == key.casefold())
            value = value[key]
            found_key = key
    found = [*referred_to(value, graph), *([found_key] if way else [])]
    if re.search(r"/Identifiers/\d+/Events/\d+$", pointer):  # of VICS: whose event it is, is said above it
        found += words(way[-2])
    return "\n".join([*found, *(mended(one) for one in found), *(unescape(one) for one in found)])


def xml_place(data: bytes, place: str) -> str:
    text = re.sub(r"^\s*<\?xml.*?\?>", "", decoded(data))  # the encoding that it names may not be its own
    nodes = [etree.fromstring(text)]
    for depth, step in enumerate(place.split(" > ", maxsplit=1)[0].strip("/").split("/")):
        name, number = parts_of(_STEP, step)
        near = (
            nodes if not depth else [child for node in nodes for child in node if isinstance(child.tag, str)]
        )
        nodes = [node for node in near if etree.QName(node).localname == name]
        if number:
            nodes = [nodes[int(number) - 1]]
    return "\n".join(_of_node(node) for node in nodes)


def _of_node(node: Any) -> str:
    attributes = [value for one in node.iter() for value in one.attrib.values()]
    contents = [base64.b64decode(one.get("data")) for one in node.iter("part") if one.get("data")]
    hashed = [hashlib.new(name, raw).hexdigest() for raw in contents for name in ("md5", "sha1", "sha256")]
    return "\n".join([*node.itertext(), *attributes, *hashed])


def cellebrite_place(data: bytes, place: str) -> str:
    if place.startswith("/"):
        return xml_place(data, place)
    sort, key = place.split(" ", 1)
    (node,) = (
        one for one in etree.fromstring(data).iter() if (one.get("type"), one.get("id")) == (sort, key)
    )
    return _of_node(node)


def sqlite_place(path: Path, place: str) -> str:
    number, table, column = parts_of(_TABLE, place)
    with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as database:
        database.row_factory = sqlite3.Row
        database.text_factory = lambda text: text.decode("utf-8", "replace")
        name = next(
            name
            for (name,) in database.execute("select name from sqlite_master")
            if name.lower() == table.lower()
        )
        (row,) = database.execute(f'select rowid, * from "{name}" where rowid = ?', [number]).fetchall()
        if column:
            return str(row[column])
        return "\n".join(_joined(database, name.lower(), row, DEPTH))


def _joined(database: sqlite3.Connection, table: str, row: sqlite3.Row, depth: int) -> Iterator[str]:
    for value in row:
        yield f"{value.decode('utf-8', 'ignore')} {value.hex()}" if isinstance(value, bytes) else str(value)
    names = {key.lower(): key for key in row.keys()}  # noqa: SIM118 - a row is no mapping
    tables = {name.lower(): name for (name,) in database.execute("select name from sqlite_master")}
    for own, other, column in JOINS.get(table, []) if depth else []:
        if own not in names or other not in tables or row[names[own]] is None:
            continue
        try:
            there = database.execute(
                f'select rowid, * from "{tables[other]}" where "{column}" in (select value from json_each(?))',
                [json.dumps([*re.findall(r"\d+", str(row[names[own]])), row[names[own]]])],
            ).fetchall()
        except sqlite3.OperationalError:
            continue
        for one in there:
            yield from _joined(database, other, one, depth - 1)


def line_place(data: bytes, place: str) -> str:
    first, last = parts_of(r"lines? (\d+)(?: to (\d+))?", place)
    return "\n".join(decoded(data).split("\n")[int(first) - 1 : int(last or first)])


def row_place(data: bytes, place: str) -> str:
    """A row of a CSV file, counted as the lines of a table are, headings and all; a column of it where one is named."""
    text = decoded(data)
    sign = max(",;\t|", key=text.count)
    reader = csv.reader(io.StringIO(text), delimiter=sign)
    rows = list(reader)
    if above := re.match(r"above row (\d+)", place):
        return "\n".join(cell for row in rows[: int(above[1]) - 1] for cell in row)
    number, column = parts_of(r"row (\d+)(?:, column (.+))?", place)
    row = rows[int(number) - 1]
    if not column:
        return "\n".join(row)
    heads = [
        index
        for above in reversed(rows[: int(number) - 1])
        for index, cell in enumerate(above)
        if squeezed(cell) == column
    ]
    assert heads, place
    return row[heads[0]]


def snap_place(data: bytes, place: str) -> str:
    """A line of a return of Snap, with the headings of its table, which stand below the last line of signs."""
    place = place.partition("”, ")[2] or place
    number = int(parts_of(r"row (\d+)", place)[0])
    lines = decoded(data).split("\n")
    if place.startswith("above"):
        return "\n".join(lines[: number - 1])
    start = max(at for at, line in enumerate(lines[:number]) if set(line) == {"="})
    row = next(csv.DictReader([lines[start + 1], lines[number - 1]]))
    column = place.partition(", column ")[2].removeprefix("Snapchat ")
    return row[column] if column else "\n".join(row.values())


def sheet_place(data: bytes, place: str) -> str:
    sheet, number, column = parts_of(r"sheet “(.+)”, row (\d+), column (.+)", place)
    rows = list(openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True))
    heads = [
        index
        for above in reversed(rows[: int(number) - 1])
        for index, cell in enumerate(above)
        if str(cell) == column
    ]
    return str(rows[int(number) - 1][heads[0]])


def page_place(data: bytes, place: str) -> str:
    page, line, link = parts_of(r"page (\d+), (?:line (\d+)|link (\d+))", place)
    if link:
        return data.decode("latin-1")
    text: str = pypdfium2.PdfDocument(data)[int(page) - 1].get_textpage().get_text_range()
    return text.replace("\r\n", "\n").split("\n")[int(line) - 1]


def character_place(data: bytes, place: str) -> str:
    at = int(place.rpartition(", character ")[2])
    return "".join(html.fromstring(f"<div>{decoded(data)[at - 1 : at + 400]}</div>").itertext())


def mails(whole: Any) -> Iterator[Any]:
    """Yield a mail and those that it forwards, in the order in which they stand."""
    yield whole
    for part in whole.walk():
        if part is not whole and part.get_content_type() == "message/rfc822":
            yield from part.get_payload()


def mail_place(name: str, data: bytes, place: str) -> str:
    texts = re.split(rb"(?m)^From .*\n(?=[\w-]+:)", data)[1:] if name == "mbox" else [data]
    all_mails = [mail for text in texts for mail in mails(email.message_from_bytes(text, policy=default))]
    number, header, attachment = parts_of(
        r"^message (\d+)(?:, header ([\w-]+?)(?: \d+)?|, attachment (\d+)|, HTML part)?$", place
    )
    mail = all_mails[int(number) - 1]
    if header:
        return "\n".join(str(one) for one in mail.get_all(header, []))
    if attachment:
        return "\n".join(
            hashlib.new(sort, part.get_payload(decode=True) or b"").hexdigest()
            for part in mail.walk()
            for sort in ("md5", "sha1", "sha256")
        )
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join(
        "".join(html.fromstring(f"<div>{part.get_content()}</div>").itertext())
        + part.get_content().replace("&amp;", "&")
        for part in parts
    )


#: A message of a chat begins with its time.
_CHAT_HEAD = re.compile(r"(?m)^[\u200e\u200f]?\[?\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4},? ")


def chat_place(data: bytes, place: str) -> str:
    text = decoded(data)
    heads = [found.start() for found in _CHAT_HEAD.finditer(text)] + [len(text)]
    number = int(parts_of(r"message (\d+)", place)[0])
    return text[heads[number - 1] : heads[number]]


def activity_place(data: bytes, place: str) -> str:
    cells = html.fromstring(decoded(data)).xpath("//div[contains(@class, 'outer-cell')]")
    return _of_node(cells[int(place.removeprefix("entry ")) - 1])


def element_place(data: bytes, place: str) -> str:
    """An element of a page, by the mark to which a browser jumps or by the character at which it begins."""
    text = decoded(data)
    if place.startswith("#"):
        return _of_node(next(one for one in html.fromstring(text).iter() if one.get("id") == place[1:]))
    rest = text[int(place.removeprefix("character ")) - 1 :]
    return _of_node(html.fromstring(f"<div>{rest}</div>")[0])


def written_at(name: str, path: Path, place: str) -> str:
    """Return what stands in the original at a place, as a person would look it up."""
    data = path.read_bytes()
    ways: list[tuple[str, Callable[[], str]]] = [
        (r"row \d+ of table .+", lambda: sqlite_place(path, place)),
        (r"(?:value \d+:|/|(?=$)).*", lambda: json_place(data, place) if data.lstrip(b"\xef\xbb\xbf \n")[:1] in b"{[" else xml_place(data, place)),
        (r".*page \d+, .+", lambda: page_place(data, place)),
        (r"#.+|character \d+", lambda: element_place(data, place)),
        (r".+, character \d+", lambda: character_place(data, place)),
        (r"lines? \d+.*", lambda: line_place(data, place)),
        (r"entry \d+", lambda: activity_place(data, place)),
        (r"sheet “.+", lambda: sheet_place(data, place)),
        (r"(?:above )?row \d+.*", lambda: row_place(data, place)),
        (r"message \d+.*", lambda: mail_place(name, data, place) if name in ("eml", "mbox") else chat_place(data, place)),
    ]  # fmt: skip
    own = {"cellebrite_xml": cellebrite_place, "snap_return": snap_place}
    if name in own:
        return own[name](data, place)
    return next(way for pattern, way in ways if re.fullmatch(pattern, place))()


#: Packed streams, and what is in a file within: their own tests look there.
ELSEWHERE = (*CONTAINERS, "msg")


@pytest.mark.parametrize(("name", "path"), [one for one in EXAMPLES if one.values[0] not in ELSEWHERE])
def test_every_place_leads_back_to_what_was_stated(name: str, path: Path) -> None:
    rows = read(sources.all_sources()[name], path.read_bytes())
    stated = [(row.value.raw, row.place) for row in rows if isinstance(row, Sighting)]
    lost = []
    for raw, place in stated:
        there = squeezed(written_at(name, path, place))
        if not all(word in there for word in re.split(r"[ #(]|[,:] ", squeezed(raw))):
            lost.append((raw, place, there[:300]))
    assert lost == []
