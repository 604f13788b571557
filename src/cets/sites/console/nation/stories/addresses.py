"""IP addresses meet only when their times can, and on carrier NAT only with the same port."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cets.sites.console.nation import personas
from cets.sites.console.nation.draw import Draw
from cets.sites.console.nation.model import Calendar, Capture, Delivery, Forbidden, Story

NAT = "100.72.3.9"
SAME_LINE = "192.0.2.91"
BOGUS_ZONE = "192.0.2.92"


@dataclass(frozen=True, slots=True)
class _Seen:
    ident: str
    agency: str
    about: str
    capture: Capture
    layout: str = "a"


def tell(calendar: Calendar, draw: Draw) -> Story:
    story = Story()
    seen_at = calendar.ago(5, hours=2)
    for number, seen in enumerate((*_carrier_nat(seen_at), *_far_apart(seen_at))):
        story.deliveries.append(_delivery(calendar, draw, seen, 4.5 - number / 10))
    story.deliveries.append(_bogus_zone(calendar, draw))
    story.forbidden += [
        Forbidden("ip", NAT, "carrier NAT, another port", "ip-nat-a", "ip-nat-other-port"),
        Forbidden("ip", SAME_LINE, "250 days apart: addresses are given to others", "ip-day-0", "ip-day-250"),
    ]
    return story


def _carrier_nat(seen_at: datetime) -> Iterator[_Seen]:
    soon = seen_at + timedelta(seconds=45)
    yield _Seen("ip-nat-a", "ESX", "Carrier NAT with a port.", Capture(NAT, "Login", seen_at, 41001))
    yield _Seen(
        "ip-nat-same-port", "WVL", "The same carrier address and port.", Capture(NAT, "Login", soon, 41001)
    )
    yield _Seen("ip-nat-other-port", "NMR", "The same carrier address, another port: another subscriber.",
                Capture(NAT, "Login", soon, 52002))  # fmt: skip
    yield _Seen(
        "ip-nat-no-port", "NFP", "The same carrier address without a port: weak.", Capture(NAT, "Login", soon)
    )


def _far_apart(seen_at: datetime) -> Iterator[_Seen]:
    for days, agency, layout in ((0, "ESX", "a"), (100, "NMR", "b"), (250, "WVL", "xml")):
        capture = Capture(SAME_LINE, "Login", seen_at - timedelta(days=days))
        yield _Seen(
            f"ip-day-{days}", agency, f"One address, seen {days} days before the first.", capture, layout
        )
    yield _Seen(
        "ip-no-time", "NCC", "The same address without a time: weak.", Capture(SAME_LINE, "Login"), "xml"
    )


def _delivery(calendar: Calendar, draw: Draw, seen: _Seen, days: float) -> Delivery:
    at = calendar.ago(days)
    known = replace(personas.persona(draw, at), captures=(seen.capture,))
    return Delivery(
        id=seen.ident,
        agency=seen.agency,
        sharing="open",
        received=at,
        about=seen.about,
        document=personas.layout(personas.tip(draw, at, known), seen.layout),
        channel="provider channel",
        story="addresses",
    )


def _bogus_zone(calendar: Calendar, draw: Draw) -> Delivery:
    at = calendar.ago(3.5)
    raw = f"{calendar.ago(6):%Y-%m-%dT%H:%M:%S}+2:00Z"
    capture = Capture(BOGUS_ZONE, "Login", calendar.ago(6), 40404, at_raw=raw)
    known = replace(personas.persona(draw, at), captures=(capture,))
    return Delivery(
        id="ip-bogus-zone",
        agency="ESX",
        sharing="contact",
        received=at,
        about="A time with a zone that cannot be: two hours ahead, and yet UTC.",
        document=personas.layout(personas.tip(draw, at, known), "a"),
        channel="provider channel",
        story="addresses",
        expects={"ambiguous": [raw]},
    )
