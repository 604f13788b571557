"""What is found in text, and what is not. Each row: the text, then every identifier that stands in it."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.identifiers.extract import Doubt, Findings, Found, find
from cets.domains.identifiers.kinds.base import Context

GB = Context(country="GB")
US = Context(country="US")
NOWHERE = Context()
ONION = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"
UUID = "A1B2C3D4-0000-4E5F-8A9B-001122334455"


def read(text: str, context: Context = GB) -> list[tuple[str, str]]:
    return [(found.value.kind, found.value.value) for found in find(text, context).found]


FOUND = [
    # e-mail
    ("write to Sam.Placeholder+chat@mail.example.", [("email", "sam.placeholder+chat@mail.example")]),
    (
        "<kestrel@post.example>, 'wren@post.example'",
        [("email", "kestrel@post.example"), ("email", "wren@post.example")],
    ),
    ("mailto:kestrel@post.example?subject=x", [("email", "kestrel@post.example")]),
    ("o'wren@post.example", [("email", "o'wren@post.example")]),
    ("kestrel@post.example.Please answer", [("email", "kestrel@post.example")]),
    ("kestrel@b\u00fccher.example", [("email", "kestrel@b\u00fccher.example")]),
    ("kestrel@xn--bcher-kva.example", [("email", "kestrel@b\u00fccher.example")]),
    ("kestrel [at] post [dot] example", [("email", "kestrel@post.example")]),
    ("kestrel(at)post(dot)example", [("email", "kestrel@post.example")]),
    ("kestrel@post[.]example, thanks", [("email", "kestrel@post.example")]),
    ("kestrel_7 at post dot example", [("email", "kestrel_7@post.example")]),
    ("my email is kestrel at post dot example", [("email", "kestrel@post.example")]),
    ("ke\u200bstrel@po\u00adst.example", [("email", "kestrel@post.example")]),
    ("\uff4bestrel\uff20post.example", [("email", "kestrel@post.example")]),
    # phone
    ("+44 7700 900123", [("phone", "+447700900123")]),
    ("tel:+447700900123", [("phone", "+447700900123")]),
    ("+44 (0)7700 900 123.", [("phone", "+447700900123")]),
    (
        "his number is 07700 900123, hers 07700-900-124",
        [("phone", "+447700900123"), ("phone", "+447700900124")],
    ),
    ("07700900123", [("phone", "+447700900123")]),
    ("0044 7700 900123", [("phone", "+447700900123")]),
    ("(01632) 960123", [("phone", "+441632960123")]),
    ("+1 (202) 555-0143 x12", [("phone", "+12025550143")]),
    ("+1-202-555-0143", [("phone", "+12025550143")]),
    ("ring 447700900123", [("phone", "+447700900123")]),
    ("\uff10\uff17\uff17\uff10\uff10 \uff19\uff10\uff10\uff11\uff12\uff13", [("phone", "+447700900123")]),
    ("0\u20e37700 900\u200b123", [("phone", "+447700900123")]),
    ("o77oo 9oo142", [("phone", "+447700900142")]),
    ("text me on o77oo9oo142 ok", [("phone", "+447700900142")]),
    ("07700 900123 07700 900124", [("phone", "+447700900123"), ("phone", "+447700900124")]),
    ("07700 900123/07700 900124", [("phone", "+447700900123"), ("phone", "+447700900124")]),
    ("call 07700 900123 07700 900124", [("phone", "+447700900123"), ("phone", "+447700900124")]),
    ("call 07700 900123 at 18:30", [("phone", "+447700900123")]),
    ("07700 900123 - 3 calls", [("phone", "+447700900123")]),
    ("WhatsApp: +44 7700 900123", [("phone", "+447700900123")]),
    ("447700900123@s.whatsapp.net", [("phone", "+447700900123")]),
    ("120363000000000001@g.us", [("group", "whatsapp/120363000000000001")]),
    # web
    (
        "see https://examplechat.example/u/bluebridge_77.",
        [("url", "https://examplechat.example/u/bluebridge_77")],
    ),
    ("(https://files.example.org/a_(b))", [("url", "https://files.example.org/a_(b)")]),
    ("hxxps://otherapp[.]example/p/123", [("url", "https://otherapp.example/p/123")]),
    ("hXXp://otherapp[.]example", [("url", "http://otherapp.example/")]),
    ("hxxp[:]//otherapp.example/a", [("url", "http://otherapp.example/a")]),
    ("https[://]otherapp.example/a", [("url", "https://otherapp.example/a")]),
    ("http://198.51.100.7:8080/x", [("url", "http://198.51.100.7:8080/x")]),
    ("www.files.example.org/x?y=1", [("url", "https://www.files.example.org/x?y=1")]),
    ("files.example.org/x", [("url", "https://files.example.org/x")]),
    ("on files.example.org now", [("domain", "files.example.org")]),
    ("otherapp[.]example", [("domain", "otherapp.example")]),
    ("short[.]is", [("domain", "short.is")]),
    ("b\u00fccher.example", [("domain", "b\u00fccher.example")]),
    (ONION, [("onion", ONION)]),
    (f"http://{ONION}/board", [("url", f"http://{ONION}/board")]),
    # network
    ("from 203.0.113.24:51514 at", [("ip", "203.0.113.24")]),
    ("203.0.113.24, 198.51.100.7.", [("ip", "203.0.113.24"), ("ip", "198.51.100.7")]),
    ("192[.]0[.]2[.]7", [("ip", "192.0.2.7")]),
    ("192.0.2[.]7:443", [("ip", "192.0.2.7")]),
    ("[2001:db8:4:5::77]:443", [("ip", "2001:db8:4:5::77")]),
    ("2001:DB8:4:5:0:0:0:77", [("ip", "2001:db8:4:5::77")]),
    ("ip=2001:db8::1,", [("ip", "2001:db8::1")]),
    ("fe80::1%eth0", [("ip", "fe80::1")]),
    ("127.0.0.1 and ::1", [("ip", "127.0.0.1"), ("ip", "::1")]),
    (
        "mac 00-00-5E-00-53-AF or 00:00:5e:00:53:b0",
        [("mac", "00:00:5e:00:53:af"), ("mac", "00:00:5e:00:53:b0")],
    ),
    ("0000.5e00.53af", [("mac", "00:00:5e:00:53:af")]),
    # numbers of things
    ("IMEI: 49-015420-323751-8", [("imei", "490154203237518")]),
    ("imei1 490154203237518", [("imei", "490154203237518")]),
    ("phone 490154203237518", [("imei", "490154203237518")]),
    ("IMSI 234150999999999", [("imsi", "234150999999999")]),
    (f"IDFA {UUID}", [("device", f"idfa:{UUID.lower()}")]),
    (f"advertising id: {UUID}", [("device", f"device:{UUID.lower()}")]),
    ("IBAN GB33 BUKB 2020 1555 5555 55.", [("bank_account", "iban:GB33BUKB20201555555555")]),
    ("GB33BUKB20201555555555", [("bank_account", "iban:GB33BUKB20201555555555")]),
    ("sort code 12-34-56 account 01234567", [("bank_account", "account:12345601234567")]),
    ("reg AB12 CDE", [("vehicle", "AB12CDE")]),
    ("Kennzeichen AB12 CDE", [("vehicle", "AB12CDE")]),
    ("matr\u00edcula: AB12CDE", [("vehicle", "AB12CDE")]),
    ("Telefonnummer: 447700900123", [("phone", "+447700900123")]),
    ("tel\u00e9fono 447700900123", [("phone", "+447700900123")]),
    ("number plate is AB12CDE", [("vehicle", "AB12CDE")]),
    ("NCMEC report 990000101", [("report_number", "ncmec:990000101")]),
    ("CyberTip #990000101", [("report_number", "ncmec:990000101")]),
    # hashes, wallets, keys
    ("md5 D35C785545392755E7E4164457657269", [("hash", "md5:d35c785545392755e7e4164457657269")]),
    ("MD5:d35c785545392755e7e4164457657269", [("hash", "md5:d35c785545392755e7e4164457657269")]),
    ("a" * 39 + "1", [("hash", "sha1:" + "a" * 39 + "1")]),
    ("pdq: " + "f0" * 32, [("hash", "pdq:" + "f0" * 32)]),
    ("1AGNa15ZQXAZUgFiqJ2i7Z2DPU2J6hW62i", [("wallet", "btc:1AGNa15ZQXAZUgFiqJ2i7Z2DPU2J6hW62i")]),
    (
        "pgp fingerprint " + "0123456789abcdef" * 2 + "01234567",
        [("pgp", "0123456789abcdef" * 2 + "01234567")],
    ),
    ("0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567", [("pgp", "0123456789abcdef" * 2 + "01234567")]),
    # odd forms
    ("wa.me/447700900388", [("phone", "+447700900388")]),
    ("wa[.]me/447700900388", [("phone", "+447700900388")]),
    ("IBAN gb33bukb20201555555555 it is", [("bank_account", "iban:GB33BUKB20201555555555")]),
    ("iban: gb33 bukb 2020 1555 5555 55", [("bank_account", "iban:GB33BUKB20201555555555")]),
    ("0000.5e00.53ae.", [("mac", "00:00:5e:00:53:ae")]),
    ("MAC 00005e0053ae", [("mac", "00:00:5e:00:53:ae")]),
    ("MAC address: 00-11-32-44-55-76", [("mac", "00:11:32:44:55:76")]),
    ("MAC-Adresse 00005e0053ae", [("mac", "00:00:5e:00:53:ae")]),
    ("Wi-Fi: 00:11:32:44:55:76", [("mac", "00:11:32:44:55:76")]),
    ("IDFA: a1b2c3d400004e5f8a9b001122334466", [("device", "idfa:a1b2c3d4-0000-4e5f-8a9b-001122334466")]),
    ("GAID a1b2c3d400004e5f8a9b001122334466", [("device", "gaid:a1b2c3d4-0000-4e5f-8a9b-001122334466")]),
    ("snapchat username wren.trelq", [("account", "snapchat/wren.trelq")]),
    ("snapchat account wren.trelq", [("account", "snapchat/wren.trelq")]),
    ("discord wrenq#4321", [("account", "discord/wrenq#4321")]),
    ("IDFV: a1b2c3d400004e5f8a9b001122334466", [("device", "device:a1b2c3d4-0000-4e5f-8a9b-001122334466")]),
    ("the iban is gb33bukb20201555555555", [("bank_account", "iban:GB33BUKB20201555555555")]),
    (ONION.replace(".onion", "[.]onion"), [("onion", ONION)]),
    (ONION.replace(".onion", "[.]onion/board"), [("onion", ONION)]),
    (f"{ONION}/board", [("onion", ONION)]),
    (f"http://{ONION.replace('.onion', '[.]onion')}/board", [("url", f"http://{ONION}/board")]),
    ("sort code 12-34-56, the account is 01234568", [("bank_account", "account:01234568")]),
    ("account no. 01234568 at the bank", [("bank_account", "account:01234568")]),
    # accounts
    ("find me: bluebridge77 on OtherApp", [("account", "otherapp/bluebridge77")]),
    ("i'm kestrelblue on discord", [("account", "discord/kestrelblue")]),
    ("@kestrel_blue on Instagram", [("account", "instagram/kestrel_blue")]),
    ("my insta is kestrel_blue", [("account", "instagram/kestrel_blue")]),
    ("my insta is kestrelblue, ok", [("account", "instagram/kestrelblue")]),
    ("add me on snap: kest.rel9", [("account", "snapchat/kest.rel9")]),
    ("Telegram: @kestrel_blue", [("account", "telegram/kestrel_blue")]),
    ("kik username kestrel9", [("account", "kik/kestrel9")]),
    ("Discord: kestrel#1234", [("account", "discord/kestrel#1234")]),
    ("steam id 76561198000000000", [("account", "steam/id:76561198000000000")]),
    ("instagram kestrel_blue", [("account", "instagram/kestrel_blue")]),
    ("kestrel_blue (Instagram)", [("account", "instagram/kestrel_blue")]),
    ("https://wa.me/447700900123?text=x", [("phone", "+447700900123")]),
    ("+44 7700 900123,+44 7700 900124", [("phone", "+447700900123"), ("phone", "+447700900124")]),
    ("07700 900123 203.0.113.24", [("phone", "+447700900123"), ("ip", "203.0.113.24")]),
    ("call 07700 900123 203.0.113.24", [("phone", "+447700900123"), ("ip", "203.0.113.24")]),
    ("call 07700 900123 12 times", [("phone", "+447700900123")]),
    ("a blue car, AB12 CDE", [("vehicle", "AB12CDE")]),
    ("\u201ckestrel_9\u201d on snapchat", [("account", "snapchat/kestrel_9")]),
    ("on snap its kest_rel", [("account", "snapchat/kest_rel")]),
    ("kestrel_7 AT post DOT example", [("email", "kestrel_7@post.example")]),
    ("snap kestrel_9", [("account", "snapchat/kestrel_9")]),
    ("username: kestrel9", [("handle", "kestrel9")]),
    ("@kestrel-blue", [("handle", "kestrel-blue")]),
    ("see CETS-ESX-2026-000123", [("report_number", "cets:cets-esx-2026-000123")]),
    ("add @kestrel_blue!", [("handle", "kestrel_blue")]),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_identifier_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_identifier_is_found_inside_a_sentence(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(f"Hello there {text}\nand more") == expected


@pytest.mark.parametrize(
    "text",
    [
        # times, dates, sums, counts
        "2025-11-02 10:20:00 and 02/11/2025, 02.11.2025 18:30",
        "2025-10-12 10:23:11.123456",
        "It cost 1,234,567.89 and $ 07700900123",
        "order 07700900123, invoice no. 07700 900123",
        "4111 1111 1111 1111",
        "12345678901234567890",
        "pages 1234-5678, 1990-2000",
        "Profile 55501 and 55502",
        "section 1.2.3.4, version 10.0.0.1, v1.2.3.4, Chrome/120.0.0.0",
        "update 1.2.3.4",
        "192.0.2.0/24 and 2001:db8::/32",
        "10.0.0.1-10.0.0.9",
        "1.2.3.4.5",
        "lat 51.5007, -0.1246",
        "call 2025-11-02, text 12.03.2026 18:30, ring 02/11/2025",
        "text 100000 people",
        "Telegram: 1234567890",
        # names of files and of things in programs
        "IMG_0001.jpg photo.zip main.py README.md 1-abc.jpg report.docx clip.mov",
        "os.path self.name std::vector node.js re.search(x) e.g. i.e. a.m.",
        "that is it.then we left.No more",
        "add::face 10::20 a::b",
        # schema addresses, vocabularies, numbers of records and messages
        "http://www.w3.org/2001/XMLSchema http://schemas.example.com/x https://schema.org/Person",
        "http://purl.org/dc/terms/ xmlns:x='http://ns.adobe.com/xap/1.0/'",
        "Message-ID: <20251102.abc@mail.example>\nIn-Reply-To: <x@mail.example> <y@mail.example>",
        f"id <{UUID}@mail.example>",
        UUID,
        f"record {{{UUID}}}",
        "status@broadcast 447700900123@lid",
        "commit d35c785545392755e7e4164457657269aaaaaaaa",
        "nick [~kestrel@host.example.org] nick!kestrel@host.example.org *!*@host.example.org",
        "with ESMTP id <2025.abc@mail.example.org>",
        "kernel 2.6.8|2.6.8.1",
        # words
        "@everyone @here @channel meet @ 5",
        "meeting on Monday, later on Discord, page2 on Tuesday",
        "my insta is private. snap is down, my discord was hacked",
        "WhatsApp: hello there",
        "meet me at home dot dot dot",
        "look at the dot com boom",
        "regular registration was 2025",
        "the phone rang 3 times",
        "0" * 32 + "1",
        "x" * 40,
    ],
)
def test_decoy_is_not_found(text: str) -> None:
    findings = find(text, GB)
    assert [(found.value.kind, found.raw) for found in findings.found] == []
    assert findings.ambiguous == []
    assert findings.not_valid == []


@pytest.mark.parametrize(
    ("text", "context", "candidates"),
    [
        ("(202) 555-0143", GB, "+12025550143"),
        ("call 202-555-0143", GB, "+12025550143"),
        ("tel 07700 900123", NOWHERE, "+447700900123"),
        ("phone: 07700 900123", US, "+447700900123"),
    ],
)
def test_national_number_of_elsewhere_is_ambiguous(text: str, context: Context, candidates: str) -> None:
    findings = find(text, context)
    assert findings.found == []
    assert [candidates in doubt.candidates for doubt in findings.ambiguous] == [True]


def test_national_number_without_country_and_without_announcement_is_left_alone() -> None:
    assert find("1632 960123 pieces", NOWHERE) == Findings(found=[], ambiguous=[], not_valid=[])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("IMEI 490154203237519", "imei"),
        ("IBAN GB34 BUKB 2020 1555 5555 55", "bank_account"),
        ("call +44 7700 9001", "phone"),
    ],
)
def test_wrong_check_digit_is_told_without_repeating_the_value(text: str, kind: str) -> None:
    findings = find(text, GB)
    assert findings.found == []
    [doubt] = findings.not_valid
    assert doubt.kind == kind
    assert doubt.raw in text
    assert doubt.raw not in doubt.reason


def test_us_agency_reads_its_own_national_forms() -> None:
    text = "(202) 555-0143, 202.555.0144, 1-202-555-0145, 011 44 7700 900123"
    assert [value for _, value in read(text, US)] == [
        "+12025550143",
        "+12025550144",
        "+12025550145",
        "+447700900123",
    ]


@pytest.mark.parametrize(
    ("country", "text", "value"),
    [
        ("ES", "612 34 56 78", "+34612345678"),
        ("DK", "32 12 34 56", "+4532123456"),
        ("DE", "030 123456", "+4930123456"),
        ("US", "202 555 0143", "+12025550143"),
        ("HU", "06 20 123 4567", "+36201234567"),
    ],
)
def test_national_habit_of_each_country_is_known(country: str, text: str, value: str) -> None:
    assert read(f"at {text} today", Context(country=country)) == [("phone", value)]


def test_assumed_country_is_said() -> None:
    [found] = find("07700 900123", GB).found
    assert found.value.assumed == "read as a United Kingdom number"


def test_port_is_kept_beside_the_address() -> None:
    assert [
        found.port for found in find("203.0.113.24:51514 198.51.100.7 [2001:db8::7:1]:443", GB).found
    ] == [
        51514,
        None,
        443,
    ]


@pytest.mark.parametrize("words", [" port 51514", ", source port: 51514", " (Port=51514)"])
def test_port_said_in_words_is_kept(words: str) -> None:
    [found] = find(f"100.72.3.9{words} at night", GB).found
    assert (found.value.value, found.raw, found.port) == ("100.72.3.9", "100.72.3.9", 51514)


def test_own_platform_of_the_context_is_known() -> None:
    context = Context(country="GB", platform="examplechat")
    assert read("my examplechat is kestrelblue.", context) == [("account", "examplechat/kestrelblue")]


def test_place_is_in_the_original_text() -> None:
    text = "\u202eab\u200b ke\u200bstrel@po\u00adst.example \u202c 07700\u00a0900123 \U0001f600 wren@post.example"
    for found in find(text, GB).found:
        assert text[found.start : found.end] == found.raw == found.value.raw
    assert [found.raw for found in find(text, GB).found] == [
        "ke\u200bstrel@po\u00adst.example",
        "07700\u00a0900123",
        "wren@post.example",
    ]


def test_cyrillic_letters_stay_and_meet_only_weakly() -> None:
    [found] = find("k\u0435strel@post.example", GB).found
    assert found.value.value == "k\u0435strel@post.example"
    [plain] = find("kestrel@post.example", GB).found
    assert set(found.value.variants) & set(plain.value.variants)


_PIECES = st.sampled_from(
    [text for text, _ in FOUND]
    + [
        "@",
        ".",
        "//",
        "http://",
        "[.]",
        "(at)",
        " dot ",
        " at ",
        ":",
        "::",
        "0",
        "+44 ",
        "call ",
        "IMEI ",
        "\u200b",
    ]
    + ["\ud800", "\x00", "\u0130", "\u202e", "<", "Message-ID: <", " on ", "insta: ", "xn--", "%", "\n"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=12), st.sampled_from([GB, US, NOWHERE]))
def test_any_text_is_read_and_places_hold(pieces: list[str], context: Context) -> None:
    text = "".join(pieces)
    findings = find(text, context)
    everything: list[Found | Doubt] = [*findings.found, *findings.ambiguous, *findings.not_valid]
    assert all(text[item.start : item.end] == item.raw for item in everything)
    places = sorted((item.start, item.end) for item in everything)
    assert all(before[1] <= after[0] for before, after in pairwise(places))


_HOSTILE = [
    "@", "a@", ".", "a.", "//", "http://", "h//", ":", "a:", ":0", "0 ", "+", "(1", "1.", "[.]", "(dot)", " dot ",
    ": <", "message-id: <", "iban ", "GB12", "imei 1", "call 1", "call o1", "on a", "0000 ", "00-", "\u00e9",
    "\u200b", "\u0130", "[", "_", ".onion", "o0", "a[.", "(at", "insta is ",
]  # fmt: skip


def _seconds(text: str) -> float:
    start = time.process_time()
    find(text, GB)
    return time.process_time() - start


@pytest.mark.parametrize("piece", _HOSTILE)
def test_time_grows_with_length_only(piece: str) -> None:
    find("warm up +44 7700 900123 kestrel@post.example", GB)
    size = 60_000
    long = _seconds((piece * size)[:size])
    if long < 0.2:
        return  # fast enough, whatever its growth
    short = min(_seconds((piece * size)[: size // 4]) for _ in range(3))
    assert min(long, _seconds((piece * size)[:size])) < 10 * short  # linear: 4 times, quadratic: 16
