"""What only the line before, the heading above or the words of another language tell."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.identifiers.extract import Findings, find
from cets.domains.identifiers.kinds.base import Context

GB = Context(country="GB")
ONION = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"
LONG = "as we said before, the list of the boats has one more line here: "
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
FINGERPRINT = "0123456789ABCDEF0123456789ABCDEF01234567"


def found(text: str, context: Context = GB) -> list[tuple[str, str]]:
    findings = find(text, context)
    _places_hold(text, findings)
    return [(one.value.kind, one.value.value) for one in findings.found]


def _places_hold(text: str, findings: Findings) -> None:
    for one in findings.found:
        assert text[one.start : one.end] == one.raw
    for before, after in zip(findings.found, findings.found[1:], strict=False):
        assert before.end <= after.start


OVER_LINES = {
    "phone": ("+44 7700\n900 631", ("phone", "+447700900631")),
    "phone with CR LF": ("+44 7700\r\n900 631", ("phone", "+447700900631")),
    "phone after its word": ("phone: 07700\n900632", ("phone", "+447700900632")),
    "IMEI": ("IMEI 49 015420\n323751 8", ("imei", "490154203237518")),
    "IMSI": ("IMSI 001 01\n7654321098", ("imsi", "001017654321098")),
    "IBAN": ("IBAN GB33 BUKB 2020\n1555 5555 55", ("bank_account", "iban:GB33BUKB20201555555555")),
    "report": ("NCMEC\n990000731", ("report_number", "ncmec:990000731")),
    "defanged": ("wren7 [at] post\n[dot] example", ("email", "wren7@post.example")),
    "mail cut at its dot": ("wren7@files.reed.\nexample", ("email", "wren7@files.reed.example")),
    "hash cut": (f"{SHA256[:27]}\n{SHA256[27:]}", ("hash", f"sha256:{SHA256}")),
    "wallet cut": ("1AGNa15ZQXAZUgFi\nqJ2i7Z2DPU2J6hW62i", ("wallet", "btc:1AGNa15ZQXAZUgFiqJ2i7Z2DPU2J6hW62i")),
    "onion cut": (f"{ONION[:30]}\n{ONION[30:]}", ("onion", ONION)),
    "onion cut before its end": (f"{ONION[:55]}\n{ONION[55:]}", ("onion", ONION)),
    "page in brackets": ("<https://otherapp.example/boats\n/77>", ("url", "https://otherapp.example/boats/77")),
    "plate": ("registration EX-AM\n123", ("vehicle", "EXAM123")),
}  # fmt: skip


@pytest.mark.parametrize("mark", ["", "> ", "> > ", ">"])
@pytest.mark.parametrize(("text", "expected"), OVER_LINES.values(), ids=OVER_LINES)
def test_value_goes_over_the_end_of_a_line(text: str, expected: tuple[str, str], mark: str) -> None:
    written = f"{mark}{LONG}{text}".replace("\n", f"\n{mark}")

    assert expected in found(f"{written} and so on\n")


ENDS_WITH_ITS_LINE = {
    "two hashes": f"{LONG}{SHA256[:32]}\n{SHA256[32:]} is another",
    "a sentence after an address": f"{LONG}wren@post.example.\nThanks",
    "a number and a count": f"{LONG}07700 900633\n12 boats",
    "a name and a word": f"{LONG}username: wren_7\nboats99 were there",
    "a page and a word": f"{LONG}hxxp://reed[.]example/a9\nboat7 was there",
    "a key and a year": f"{LONG}PGP E891 49DD 0B70 2775 43D8  97B5 357A 006A 3BDF 646C\n2024-09-05 was a day",
    "an account and a day": f"{LONG}account OtherApp/id:5550\n20260102 was a Friday",
}


@pytest.mark.parametrize("text", ENDS_WITH_ITS_LINE.values(), ids=ENDS_WITH_ITS_LINE)
def test_what_ends_with_its_line_is_not_joined_to_the_next(text: str) -> None:
    for one in find(text, GB).found:
        assert "\n" not in one.raw


@pytest.mark.parametrize("between", ["\t", " | ", "; ", "   "])
@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("IMEI", "490154203237518", ("imei", "490154203237518")),
        ("Registration", "ZZ99 ZZZ", ("vehicle", "ZZ99ZZZ")),
        ("Username", "reed.blue", ("handle", "reed.blue")),
        ("Account number", "55501234", ("bank_account", "account:55501234")),
        ("Display name", "Reed Blue", ("display_name", "reed blue")),
        ("PGP fingerprint", FINGERPRINT, ("pgp", FINGERPRINT.lower())),
        ("IDFA", "A1B2C3D4-0000-4E5F-8A9B-001122334477", ("device", "idfa:a1b2c3d4-0000-4e5f-8a9b-001122334477")),
        ("Kennzeichen", "EX-AM 124", ("vehicle", "EXAM124")),
    ],
)  # fmt: skip
def test_heading_tells_what_its_column_holds(
    between: str, heading: str, cell: str, expected: tuple[str, str]
) -> None:
    rows = [["When", heading, "Remark"], ["2025-10-21", cell, "boat"], ["2025-10-22", "-", "kite"]]

    assert found("\n".join(between.join(row) for row in rows)) == [expected]


def test_column_ends_with_its_table() -> None:
    table = "When\tUsername\n2025-10-21\treed.blue\n\nlater\tsomething.else\n"

    assert found(table) == [("handle", "reed.blue")]


def test_words_with_commas_are_no_table() -> None:
    assert found("send me the date, username, password\nor come, with the others, at nine\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kontonummer: 55501235", ("bank_account", "account:55501235")),
        ("口座番号：55501236", ("bank_account", "account:55501236")),
        ("Account number: 55501237", ("bank_account", "account:55501237")),
        ("numéro de compte : 12-34-56 01234567", ("bank_account", "account:12345601234567")),
        ("nom d'utilisateur : reed_77", ("handle", "reed_77")),
        ("имя пользователя: reed_78", ("handle", "reed_78")),
        ("用户名：reed_79", ("handle", "reed_79")),
        ('screen name "reedblue"', ("handle", "reedblue")),
        ("cc @नदी_77", ("handle", "नदी_77")),
        ("targa ZZ99 ZZZ", ("vehicle", "ZZ99ZZZ")),
        ("госномер ZZ99ZZZ", ("vehicle", "ZZ99ZZZ")),
        ("plate zz99 zzz", ("vehicle", "ZZ99ZZZ")),
        ("regnr: zz99 zzz", ("vehicle", "ZZ99ZZZ")),
        ("Geräte-ID: 9f86d081884c7d65", ("device", "device:9f86d081884c7d65")),
        ("Serial number: EXSR00123", ("device", "device:exsr00123")),
        ("dialled *#06# and saw 490154203237518", ("imei", "490154203237518")),
        ("display name “Reed Blue”", ("display_name", "reed blue")),
        ("Kite Chat user reed_80", ("account", "kitechat/reed_80")),
        ("his OtherApp username: reed_81", ("account", "otherapp/reed_81")),
        ("account OtherApp/id:55502", ("account", "otherapp/id:55502")),
        ("the room ExampleChat/Room-2", ("group", "examplechat/room-2")),
        ('Telegram group "Reed Boats"', ("group", "telegram/reed boats")),
        ("ExampleChat room: Reed_5", ("group", "examplechat/reed_5")),
        ("kik - reedblue81", ("account", "kik/reedblue81")),
        ("files dot reed-boats dot example", ("domain", "files.reed-boats.example")),
        ("mail reed dot 77 at post dot example", ("email", "reed.77@post.example")),
        ("+44 77oo 9oo6l5", ("phone", "+447700900615")),
        ("447700900616", ("phone", "+447700900616")),
        (f"http://{ONION}/", ("onion", ONION)),
        (f"hxxp://{ONION.replace('.', '[.]')}", ("onion", ONION)),
        ("192.0.2.77/32", ("ip", "192.0.2.77")),
        ("address:2001:db8::77", ("ip", "2001:db8::77")),
        ("card 00:00:5e:00:53:77: it joined", ("mac", "00:00:5e:00:53:77")),
        ("urn:sha1:XPH76GYN7YWZ7WY6SLMKZ3NDXXYSMUEL", ("hash", "sha1:bbcfff1b0dfe2d9fdb1e92d8aceda3bdf126508b")),
        ("see **files.reed.example** now", ("domain", "files.reed.example")),
        ("with **@reed_blue** today", ("handle", "reed_blue")),
        ("mail:reed[@]post.example", ("email", "reed@post.example")),
        ("on +447700900627. 4648.15 € each", ("phone", "+447700900627")),
        ("+447700900628 £50", ("phone", "+447700900628")),
        ("the Signal room\n“Reed Boats”", ("group", "signal/reed boats")),
        ("in the Signal\nroom “Reed Kites”", ("group", "signal/reed kites")),
        ("the zone is UTC\nUsername: reed_83", ("handle", "reed_83")),
        ("OtherApp username\nreed_82", ("account", "otherapp/reed_82")),
        ("update to 192.0.2.79", ("ip", "192.0.2.79")),
        ("VRM TO99ZZZ", ("vehicle", "TO99ZZZ")),
        ("the site is a dot b dot reed dot example", ("domain", "a.b.reed.example")),
        ("ruf an: 447700900622. 48 Boote", ("phone", "+447700900622")),
    ],
)  # fmt: skip
def test_words_around_tell_what_it_is(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


def test_names_in_the_header_of_a_mail_are_displayed_names() -> None:
    header = (
        'From: "Reed Blue" <reed@post.example>\nTo: Old Kite <kite@post.example>, Wren <wren@post.example>\n'
    )

    assert [value for kind, value in found(header) if kind == "display_name"] == ["reed blue", "old kite", "wren"]  # fmt: skip


TOUCHING = [
    ("请发到reed@post.example给我", ("email", "reed@post.example")),
    ("電話は+447700900617です", ("phone", "+447700900617")),
    ("รูปอยู่ที่files.reed.exampleแล้ว", ("domain", "files.reed.example")),
    ("files.reed.example에서", ("domain", "files.reed.example")),
    ("ב-reed@post.example", ("email", "reed@post.example")),
    ("写真はhttps://files.reed.example/a7にあります", ("url", "https://files.reed.example/a7")),
    ("接続元は192.0.2.78でした", ("ip", "192.0.2.78")),
    ("IPアドレス：203[.]0[.]113[.]78", ("ip", "203.0.113.78")),
    ("\u200freed@post.example\u200f", ("email", "reed@post.example")),
]


@pytest.mark.parametrize(("text", "expected"), TOUCHING)
def test_letters_of_another_script_end_a_value(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


def test_address_in_letters_of_another_script_stays_whole() -> None:
    assert found("see https://files.example.org/橋/青7 now") == [("url", "https://files.example.org/橋/青7")]
    assert found("@青い橋7 was there") == [("handle", "青い橋7")]
    assert found("橋@post.example") == [("email", "橋@post.example")]


@pytest.mark.parametrize(
    "text",
    [
        "Bestellnummer 07700 900618",
        "номер заказа: 07700900618",
        "订单号 07700900618",
        "siehe Abschnitt 4.17.2.1",
        "см. раздел 4.17.2.1",
        f"{ONION[:20]}a{ONION[21:]}",
        "kestrel.example (Verified)"[16:],
        "registered may 12",
        "plate 1234 was seen",
        "Dear customer user 7",
        "ऑर्डर 07700 900619",
        "commande n° 447700900620",
        "votre commande\n07700 900621",
        "update to 36.21.33.24",
        "제 4.17.2.1 절 참고",
        "Message-ID:\n> <77.reed@post.example>",
        "09.123456",
        "1 234 567 €",
        "020 7946 0018 EUR",
        "The user name is too long",
    ],
)
def test_what_is_counted_by_others_is_none(text: str) -> None:
    assert found(text) == []


def test_number_beside_another_needs_a_shape_of_its_own() -> None:
    assert found("+44 7700 900623\t9100215037\n") == [("phone", "+447700900623")]
    assert found("+44 7700 900623\t07700 900624\n") == [
        ("phone", "+447700900623"),
        ("phone", "+447700900624"),
    ]


_PIECES = st.sampled_from([
    "\n", "\r\n> ", "\n>> ", " ", "\t", "+44 7700 900625", "07700", "900626", "wren@post.", "example", "IMEI", "49 015420", "323751 8", SHA256[:30],
    SHA256[30:], "<https://reed.example/", "a/b>", "電話", "@青い橋", "user", "Kite Chat ", "\u200b", "\u200f", "::", "2001:db8", ";", "Username", "а", "dot",
    "[at]", "the boats were late and everybody waited for them ",
])  # fmt: skip


@given(st.lists(_PIECES, max_size=60))
@settings(max_examples=300, deadline=None)
def test_places_hold_and_nothing_overlaps_whatever_the_lines_are(pieces: list[str]) -> None:
    text = "".join(pieces)

    _places_hold(text, find(text, GB))


@pytest.mark.parametrize(
    "part",
    [
        "\n> ",
        "a\n",
        "07700 9001\n> ",
        "Username\t",
        "Username\n",
        "橋",
        "橋a",
        "ב-",
        "/a",
        "account ",
        "group: ",
        "a dot ",
        "<https://a\n",
        "From: a <a@b.c> ",
    ],
)
def test_time_grows_with_the_length_only(part: str) -> None:
    def seconds(count: int) -> float:
        text = part * count
        began = time.process_time()
        find(text, GB)
        return time.process_time() - began

    short, long = min(seconds(4_000) for _ in range(3)), min(seconds(32_000) for _ in range(3))

    assert long < 8 * short * 3 + 0.3  # what grows with the square takes 8 times that
