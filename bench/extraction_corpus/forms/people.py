"""Plates, user names, accounts, rooms and reports: most are told by the words around them only."""

from collections.abc import Callable, Sequence
from random import Random

from bench.extraction_corpus import values as v
from bench.extraction_corpus.forms.base import Make, Written, add
from bench.extraction_corpus.values import pick


def _plate(write: Callable[[str], str]) -> Make:
    def make(rng: Random) -> Written:
        plate = v.plate(rng)
        return Written(write(plate), plate.replace(" ", "").replace("-", ""), "vehicle")

    return make


add("vehicle", "named", _plate(str))
add("vehicle", "small", _plate(str.lower))
add("vehicle", "compact", _plate(lambda text: text.replace(" ", "").replace("-", "")))


def _handle(frames: tuple[str, ...] | str, write: Callable[[str], str] = str) -> Make:
    def make(rng: Random) -> Written:
        value = v.nickname(rng)
        return Written(write(value), value, frames)

    return make


def _other_script(rng: Random) -> Written:
    value = f"{pick(rng, ['синий_мост', 'μπλε_γέφυρα', '青い橋', 'جسر_ازرق', 'גשר_כחול', 'नीला_पुल'])}{v.digits(rng, 3)}"
    return Written(f"@{value}", value, ("thanks {} for the map", "cc {}", "{} was there too"))


_mention = ("thanks {} for the map", "ask {}", "{} said no", "cc {}", "with {} and the others")
add("handle", "at", _handle(_mention, lambda n: f"@{n}"))
add("handle", "at_capitals", _handle(_mention, lambda n: f"@{n.title()}"))
add("handle", "named", _handle("handle"))
add(
    "handle", "quoted", _handle(('username "{}"', "username “{}”", "user name '{}'", "screen name «{}»"), str)
)
add("handle", "other_script", _other_script)

#: How people write platforms, and the one form of each.
PLATFORMS = {
    "snap": "snapchat", "Snapchat": "snapchat", "insta": "instagram", "IG": "instagram", "Instagram": "instagram",
    "kik": "kik", "Telegram": "telegram", "tg": "telegram", "Discord": "discord", "TikTok": "tiktok", "PSN": "playstation",
    "Xbox": "xbox", "Roblox": "roblox", "Skype": "skype", "Wickr": "wickr", "Threema": "threema", "Steam": "steam", "vk": "vk",
}  # fmt: skip
#: Platforms that do not exist: only the way of writing tells that they are meant.
INVENTED = {"Kite Chat": "kitechat", "OtherApp": "otherapp", "ExampleChat": "examplechat"}


_BY_USER = ("<p> user {}", "<p> username {}", "<p> username: {}", "<p> account {}")


def _account_on(names: dict[str, str], frames: tuple[str, ...], write: Callable[[str], str] = str) -> Make:
    def make(rng: Random) -> Written:
        name, nick = pick(rng, list(names)), v.nickname(rng)
        shown = tuple(frame.replace("<p>", name) for frame in frames)
        return Written(write(nick), f"{names[name]}/{nick}", shown, f"{name}/{write(nick)}")

    return make


def _account_written(rng: Random) -> Written:
    name = pick(rng, [*INVENTED, "Telegram", "Instagram"])
    nick = v.nickname(rng)
    return Written(
        f"{name}/{nick}",
        f"{(PLATFORMS | INVENTED)[name]}/{nick}",
        ("account {}", "Account: {}", "his account {} is closed"),
    )


def _account_id(rng: Random) -> Written:
    name, number = pick(rng, list(INVENTED)), v.digits(rng, rng.randrange(5, 11))
    raw = f"{name}/id:{number}"
    return Written(raw, f"{INVENTED[name]}/id:{number}", ("account {}", "Account: {}"))


def _user_id(rng: Random) -> Written:
    name, size = pick(rng, ["Discord", "Telegram", "Roblox"]), rng.randrange(8, 11)
    number = v.digits(rng, 18 if name == "Discord" else size)
    frames = tuple(
        frame.replace("<p>", name) for frame in ("<p> user ID {}", "<p> ID: {}", "<p> user id: {}")
    )
    return Written(number, f"{name.lower()}/id:{number}", frames, f"{name}/id:{number}")


add("account", "platform_colon", _account_on(PLATFORMS, ("<p>: {}", "<p> - {}", "<p> = {}")))
add("account", "platform_at", _account_on(PLATFORMS, ("<p> {}", "<p>: {}"), lambda n: f"@{n}"))
add(
    "account",
    "platform_user",
    _account_on(PLATFORMS, _BY_USER),
)
add("account", "invented_user", _account_on(INVENTED, _BY_USER))
add(
    "account",
    "on_platform",
    _account_on(
        PLATFORMS, ("add {} on <p>", "i am {} on <p>", "my <p> is {}", "find me on <p> as {}", "{} on <p>")
    ),
    "en",
)
add("account", "written", _account_written)
add("account", "id", _account_id)
add("account", "user_id", _user_id)


_ROOMS_ON = ("Telegram", "Discord", "WhatsApp", "Signal")
_BY_GROUP = ("<p> group: {}", "<p> group {}", "<p> room {}", "<p> room: {}")


def _room(write: Callable[[str], str], names: Sequence[str], frames: tuple[str, ...]) -> Make:
    def make(rng: Random) -> Written:
        name = pick(rng, names)
        room = write(f"{pick(rng, v.WORDS).title()} Flyers {rng.randrange(10, 999)}")
        shown = tuple(frame.replace("<p>", name) for frame in frames)
        value = f"{(PLATFORMS | INVENTED).get(name, name.lower())}/{room.lower()}"
        return Written(room, value, shown, f"{name}/{room}")

    return make


def _joined(text: str) -> str:
    return text.replace(" ", "_")


def _room_written(rng: Random) -> Written:
    name = pick(rng, list(INVENTED))
    room = f"Room-{rng.randrange(1, 9999)}"
    return Written(
        f"{name}/{room}",
        f"{INVENTED[name]}/{room.lower()}",
        ("room {}", "the group {} is closed", "Group: {}"),
    )


def _room_jid(rng: Random) -> Written:
    number = f"120363{v.digits(rng, 12)}"
    return Written(
        f"{number}@g.us", f"whatsapp/{number}", ("group {}", "in {} since May", "WhatsApp group {}")
    )


add("group", "written", _room_written)
add("group", "jid", _room_jid)
add(
    "group",
    "platform_named",
    _room(_joined, _ROOMS_ON, _BY_GROUP),
)
add("group", "invented_named", _room(_joined, list(INVENTED), _BY_GROUP))
add("group", "quoted", _room(str, _ROOMS_ON, ('<p> group "{}"', "<p> group “{}”", 'the <p> room "{}"')))


def _shown(*frames: str) -> Make:
    def make(rng: Random) -> Written:
        name = v.shown_name(rng)
        return Written(name, name.lower(), frames)

    return make


add(
    "display_name",
    "quoted",
    _shown('display name "{}"', "display name “{}”", 'Display name: "{}"', 'Displayed name: "{}"'),
)


def _report(write: Callable[[str], str], body: str = "ncmec") -> Make:
    def make(rng: Random) -> Written:
        number = f"99{v.digits(rng, 7)}"
        return Written(
            write(number),
            f"{body}:{number}",
            ("see {}", "Supplement to {}", "Ref. {}", "({})", "linked to {} by the sender"),
        )

    return make


def _our_report(rng: Random) -> Written:
    raw = f"CETS-{pick(rng, ['ESX', 'NMR', 'AB'])}-20{rng.randrange(20, 27)}-{rng.randrange(1, 10**6):06d}"
    return Written(raw, f"cets:{raw.lower()}", ("see {}", "Ref. {}", "{}"))


add("report_number", "ncmec", _report(lambda n: f"NCMEC {n}"))
add("report_number", "ncmec_sign", _report(lambda n: f"NCMEC #{n}"))
add("report_number", "cybertip", _report(lambda n: f"CyberTip: {n}"))
add("report_number", "cybertipline", _report(lambda n: f"CyberTipline Report {n}"))
add("report_number", "cets", _our_report)
