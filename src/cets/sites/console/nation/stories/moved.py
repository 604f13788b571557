"""S7: a subject moves to another force's area. The new force's first enquiry hits the older record."""

from cets.sites.console.nation import plant
from cets.sites.console.nation.draw import Draw
from cets.sites.console.nation.formats import prose, tables
from cets.sites.console.nation.model import Calendar, Delivery, Planted, Story

PHONE = "+447700900163"
MAIL = "g.ochre.repairs@mail.example"
#: No registration begins with QX: it cannot be on a road.
VEHICLE, VEHICLE_WRITTEN = "QX21KTE", "QX21 KTE"


def tell(calendar: Calendar, _draw: Draw) -> Story:
    return Story([_older_note(calendar), _visits(calendar), _first_enquiry(calendar)])


def _older_note(calendar: Calendar) -> Delivery:
    at = calendar.ago(410, hours=-3)
    text = (
        "Home visit, subject of an earlier report, category: unsolicited messages to a child.\n\n"
        f"He uses the phone {plant.national(PHONE)} and the mail address {MAIL}.\n"
        f"He drives a grey van, vehicle registration {VEHICLE_WRITTEN}.\n"
        "He says that he looks for work in another county.\n"
    )
    planted = (
        plant.phone(PHONE, way="mentioned", raw=plant.national(PHONE)),
        plant.email(MAIL, way="mentioned"),
        plant.other("vehicle", VEHICLE, way="mentioned", raw=VEHICLE_WRITTEN),
    )
    return Delivery(
        id="s7-home-visit",
        agency="NMR",
        sharing="contact",
        received=at,
        about="Northmoor's note of a home visit, over a year old: a phone, a mail address, a van.",
        document=prose.note("P. Ochre, Northmoor Police", at, text, planted),
        officer="ochre@nmr.example",
        story="S7",
    )


def _visits(calendar: Calendar) -> Delivery:
    rows = [("Visit", "Visited at (UTC)", "Vehicle registration", "Remark")]
    planted: list[Planted] = []
    for number, plate in enumerate((VEHICLE_WRITTEN, "QX19 LRK", "QX20 WRN"), 1):
        rows.append(
            (str(number), f"{calendar.ago(400 - number):%Y-%m-%dT%H:%M:%SZ}", plate, "seen in the drive")
        )
        planted.append(plant.other("vehicle", plate.replace(" ", ""), raw=plate))
    return Delivery(
        id="s7-visits",
        agency="NMR",
        sharing="contact",
        received=calendar.ago(390),
        about="Northmoor's list of vehicles seen on visits.",
        document=tables.csv_file(rows, planted, delimiter=";"),
        officer="ochre@nmr.example",
        story="S7",
    )


def _first_enquiry(calendar: Calendar) -> Delivery:
    at = calendar.ago(0, hours=16)
    text = (
        "First enquiry. A leader of a youth club in Westvale asks about a new helper.\n\n"
        f"He came in a van, vehicle registration {VEHICLE}, and left the "
        f"phone number {plant.spaced(PHONE)}.\n"
        "Nothing is known about him here.\n"
    )
    planted = (
        plant.other("vehicle", VEHICLE, way="mentioned", raw=VEHICLE),
        plant.phone(PHONE, way="mentioned", raw=plant.spaced(PHONE)),
    )
    return Delivery(
        id="s7-first-enquiry",
        agency="WVL",
        sharing="contact",
        received=at,
        about="Westvale's first enquiry about a newcomer: the same van and the same phone.",
        document=prose.note("C. Teal, Westvale Constabulary", at, text, planted),
        officer="teal@wvl.example",
        story="S7",
    )
