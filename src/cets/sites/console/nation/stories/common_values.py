"""Values that must not shout: they are in many reports, or say nothing about a person."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from cets.sites.console.nation import personas, plant
from cets.sites.console.nation.draw import Draw, digest
from cets.sites.console.nation.formats import mail, prose
from cets.sites.console.nation.model import Calendar, Capture, Delivery, Forbidden, Story, Upload

SCHOOL_WIFI = "192.0.2.200"
VIRAL = Upload("funny-cat-poster.jpg", digest("md5", "viral poster"), viewed=True)
COMMON_NAME = "Kes"
EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e"
EMPTY_SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
RESOLVER = "9.9.9.9"
SHARED_MAILBOX = "info@larkline.example"
CROWD = 24
_CROWD_AGENCIES = ("ESX", "NMR", "WVL", "NFP")

#: Common by the value alone; what common by its many holders is, the ledger of planted values tells.
BY_VALUE = {
    ("hash", f"md5:{EMPTY_MD5}"): "hash of an empty file",
    ("hash", f"sha1:{EMPTY_SHA1}"): "hash of an empty file",
    ("ip", RESOLVER): "public resolver",
    ("ip", "192.168.1.20"): "private address",
    ("ip", "127.0.0.1"): "loopback address",
    ("email", SHARED_MAILBOX): "shared mailbox",
}


def tell(calendar: Calendar, draw: Draw) -> Story:
    story = Story(list(_crowd(calendar, draw)))
    story.deliveries += _empty_files(calendar, draw)
    story.deliveries += _shared_mailbox(calendar, draw)
    story.deliveries += _networks(calendar, draw)
    story.forbidden += [
        Forbidden(kind, value, f"common value: {reason}") for (kind, value), reason in BY_VALUE.items()
    ]
    return story


def _crowd(calendar: Calendar, draw: Draw) -> Iterator[Delivery]:
    """Unrelated reports of four agencies: one display name in all, one Wi-Fi and one viral file in most."""
    school_day = calendar.ago(20)
    for number in range(CROWD):
        at = calendar.ago(18, hours=-number)
        known = replace(personas.persona(draw, at, platform="Larkline"), display=COMMON_NAME)
        if number > 1:
            seen_at = school_day + timedelta(minutes=7 * number)
            known = replace(known, captures=(Capture(SCHOOL_WIFI, "Login", seen_at, 30_000 + number),))
        tip = personas.tip(draw, at, known, uploads=(VIRAL,) if number else (), lines=2)
        yield Delivery(
            id=f"common-crowd-{number + 1:02d}",
            agency=_CROWD_AGENCIES[number % 4],
            sharing="open" if number % 3 == 0 else "contact",
            received=at,
            about="A pupil's log-in over a school's Wi-Fi, a viral file and a display name that many use.",
            document=personas.layout(tip, "a" if number % 2 else "b"),
            channel="provider channel",
            story="common",
        )


def _empty_files(calendar: Calendar, draw: Draw) -> Iterator[Delivery]:
    for number, agency in enumerate(("ESX", "WVL")):
        at = calendar.ago(15, hours=number)
        empty = Upload("empty.jpg", EMPTY_MD5, EMPTY_SHA1)
        tip = personas.tip(draw, at, personas.persona(draw, at), uploads=(empty, personas.upload(draw)))
        yield Delivery(
            id=f"common-empty-file-{agency.lower()}",
            agency=agency,
            sharing="open",
            received=at,
            about="Holds the hash of an empty file.",
            document=personas.layout(tip, "zip" if number else "a"),
            channel="provider channel",
            story="common",
        )


def _shared_mailbox(calendar: Calendar, draw: Draw) -> Iterator[Delivery]:
    for number, agency in enumerate(("NMR", "NFP")):
        at = calendar.ago(14, hours=number)
        address = draw.mail(draw.handle())
        sender = " ".join(draw.name())
        letter = mail.Mail(
            sender=(sender, address),
            to=SHARED_MAILBOX,
            subject="A question about an account",
            text="I wrote to the platform and now to you. The talk was about a game lobby.\n",
            at=at,
            number=1400 + number,
        )
        planted = (
            plant.email(address, role="reporter"),
            plant.display_name(sender, role="reporter"),
            plant.email(SHARED_MAILBOX),
        )
        yield Delivery(
            id=f"common-mailbox-{agency.lower()}",
            agency=agency,
            sharing="open",
            received=at,
            about="Holds a mailbox that many people read.",
            document=mail.eml(letter, planted),
            channel="e-mail of a citizen",
            story="common",
        )


def _networks(calendar: Calendar, draw: Draw) -> Iterator[Delivery]:
    for number, agency in enumerate(("ESX", "NCC")):
        handle = draw.handle()
        text = (
            f"Copied from the log of a router. Account {handle} on OtherApp.\n"
            f"resolver {RESOLVER}\nlocal host 127.0.0.1\nthis computer 192.168.1.20\n"
        )
        planted = (
            plant.account("OtherApp", handle, way="mentioned"),
            plant.ip(RESOLVER, way="mentioned"),
            plant.ip("127.0.0.1", way="mentioned"),
            plant.ip("192.168.1.20", way="mentioned"),
        )
        yield Delivery(
            id=f"common-networks-{agency.lower()}",
            agency=agency,
            sharing="open",
            received=calendar.ago(13, hours=number),
            about="Holds a public resolver, a private address and the loopback address.",
            document=prose.text(text, planted),
            channel="handed over at the counter",
            story="common",
        )
