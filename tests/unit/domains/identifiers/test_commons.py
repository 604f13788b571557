"""Values that link nothing by themselves, and ordinary ones that look like them."""

import hashlib

import pytest

from cets.domains.identifiers import commons
from cets.domains.identifiers.kinds import clean
from cets.domains.identifiers.kinds.base import Context

NOWHERE = Context()

COMMON = [
    ("ip", "127.0.0.1", "loopback"),
    ("ip", "::1", "loopback"),
    ("ip", "10.1.2.3", "private"),
    ("ip", "172.16.0.1", "private"),
    ("ip", "192.168.1.1", "private"),
    ("ip", "fd00::1", "private"),
    ("ip", "169.254.1.1", "link-local"),
    ("ip", "fe80::1", "link-local"),
    ("ip", "224.0.0.1", "multicast"),
    ("ip", "0.0.0.0", "unspecified"),
    ("ip", "255.255.255.255", "reserved"),
    ("ip", "8.8.8.8", "name server"),
    ("ip", "2606:4700:4700::1111", "name server"),
    ("hash", "d41d8cd98f00b204e9800998ecf8427e", "empty file"),
    ("hash", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "empty file"),
    ("hash", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "empty file"),
    ("hash", "0" * 32, "placeholder"),
    ("hash", "pdq:" + "0" * 64, "placeholder"),
    ("email", "Info@post.example", "shared mailbox"),
    ("email", "no-reply+7@post.example", "shared mailbox"),
    ("email", "abuse@post.example", "shared mailbox"),
    ("device", "IDFA 00000000-0000-0000-0000-000000000000", "placeholder"),
    ("imei", "000000000000000", "placeholder"),
    ("mac", "02:00:00:00:00:00", "placeholder"),
    ("mac", "01:00:5e:00:00:01", "multicast"),
    ("domain", "www.instagram.com", "very large site"),
    ("url", "https://www.instagram.com/", "front page"),
    ("url", "http://127.0.0.1:8000/", "loopback"),
    ("wallet", "0x0000000000000000000000000000000000000000", "burn"),
    ("wallet", "0x000000000000000000000000000000000000dEaD", "burn"),
    ("wallet", "1111111111111111111114oLvT2", "burn"),
    ("wallet", "1BitcoinEaterAddressDontSendf59kuE", "burn"),
    ("wallet", "1CounterpartyXXXXXXXXXXXXXXXUWLpVr", "burn"),
    ("wallet", "rrrrrrrrrrrrrrrrrrrrrhoLvTp", "burn"),
    ("wallet", "rrrrrrrrrrrrrrrrrrrrBZbvji", "burn"),
    ("wallet", "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb", "burn"),
    *(
        ("email", f"{name}@post.example", "shared mailbox")
        for name in (
            "no-reply-kestrel",
            "noreply-spam",
            "account-security-noreply",
            "do.not.reply",
            "ne-pas-repondre",
            "nicht-antworten",
            "nao_responda",
            "kontakt",
            "buero",
            "datenschutz",
            "biuro",
            "poczta",
            "contacto",
            "secretariat",
            "school",
            "help-desk",
            "support.de",
            "police",
            "lawenforcement",
            "law-enforcement",
            "cybertip",
            "trust.and.safety",
            "info-2",
            "customer_service",
            "mailer-daemon",
        )
    ),
    ("url", "https://www.instagram.com/accounts/login/?next=%2F", "everybody"),
    ("url", "https://accounts.google.com/v3/signin/identifier", "everybody"),
    ("url", "https://facebook.com/help/contact", "everybody"),
    ("url", "https://play.google.com/store/apps/details?id=com.whatsapp&hl=en", "store"),
    ("url", "https://apps.apple.com/gb/app/telegram-messenger/id686449807", "store"),
    # placeholders, by shape or published
    ("imei", "004999010640000", "test number"),
    ("imei", "123456789012347", "placeholder"),
    ("imei", "012345678901237", "placeholder"),
    ("imei", "358240051111110", "test number"),
    ("imei", "356938030000005", "placeholder"),  # a model's number with nothing behind it
    ("imsi", "001010000000000", "placeholder"),
    ("imsi", "310260000000000", "placeholder"),
    ("imsi", "262019999999999", "placeholder"),
    ("device", "emulator-5556", "placeholder"),
    ("device", "1234567890abcdef", "placeholder"),
    ("device", "0123456789abcdef", "placeholder"),
    ("device", "fedcba9876543210", "placeholder"),
    ("mac", "aa:aa:aa:aa:aa:aa", "placeholder"),
    ("mac", "00:11:22:33:44:55", "placeholder"),
    ("mac", "12:34:56:78:9a:bc", "placeholder"),
    ("mac", "66:55:44:33:22:11", "placeholder"),
    ("account", "examplechat/unknown", "placeholder"),
    ("account", "examplechat/n.a.", "placeholder"),
    ("account", "examplechat/unbekannt", "placeholder"),
    (
        "account",
        "examplechat/\u043d\u0435\u0438\u0437\u0432\u0435\u0441\u0442\u043d\u044b\u0439",
        "placeholder",
    ),
    ("account", "examplechat/id:0", "placeholder"),
    ("account", "examplechat/id:-1", "placeholder"),
    ("account", "examplechat/id:null", "placeholder"),
    ("account", "examplechat/id:-", "placeholder"),
    ("account", "examplechat/examplechat_user", "placeholder"),
    ("account", "examplechat/deleted_user", "placeholder"),
    ("account", "snapchat/teamsnapchat", "service itself"),
    ("account", "slack/id:USLACKBOT", "service itself"),
    ("account", "telegram/id:777000", "service itself"),
    ("account", "unknown/kestrel_blue", "platform is not known"),
    ("account", "None/id:4471", "platform is not known"),
    ("group", "unknown/room-1", "platform is not known"),
    ("group", "examplechat/unknown", "placeholder"),
    ("group", "examplechat/whatsapp", "placeholder"),
    ("handle", "unknown_user", "placeholder"),
    ("handle", "qwerty", "placeholder"),
    ("display_name", "Unknown User", "placeholder"),
    ("display_name", "N/A", "placeholder"),
    ("email", "none@none.example.org", "placeholder"),
    ("email", "unknown@post.example", "placeholder"),
    ("email", "test@post.example", "placeholder"),
    ("email", "no.email@post.example", "placeholder"),
    ("email", "user@example.com", "placeholder"),
    ("email", "your.name@example.org", "placeholder"),
    ("email", "aaa@aaa.org", "placeholder"),
    ("bank_account", "account:00000000", "placeholder"),
    ("bank_account", "account:12345678", "placeholder"),
    ("bank_account", "DE89 3704 0044 0532 0130 00", "published example"),
    ("phone", "+447000000000", "placeholder"),
    ("phone", "+441234567890", "placeholder"),
    ("phone", "+33600000000", "placeholder"),
    ("phone", "+12345678901", "placeholder"),
    ("vehicle", "UNKNOWN1", "placeholder"),
    ("vehicle", "XXX 0000", "placeholder"),
    ("vehicle", "00000", "placeholder"),
    ("vehicle", "XX00 XXX", "placeholder"),
    *(
        ("account", f"examplechat/{name}", "placeholder")
        for name in (
            "0",
            "-1",
            "1",
            "7",
            "00000",
            "xxx",
            "k",
            "user",
            "username",
            "me",
            "owner",
            "test",
            "self",
        )
    ),
    ("account", "instagram/username", "placeholder"),
    ("account", "examplechat/id:7", "placeholder"),
    ("handle", "user", "placeholder"),
    ("device", "12345678-1234-1234-1234-123456789012", "placeholder"),
    ("device", "IDFA deadbeef-dead-beef-dead-beefdeadbeef", "placeholder"),
    ("device", "cafebabe-f00d-c0de-babe-deadbeefcafe", "placeholder"),
    ("device", "77777777-7777-7777-7777-777777777777", "placeholder"),
    ("device", "abababab-abab-abab-abab-abababababab", "placeholder"),
    ("device", "00000000-0000-0000-0000-000000000002", "placeholder"),
    ("device", "0000180f-0000-1000-8000-00805f9b34fb", "placeholder"),  # a Bluetooth service, not a device
    ("device", "123e4567-e89b-12d3-a456-426614174000", "placeholder"),
    ("imei", "490154203237518", "placeholder"),
    ("imei", "4901542032375178", "placeholder"),
    ("imei", "352099001761481", "placeholder"),
    ("imei", "356938031234561", "placeholder"),
    ("phone", "004999010640000", "placeholder"),  # the IMEI of an emulator, not a number in Germany
    *(
        ("hash", hashlib.new(sort, content, usedforsecurity=False).hexdigest(), "everywhere")
        for sort in ("md5", "sha1", "sha256", "sha512")
        for content in (
            b"\n",
            b"\r\n",
            b" ",
            b"\0",
            b"\0" * 512,
            b"hello",
            b"Hello World",
            b"hello\n",
            b"test",
            b"TEST\r\n",
            b"0",
            b"404",
            b"unbekannt",
            b"null",
            b"\xef\xbb\xbf",
        )
    ),
    ("hash", "deadbeef" * 4, "placeholder"),
    ("hash", "0123456789abcdef" * 2, "placeholder"),
    ("email", "a@b.com", "placeholder"),
    ("email", "x@y.org", "placeholder"),
    ("email", "test@test.com", "placeholder"),
    ("email", "foo@bar.com", "placeholder"),
    ("email", "asdf@asdf.com", "placeholder"),
    ("email", "abc@abc.com", "placeholder"),
    ("email", "me@example.com", "placeholder"),
    ("wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "famous"),
    ("wallet", "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", "famous"),
    ("wallet", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "famous"),
    ("url", "https://www.facebook.com/profile.php", "beginning of an address"),
    ("url", "https://www.facebook.com/profile.php?ref=bookmarks&fbclid=x9", "beginning of an address"),
    ("url", "https://discord.gg/invite", "beginning of an address"),
    ("url", "https://discord.com/invite/", "beginning of an address"),
    ("url", "https://www.instagram.com/p/", "beginning of an address"),
    ("url", "https://www.youtube.com/watch", "beginning of an address"),
    ("url", "https://example.com", "examples in manuals"),
    ("domain", "www.example.org", "examples in manuals"),
]


@pytest.mark.parametrize(("kind", "raw", "word"), COMMON)
def test_common_value_says_why(kind: str, raw: str, word: str) -> None:
    assert word in (clean(kind, raw, NOWHERE).common or "")


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("ip", "100.72.3.9"),  # carrier NAT: weak, but not common
        ("ip", "172.32.0.1"),
        ("ip", "2001:db8:4:5::77"),
        ("email", "info.kestrel@post.example"),
        ("email", "j.school@post.example"),
        ("email", "kestrel-support@post.example"),
        ("email", "noreplykestrel@post.example"),
        ("email", "law@post.example"),
        ("email", "de.kestrel@post.example"),
        ("email", "policeman77@post.example"),
        ("url", "https://www.instagram.com/accounts/kestrel/"),
        ("url", "https://files.example.org/login"),
        ("url", "https://www.facebook.com/help_kestrel"),
        ("url", "https://play.google.com/store/apps/details?id=org.example.kestrel"),
        ("url", "https://play.google.com/store/apps/developer?id=Kestrel"),
        ("email", "kestrel@mailinator.com"),  # a throw-away box still has one holder
        ("email", "kestrel@gmail.com"),
        ("hash", "d35c785545392755e7e4164457657269"),
        ("domain", "kestrel.example"),
        ("domain", "instagram.com.example"),
        ("url", "https://www.instagram.com/kestrel_blue"),
        ("mac", "00:00:5e:00:53:af"),
        ("phone", "+44 7700 900123"),
        ("display_name", "info"),
        ("display_name", "No\u00eb Guest"),
        ("imei", "356938035643809"),
        ("imsi", "001010123456789"),
        ("imsi", "234150999999999"),
        ("device", "9f86d081884c7d65"),
        ("mac", "12:34:56:78:9a:bd"),
        ("wallet", "0x0000000000000000000000000000000000000123"),
        ("account", "examplechat/id:55501"),
        ("account", "examplechat/tester_kestrel"),
        ("account", "instagram/user_kestrel"),
        ("account", "instagram/nina"),
        ("group", "examplechat/room 1"),
        ("handle", "nobody_knows_kestrel"),
        ("handle", "kestrel"),
        ("email", "user@post.example"),
        ("email", "kestrel@example.com"),
        ("email", "kestrel@kestrel.example"),
        ("email", "mustermann-kestrel@post.example"),
        ("bank_account", "12-34-56 01234567"),
        ("bank_account", "GB33BUKB20201555555555"),
        ("phone", "+44 7700 900000"),
        ("phone", "+44 1632 960000"),
        ("phone", "+1 202-555-0100"),
        ("vehicle", "AB12 CDE"),
        ("vehicle", "EX-AM 123"),
        ("vehicle", "AAA 111"[:3] + "472"),
        ("vehicle", "XX07 XXA"),
        ("account", "examplechat/kb"),
        ("account", "examplechat/jj"),
        ("account", "examplechat/k7"),
        ("account", "examplechat/user77123"),
        ("account", "examplechat/userkestrel"),
        ("account", "examplechat/471"),
        ("account", "examplechat/id:471"),
        ("account", "examplechat/deft"),
        ("group", "examplechat/me"),
        ("device", "12345678-9f3a-4c71-8d20-123456789012"),
        ("device", "beefcafe-9f3a-4c71-8d20-77e1babe0412"),
        ("device", "000000000001234"),  # a serial number may be filled up
        ("device", "7e57ab1e-0000-1000-8000-00805f9b34fc"),
        ("hash", hashlib.sha256(b"kestrel over the quay").hexdigest()),
        ("hash", "pdq:" + "f0" * 31 + "0f"),
        ("email", "a@kestrel.example"),
        ("email", "k@q7.example"),
        ("email", "foo@post.example"),
        ("email", "12345@qq.com"),
        ("wallet", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ("url", "https://www.facebook.com/profile.php?id=100071"),
        ("url", "https://www.youtube.com/watch?v=kestrel0001"),
        ("url", "https://discord.gg/kestrel"),
        ("url", "https://www.instagram.com/p/Kestrel77/"),
        ("url", "https://kestrel.example/"),  # of a small site, the front page is all there may be
        ("url", "https://kestrel.example/invite"),
        ("url", "https://kestrel.example.org/"),
    ],
)
def test_ordinary_value_is_not_common(kind: str, raw: str) -> None:
    assert clean(kind, raw, NOWHERE).common is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [("100.64.0.0", True), ("100.127.255.255", True), ("100.128.0.0", False), ("100.63.255.255", False)],
)
def test_carrier_nat_is_its_own_question(value: str, expected: bool) -> None:
    assert commons.is_carrier_nat(value) is expected


def test_ipv6_is_never_carrier_nat() -> None:
    assert not commons.is_carrier_nat("2001:db8::1")


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        *(("account", f"kik/{name}") for name in ("user12", "user_12", "player1", "guest99", "88", "69", "abc", "test1", "qwerty")),
        *(("account", f"telegram/id:{number}") for number in ("123456789", "77777777", "12")),
        *(("vehicle", plate) for plate in ("DE-MO 12", "KE-IN 123", "NU-LL 77", "TE-ST 9", "NIL 1234", "AA 11", "LE-ER 5")),
        *(("email", f"{name}@protonmail.com") for name in ("anon", "anonymous", "leer", "guest", "muster", "anonym")),
        *(("email", mail) for mail in ("guest@rolfstein.example", "muster@gmx.de")),
        *(("ip", address) for address in ("2002:5065:4b3a::1", "64:ff9b::5065:4b3a", "2001:0:5065:4b3a:0:d5f:af9a:b4c5")),
        *(("phone", number) for number in ("+45 23456789", "+65 98765432", "+47 99999999", "+65 88888888")),
    ],
)  # fmt: skip
def test_what_only_one_can_hold_is_no_placeholder(kind: str, raw: str) -> None:
    assert clean(kind, raw, Context()).common is None


@pytest.mark.parametrize(
    ("kind", "raw", "why"),
    [
        ("ip", "2002:c0a8:101::1", "private"), ("ip", "64:ff9b::a01:203", "private"), ("ip", "64:ff9b::808:808", "name server"),
        ("account", "kik/n.a.", "placeholder"), ("account", "telegram/id:000000", "placeholder"), ("vehicle", "TEST 000", "placeholder"),
        ("email", "guest@example.com", "placeholder"), ("email", "n.a@gmx.de", "placeholder"), ("phone", "+33 123456789", "placeholder"),
    ],
)  # fmt: skip
def test_what_fills_a_field_is_one_still(kind: str, raw: str, why: str) -> None:
    assert why in (clean(kind, raw, Context()).common or "")
