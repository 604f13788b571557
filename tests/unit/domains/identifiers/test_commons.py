"""Values that link nothing by themselves, and ordinary ones that look like them."""

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
        ("email", "kestrel@mailinator.com"),  # a throw-away box still has one holder
        ("email", "kestrel@gmail.com"),
        ("hash", "d35c785545392755e7e4164457657269"),
        ("domain", "kestrel.example"),
        ("domain", "instagram.com.example"),
        ("url", "https://www.instagram.com/kestrel_blue"),
        ("imei", "490154203237518"),
        ("mac", "00:00:5e:00:53:af"),
        ("phone", "+44 7700 900123"),
        ("display_name", "info"),
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
