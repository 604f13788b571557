"""Backups of "SMS Backup & Restore": which way messages and calls went, when, with whom, and what was attached."""

import base64
import hashlib
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from cets.domains.intake import sources
from cets.domains.intake.rows import (
    AnyRow,
    Failed,
    FreeText,
    Message,
    NotUnderstood,
    Person,
    Sighting,
    Trace,
)
from cets.domains.intake.sources.base import Options
from cets.domains.intake.sources.sms_backup.contents import Contents

EXAMPLES = Path(sources.__file__).parent / "sms_backup" / "examples"
KESTREL, WREN, OWN = "+447700900142", "+447700900188", "+447700900101"
NOON = 1776081600000


def read(data: bytes | str, options: Options | None = None) -> list[AnyRow]:
    raw = data.encode() if isinstance(data, str) else data
    source = sources.all_sources()["sms_backup"]
    return list(source.read(io.BytesIO(raw), options or Options(country="GB")))


def recognised(data: str) -> str | None:
    raw = data.encode()
    found = sources.recognise(sources.head_of(io.BytesIO(raw), len(raw)), len(raw))
    return found.name if found else None


def attributes(fields: dict[str, Any]) -> str:
    return " ".join(f"{name}={quoteattr(str(value))}" for name, value in fields.items())


def sms(**fields: Any) -> str:
    whole = {"address": KESTREL, "date": NOON, "type": 1, "body": "hello", "contact_name": "(Unknown)"}
    return f"<sms {attributes(whole | fields)} />"


def mms(*parts: str, addresses: dict[str, int] | None = None, **fields: Any) -> str:
    whole = {"address": KESTREL, "date": NOON, "msg_box": 1, "m_type": 132, "contact_name": "null"}
    addrs = "".join(f'<addr address="{a}" type="{t}" charset="106"/>' for a, t in (addresses or {}).items())
    inside = f"<parts>{''.join(parts)}</parts><addrs>{addrs}</addrs>"
    return f"<mms {attributes(whole | fields)}>{inside}</mms>"


def part(raw: bytes, kind: str = "image/png", name: str = "pattern.png") -> str:
    return f'<part seq="0" ct="{kind}" name="{name}" text="null" data="{base64.b64encode(raw).decode()}" />'


def text_part(text: str) -> str:
    return f'<part seq="0" ct="text/plain" name="null" text={quoteattr(text)} />'


def backup(*entries: str, count: int | None = None) -> str:
    number = len(entries) if count is None else count
    return f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"{number}\">{''.join(entries)}</smses>"


def calls(*entries: dict[str, Any]) -> str:
    inside = "".join(f"<call {attributes(one)} />" for one in entries)
    return f'<?xml version="1.0" encoding="UTF-8"?><calls count="{len(entries)}">{inside}</calls>'


def messages(rows: list[AnyRow]) -> list[Message]:
    return [row for row in rows if isinstance(row, Message)]


def values(rows: list[AnyRow], kind: str) -> list[str]:
    return [row.value.value for row in rows if isinstance(row, Sighting) and row.value.kind == kind]


def said(rows: list[AnyRow]) -> list[str]:
    return [row.text for row in rows if isinstance(row, NotUnderstood)] + [
        row.reason for row in rows if isinstance(row, Failed)
    ]


@pytest.mark.parametrize(
    "data",
    [
        backup(),
        backup(sms()),
        f"<smses>{sms()}</smses>",
        f"<!--made - by an app--><?xml-stylesheet href='a.xsl'?>\n<smses count='1'>{sms()}</smses>",
        calls(),
        f'<calls><call number="{KESTREL}" date="{NOON}" type="1" duration="2"/></calls>',
    ],
)
def test_it_is_told_by_its_content(data: str) -> None:
    assert recognised(data) == "sms_backup"


@pytest.mark.parametrize(
    "data",
    [
        "<smses><note>x</note></smses>",
        "<calls><call to='x'/></calls>",
        "<R><smses count='1'/></R>",
        "a text that says <smses count='1'>",
    ],
)
def test_it_takes_no_other(data: str) -> None:
    assert recognised(data) != "sms_backup"


def test_the_examples_are_read_whole_and_leave_nothing() -> None:
    rows = read((EXAMPLES / "sms-20260418.xml").read_bytes())
    assert said(rows) == []
    came, went, picture, both = messages(rows)
    assert (came.sender, came.recipients, came.thread) == (KESTREL, (), KESTREL)
    assert came.text == "are you there 😀 write to kestrel@mail.example"
    assert came.sent_at
    assert came.sent_at.instant == datetime(2026, 4, 13, 20, 1, 10, tzinfo=UTC)
    assert (went.sender, went.recipients) == ("owner of the phone", (KESTREL,))
    assert (picture.sender, picture.recipients) == (KESTREL, ())
    assert picture.text == "the pattern I told you of"
    assert picture.attachments == ("pattern.png (image/png, 67 bytes)",)
    assert ("sent", "2026-04-13 20:03:18 UTC") in picture.headers
    assert (both.sender, both.recipients, both.subject) == ("owner of the phone", (KESTREL, WREN), "Meeting")
    assert values(rows, "email") == ["kestrel@mail.example"]
    assert values(rows, "ip") == ["192.0.2.17"]
    assert len(values(rows, "hash")) == 3
    (kestrel,) = [row for row in rows if isinstance(row, Person) and KESTREL in row.names]
    assert kestrel.names == ("Kestrel", KESTREL)
    assert said(read((EXAMPLES / "calls-20260418.xml").read_bytes())) == []


@pytest.mark.parametrize(
    ("sort", "sender", "recipients", "state"),
    [
        (1, KESTREL, (), None),
        (2, "owner of the phone", (KESTREL,), None),
        (3, "owner of the phone", (KESTREL,), "draft, not sent"),
        (4, "owner of the phone", (KESTREL,), "waiting to be sent"),
        (5, "owner of the phone", (KESTREL,), "could not be sent"),
        (6, "owner of the phone", (KESTREL,), "waiting to be sent"),
    ],
)
def test_each_type_goes_its_way(
    sort: int, sender: str, recipients: tuple[str, ...], state: str | None
) -> None:
    rows = read(backup(sms(type=sort)))
    (one,) = messages(rows)
    assert (one.sender, one.recipients, dict(one.headers).get("state")) == (sender, recipients, state)
    assert said(rows) == []
    assert values(rows, "phone") == [KESTREL]


@pytest.mark.parametrize("sort", ["7", "null", "x"])
def test_a_type_that_nobody_knows_is_told_and_guessed_by_nobody(sort: str) -> None:
    rows = read(backup(sms(type=sort)))
    (one,) = messages(rows)
    assert (one.sender, one.recipients) == (None, ())
    assert values(rows, "phone") == [KESTREL], "the number is kept"
    assert any("/smses/sms[1]" in line and "left open" in line for line in said(rows)), said(rows)


def test_a_sender_without_a_number_is_nobody() -> None:
    rows = read(backup(sms(address="KITECLUB")))
    assert values(rows, "phone") == []
    assert messages(rows)[0].sender == "KITECLUB"
    assert said(rows) == []


@pytest.mark.parametrize("written", ["13 Apr 2026", "1776081600", "99999999999999", "-1"])
def test_what_is_no_count_of_milliseconds_is_no_time(written: str) -> None:
    rows = read(backup(sms(date=written)))
    (one,) = messages(rows)
    assert one.sent_at
    assert one.sent_at.instant is None
    assert any(written in line and "not read as a time" in line for line in said(rows))


@pytest.mark.parametrize(
    "written", ["&#55357;&#56832;", "&#xD83D;&#xDE00;", "&#xd83d;&#56832;", "&#128512;", "😀"]
)
def test_an_emoji_is_one_character_however_it_was_escaped(written: str) -> None:
    # Cut between the two halves, too, wherever the pieces in which the file is read end.
    for before in ("", *("x" * number for number in range(65_300, 65_536, 7))):
        rows = read(backup(sms(body="BODY"), sms(body="last")).replace("BODY", f"{before}{written} there"))
        assert [one.text for one in messages(rows)] == [f"{before}😀 there", "last"]
        assert said(rows) == []


def test_half_an_emoji_costs_one_character() -> None:
    rows = read(
        backup(sms(body="BODY"), sms(body="last")).replace("BODY", "a&#55357;b&#56832;&#56832;&#55295;")
    )
    assert [one.text for one in messages(rows)] == ["a\ufffdb\ufffd\ufffd\ud7ff", "last"]
    assert any("3 characters that no XML may hold" in line for line in said(rows))


def test_a_name_is_of_the_one_number_beside_it_and_never_of_the_phones_own() -> None:
    rows = read(backup(mms(text_part("hi"), contact_name="Kestrel", addresses={KESTREL: 137, OWN: 151})))
    assert {one.names for one in rows if isinstance(one, Person)} == {("Kestrel", KESTREL), (OWN,)}
    assert messages(rows)[0].recipients == (OWN,)
    (named,) = [row for row in rows if isinstance(row, Sighting) and row.value.kind == "display_name"]
    people = {row.key: row.names for row in rows if isinstance(row, Person)}
    assert KESTREL in people[named.person or ""]


def test_names_of_several_are_told_apart_by_nobody() -> None:
    both = f"{KESTREL}~{WREN}"
    rows = read(
        backup(mms(text_part("hi"), address=both, contact_name="Wren, Kestrel", addresses={WREN: 137}))
    )
    assert values(rows, "display_name") == []
    assert sorted(set(values(rows, "phone"))) == [KESTREL, WREN]
    (one,) = messages(rows)
    assert one.thread == f"{KESTREL}, {WREN}"
    assert ("contacts", "Wren, Kestrel") in one.headers


def test_what_went_out_tells_the_phones_own_number() -> None:
    rows = read(backup(mms(text_part("hi"), msg_box=2, m_type=128, addresses={OWN: 137, KESTREL: 151})))
    (one,) = messages(rows)
    assert (one.sender, one.recipients) == ("owner of the phone", (KESTREL,))
    assert sorted(values(rows, "phone")) == [OWN, KESTREL]


def test_an_address_of_an_unknown_type_is_told() -> None:
    rows = read(backup(mms(text_part("hi"), addresses={KESTREL: 137, WREN: 152})))
    assert messages(rows)[0].recipients == (WREN,)
    assert any("“152”" in line and "not known" in line for line in said(rows))


@pytest.mark.parametrize("written", ["1776081600", "1776081600000"])
def test_the_networks_time_of_an_mms_is_in_seconds_or_milliseconds(written: str) -> None:
    (one,) = messages(read(backup(mms(text_part("hi"), date_sent=written))))
    assert ("sent", "2026-04-13 12:00:00 UTC") in one.headers


def test_what_is_attached_is_hashed_and_its_size_does_not_matter() -> None:
    """More than the parser takes in one value: the hashes are those of the file, and little of it is held."""
    raw = bytes(range(256)) * 48_000  # 12 MB
    data = backup(mms(part(raw), text_part("after")), sms(body="last")).encode()
    tracemalloc.start()
    rows = read(data)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8_000_000
    assert set(values(rows, "hash")) == {
        f"{name}:{hashlib.new(name, raw).hexdigest()}" for name in ("md5", "sha1", "sha256")
    }
    first, last = messages(rows)
    assert first.attachments == (f"pattern.png (image/png, {len(raw)} bytes)",)
    assert (first.text, last.text) == ("after", "last")
    assert not any("\\x00" in row.text for row in rows if isinstance(row, FreeText))


def test_a_visiting_card_is_searched() -> None:
    card = b"BEGIN:VCARD\r\nFN:Wren\r\nEMAIL:wren@mail.example\r\nEND:VCARD\r\n"
    rows = read(backup(mms(part(card, "text/x-vCard", "wren.vcf"))))
    assert values(rows, "email") == ["wren@mail.example"]
    assert len(values(rows, "hash")) == 3


@pytest.mark.parametrize("written", ["%%%%", "QUJD=QUJD", "QUI=QUJD", "Q", "äöüß"])
def test_what_is_no_base64_has_no_hash(written: str) -> None:
    rows = read(backup(mms(part(b"").replace('data=""', f'data="{written}"')), sms(body="last")))
    assert values(rows, "hash") == []
    assert any("not valid base64" in line for line in said(rows))
    assert messages(rows)[-1].text == "last"


@pytest.mark.parametrize("written", ["", "null"])
def test_nothing_attached_is_nothing(written: str) -> None:
    rows = read(backup(mms(part(b"").replace('data=""', f'data="{written}"'))))
    assert values(rows, "hash") == []
    assert messages(rows)[0].attachments == ("pattern.png (image/png, without content)",)
    assert said(rows) == []


def test_words_that_look_like_an_attachment_stay_words() -> None:
    body = "he wrote data='QUJD' and <part data=\"QUJD\">"
    rows = read(backup(sms(body=body), mms(text_part(body))))
    assert [one.text for one in messages(rows)] == [body, body]
    assert values(rows, "hash") == []


def test_pieces_of_any_length_are_passed_on_alike() -> None:
    raw = bytes(range(256)) * 3
    data = backup(mms(part(raw).replace("AAEC", "AA&#10;EC"), text_part("a ' b > c")), mms(part(b"x")))

    def passed(step: int) -> Iterator[Any]:
        contents = Contents()
        yield "".join(contents.feed(data[i : i + step]) for i in range(0, len(data), step)) + contents.close()
        yield contents.take("1")
        yield contents.take("2")

    whole = list(passed(len(data)))
    assert whole[1].sha256 == hashlib.sha256(raw).hexdigest()
    assert 'data="1"' in whole[0]
    assert "QUJD" not in whole[0]
    for step in (1, 2, 3, 5, 7, 64):
        assert list(passed(step)) == whole, step


def test_a_file_that_breaks_off_keeps_what_stands_before() -> None:
    whole = backup(sms(body="first"), mms(text_part("second"), part(b"x" * 3000)))
    rows = read(whole[: whole.index('data="') + 400])
    assert [one.text for one in messages(rows)] == ["first", "second"]
    assert values(rows, "hash") == [], "half a content has another hash"
    assert any("broken" in line for line in said(rows))


def test_entries_that_are_missing_are_told() -> None:
    assert any("holds 5 entries; 1 were read" in line for line in said(read(backup(sms(), count=5))))


def test_fields_and_elements_that_nobody_knows_are_told_and_searched() -> None:
    rows = read(backup(sms(mood="moa@mail.example"), "<rcs><line>kea@mail.example</line></rcs>", count=1))
    assert values(rows, "email") == ["moa@mail.example", "kea@mail.example"]
    told = said(rows)
    assert any("/smses/sms[*]/@mood" in line for line in told), told
    assert not any("moa@" in line for line in told)


def test_a_limit_is_told() -> None:
    rows = read(backup(sms(), sms(), sms()), Options(country="GB", max_rows=2))
    assert len(messages(rows)) == 2
    assert any("limit of 2 entries" in line for line in said(rows))


@pytest.mark.parametrize(
    ("sort", "direction", "became"),
    [
        (1, "in", None), (2, "out", None), (3, "in", "missed"), (4, "in", "left as voicemail"), (5, "in", "rejected"),
        (6, "in", "blocked"),
    ],
)  # fmt: skip
def test_each_sort_of_call_goes_its_way(sort: int, direction: str, became: str | None) -> None:
    rows = read(
        calls({"number": KESTREL, "duration": 61, "date": NOON, "type": sort, "contact_name": "Kestrel"})
    )
    (one,) = [row for row in rows if isinstance(row, Trace)]
    assert (one.kind, one.direction, one.seconds, one.counterparts) == ("call", direction, 61.0, (KESTREL,))
    assert dict(one.facts).get("what became of it") == became
    assert one.at
    assert one.at.instant == datetime(2026, 4, 13, 12, tzinfo=UTC)
    assert (values(rows, "phone"), values(rows, "display_name")) == ([KESTREL], ["kestrel"])
    assert said(rows) == []


def test_a_call_of_an_unknown_sort_or_number() -> None:
    rows = read(
        calls(
            {"number": KESTREL, "duration": 0, "date": NOON, "type": 9},
            {"number": "", "duration": 3, "date": NOON, "type": 1, "presentation": 2},
            {"number": "-1", "duration": 3, "date": NOON, "type": 1},
        )
    )
    strange, withheld, unknown = [row for row in rows if isinstance(row, Trace)]
    assert (strange.direction, dict(strange.facts)["sort"]) == (None, "9")
    assert any("“9” is not known" in line and "/calls/call[1]" in line for line in said(rows))
    assert (withheld.counterparts, dict(withheld.facts)["number"]) == ((), "withheld")
    assert (unknown.counterparts, dict(unknown.facts)["number"]) == ((), "not known")
    assert values(rows, "phone") == [KESTREL]


def test_entities_of_a_backup_are_resolved_by_nobody() -> None:
    data = f'<!DOCTYPE smses [<!ENTITY x SYSTEM "file:///etc/hostname">]><smses count="1">{sms(body="BODY")}</smses>'
    rows = read(data.replace("BODY", "&x;"))
    assert messages(rows) == []
    assert any("DTD" in line for line in said(rows))
