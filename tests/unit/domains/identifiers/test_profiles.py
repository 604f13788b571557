"""Addresses of profiles and invitations: the account or room itself, so that it meets what others name by name or number."""

import pytest

from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds.base import Context
from cets.domains.identifiers.kinds.profiles import led_to
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import Sighting
from cets.domains.intake.sources.base import Options

SAME = [
    ("account", "instagram/kestrel_blue", "https://www.instagram.com/Kestrel_Blue/", "instagram.com/kestrel_blue?igshid=a1"),
    ("account", "tiktok/kestrel.blue", "https://www.tiktok.com/@kestrel.blue", "hxxps://tiktok[.]com/@kestrel.blue"),
    ("account", "twitter/kestrel_blue", "https://x.com/kestrel_blue", "https://mobile.twitter.com/kestrel_blue?s=20"),
    ("account", "twitter/id:12345678", "https://x.com/i/user/12345678", "https://twitter.com/intent/user?user_id=12345678"),
    ("account", "telegram/kestrel_blue", "https://t.me/kestrel_blue", "telegram.me/Kestrel_Blue"),
    ("account", "snapchat/kestrel.blue", "https://www.snapchat.com/add/kestrel.blue", "https://snapchat.com/@kestrel.blue"),
    ("account", "facebook/kestrel.blue.7", "https://m.facebook.com/kestrel.blue.7", "https://de-de.facebook.com/kestrel.blue.7/"),
    ("account", "facebook/id:100071000000001", "https://www.facebook.com/profile.php?id=100071000000001",
     "https://www.facebook.com/people/Kestrel-Blue/100071000000001/"),
    ("account", "youtube/id:UCAbcdefghijklmnopqrstu0", "https://www.youtube.com/channel/UCAbcdefghijklmnopqrstu0", None),
    ("account", "reddit/kestrel_blue", "https://old.reddit.com/user/kestrel_blue", "https://www.reddit.com/u/kestrel_blue/"),
    ("account", "vk/id:123456789", "https://vk.com/id123456789", "https://m.vk.com/id123456789"),
    ("account", "steam/id:76561198000000001", "https://steamcommunity.com/profiles/76561198000000001/", None),
    ("account", "roblox/id:123456789", "https://www.roblox.com/users/123456789/profile", None),
    ("account", "discord/id:123456789012345678", "https://discord.com/users/123456789012345678", None),
    ("account", "matrix/id:@kestrel:kite.example", "https://matrix.to/#/@kestrel:kite.example", None),
    ("group", "discord/invite:kiteroom7", "https://discord.gg/kiteRoom7", "https://discordapp.com/invite/kiteRoom7"),
    ("group", "telegram/invite:abcdefghijklmnop", "https://t.me/+AbCdEfGhIjKlMnOp", "https://t.me/joinchat/AbCdEfGhIjKlMnOp"),
    ("group", "whatsapp/invite:abcdefghijklmnopqrstuv", "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv", None),
    ("phone", "+447700900123", "https://wa.me/447700900123?text=hi", "https://signal.me/#p/+447700900123"),
    ("phone", "+447700900123", "https://t.me/+447700900123", None),
]  # fmt: skip
PAGES = [
    "https://www.instagram.com/p/CxYzAbCdEfG/", "https://www.instagram.com/explore/tags/kites/", "https://www.instagram.com/accounts/login/",
    "https://x.com/home", "https://x.com/search?q=kites", "https://x.com/kestrel_blue/status/1234567890123456789", "https://t.me/kestrel_blue/55",
    "https://www.facebook.com/records", "https://www.facebook.com/safety/", "https://www.facebook.com/lawenforcement", "https://x.com/safety",
    "https://www.instagram.com/press/", "https://www.twitch.tv/jobs", "https://github.com/sitemap", "https://vk.com/verify",
    "https://t.me/s/kestrel_blue", "https://t.me/addstickers/Kites", "https://www.facebook.com/groups/1234567890", "https://www.facebook.com/login.php",
    "https://www.facebook.com/profile.php", "https://www.facebook.com/watch?v=123", "https://www.facebook.com/photo.php?fbid=123",
    "https://www.twitch.tv/directory", "https://vk.com/feed", "https://vk.com/club123456", "https://vk.com/wall123_4", "https://github.com/kestrel/kite",
    "https://discord.gg/invite", "https://discord.com/channels/123456789012345678/234567890123456789", "https://www.youtube.com/watch?v=a1",
    "https://instagram.com.example/kestrel_blue", "https://post.example/instagram.com/kestrel_blue", "https://notinstagram.com/kestrel_blue",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "one", "other"), SAME)
def test_the_address_of_a_profile_is_the_account(kind: str, value: str, one: str, other: str | None) -> None:
    for address in filter(None, (one, other)):
        (found,) = find(f"see {address}, please", Context(country="GB")).found
        assert (found.value.kind, found.value.value, found.raw) == (kind, value, address)


@pytest.mark.parametrize(("kind", "value", "one", "other"), SAME)
def test_a_field_of_addresses_is_read_so_too(kind: str, value: str, one: str, other: str | None) -> None:
    for address in filter(None, (one, other)):
        (row,) = Reader(Options(country="GB")).declared("url", address, place="line 1", role="victim")
        assert isinstance(row, Sighting)
        assert (row.value.kind, row.value.value, row.value.raw, row.role) == (kind, value, address, "victim")


@pytest.mark.parametrize("address", PAGES)
def test_any_other_page_is_a_page(address: str) -> None:
    assert led_to(address) is None
    (found,) = find(f"see {address}, please", Context(country="GB")).found
    assert (found.value.kind, found.raw) == ("url", address)


SESSION = "05" + "0a1b2c3d4e5f6789" * 4


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (f"add me on session {SESSION.upper()}.", "account", f"session/id:{SESSION}"),
        (f"我的session是{SESSION}谢谢", "account", f"session/id:{SESSION}"),
        ("matrix: @Kestrel:kite.example.", "account", "matrix/id:@kestrel:kite.example"),
        ("I am @kestrel:matrix.kite.example", "account", "matrix/id:@kestrel:matrix.kite.example"),
        ("my matrix is @kestrel_7", "handle", "kestrel_7"),
        ("matrix: kestrel_7", "handle", "kestrel_7"),
    ],
)
def test_an_account_is_told_in_full(text: str, kind: str, value: str) -> None:
    """A name on Matrix is another's on every server: it is no account without it."""
    (found,) = find(text, Context(country="GB")).found
    assert (found.value.kind, found.value.value) == (kind, value)


@pytest.mark.parametrize(
    ("platform", "name"), [("Session", SESSION.upper()), ("Matrix", "@Kestrel:kite.example")]
)
def test_a_field_has_the_same_account(platform: str, name: str) -> None:
    (row,) = Reader(Options()).declared("account", name, place="line 1", platform=platform)
    assert isinstance(row, Sighting)
    assert row.value.value == f"{platform.lower()}/id:{name.lower()}"


@pytest.mark.parametrize(
    "text", [f"x{SESSION}", f"{SESSION}0", f"06{SESSION[2:]}", "@kestrel:kite.example said"]
)
def test_nothing_else_is_such_an_account(text: str) -> None:
    assert not [one for one in find(text, Context(country="GB")).found if one.value.kind == "account"]
