"""What a phone recorded: calls and pages visited, copied from it and handed in as one archive."""

from datetime import timedelta

from cets.sites.console.nation import plant
from cets.sites.console.nation.draw import Draw
from cets.sites.console.nation.formats.archive import bundle
from cets.sites.console.nation.formats.phone import Call, Visit, calls, history
from cets.sites.console.nation.model import Calendar, Delivery, Story

#: Taken where the draw has no number left.
OFTEN, ONCE = "+447700900173", "+447700900174"
_IN, _OUT, _MISSED = 1, 2, 3


def tell(calendar: Calendar, draw: Draw) -> Story:
    """Return one delivery: the copy of a phone that an officer hands in."""
    often, once = draw.phone("GB") or OFTEN, draw.phone("GB") or ONCE
    mail, forum = draw.mail(draw.handle()), "https://forum.harbour.example/thread/17"
    start = calendar.ago(9).replace(hour=16, minute=5, second=12)
    made = [
        Call(often, start, 0, _MISSED),
        Call(often, start + timedelta(minutes=3), 305, _IN, "Tern"),
        Call(once, start + timedelta(hours=2), 41, _OUT),
        Call(often, start + timedelta(days=1, minutes=12), 1_290, _OUT, "Tern"),
        Call(often, start + timedelta(days=4), 17, _IN, "Tern"),
    ]
    opened = [
        Visit("https://search.example/?q=kite+makers", "kite makers", start, 20, "kite makers"),
        Visit(forum, "Kite makers, page 2", start + timedelta(minutes=1), 410),
        Visit("https://mail.example/inbox", f"Inbox of {mail}", start + timedelta(minutes=9), 95),
        Visit("https://www.example/weather", "Weather", start + timedelta(days=1), 12),
        Visit(forum, "Kite makers, page 3", start + timedelta(days=1, minutes=4), 1_100),
    ]
    document = bundle(
        [
            (
                "phone/contacts2.db",
                calls(made, [plant.phone(number, raw=number) for number in (often, once)]),
            ),
            (
                "phone/History",
                history(opened, [plant.email(mail, way="mentioned"), plant.url(forum)]),
            ),
        ]
    )
    delivery = Delivery(
        id="odd-phone-copy",
        agency="ESX",
        sharing="contact",
        received=calendar.ago(0.6),
        about="The calls and the browsing history of a phone, in one archive.",
        document=document,
        channel="file drop",
        story="oddities",
    )
    return Story([delivery])
