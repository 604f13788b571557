"""S8: two agencies hit the same identifier at each pair of sharing levels: all nine cells of the table."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cets.sites.console.nation import personas, plant
from cets.sites.console.nation.agencies import get_agency, intake_officer
from cets.sites.console.nation.draw import Draw, bitcoin_address, digest, iban, imei, profile_url
from cets.sites.console.nation.formats import prose, tables
from cets.sites.console.nation.model import (
    LEVELS,
    Calendar,
    Cell,
    Delivery,
    Document,
    Level,
    Planted,
    Story,
    Upload,
)

MINE = "ESX"
_OTHERS = ("NMR", "WVL", "NCC")
_OF_PROVIDERS = {"account", "device", "hash"}
_PLATFORM = "Heron Games"


@dataclass(frozen=True, slots=True)
class Shared:
    """What the two reports of one cell share. `words` introduces it in a note, `heading` in a table."""

    kind: str
    value: str
    raw: str
    words: str
    heading: str


_SHARED = (
    Shared("account", "herongames/marsh_lark", "marsh_lark", "", ""),
    Shared(
        "email", "marsh.wagtail@mail.example", "marsh.wagtail@mail.example", "mail address", "Suspect email"
    ),
    Shared("phone", "+447700900151", "+44 7700 900151", "phone number", "Suspect phone"),
    Shared(
        "device", "idfa:7e7e0000-1111-4222-8333-0a00000000d4", "7E7E0000-1111-4222-8333-0A00000000D4", "", ""
    ),
    Shared(
        "wallet", f"btc:{bitcoin_address('s8')}", bitcoin_address("s8"), "bitcoin address", "Bitcoin address"
    ),
    Shared("imei", imei(8), imei(8), "IMEI", "IMEI"),
    Shared("vehicle", "QX22SND", "QX22 SND", "vehicle registration", "Vehicle registration"),
    Shared("bank_account", f"iban:{iban(80_008)}", iban(80_008), "IBAN", "IBAN"),
    Shared("hash", f"md5:{digest('md5', 's8 file')}", digest("md5", "s8 file"), "", ""),
)


def tell(calendar: Calendar, draw: Draw) -> Story:
    story = Story()
    pairs = [(mine, theirs) for mine in LEVELS for theirs in LEVELS]
    for number, ((mine, theirs), shared) in enumerate(zip(pairs, _SHARED, strict=True)):
        cell = Cell(
            mine, theirs, shared.kind, shared.value, f"s8-{mine}-{theirs}-mine", f"s8-{mine}-{theirs}-theirs"
        )
        other, hour = _OTHERS[number % 3], calendar.ago(hours=number)
        first, later = hour - timedelta(days=30 - number), hour - timedelta(days=12 - number)
        story.cells.append(cell)
        story.deliveries += [
            _delivery(draw, shared, ident=cell.their_delivery, agency=other, level=theirs, at=first),
            _delivery(draw, shared, ident=cell.my_delivery, agency=MINE, level=mine, at=later),
        ]
    return story


def _delivery(draw: Draw, shared: Shared, *, ident: str, agency: str, level: Level, at: datetime) -> Delivery:
    write = _written_by_provider if shared.kind in _OF_PROVIDERS else _written_by_officer
    document = write(draw, at, agency, shared)
    by_hand = document.source != "cybertip_json"
    return Delivery(
        id=ident,
        agency=agency,
        sharing=level,
        received=at,
        about=f"Shares one {shared.kind.replace('_', ' ')} with another agency's report, at level {level}.",
        document=document,
        officer=intake_officer(agency).login if by_hand else None,
        channel=None if by_hand else "provider channel",
        story="S8",
    )


def _written_by_provider(draw: Draw, at: datetime, agency: str, shared: Shared) -> Document:
    known = personas.persona(draw, at, platform=_PLATFORM)
    if shared.kind == "account":
        known = replace(known, handle=shared.raw)
    if shared.kind == "device":
        known = replace(known, devices=(("IDFA", shared.raw),))
    uploads = (Upload("lobby.jpg", shared.raw),) if shared.kind == "hash" else ()
    tip = personas.tip(draw, at, known, uploads=uploads, lines=3)
    return personas.layout(tip, "a" if agency == MINE else "b")


def _written_by_officer(draw: Draw, at: datetime, agency: str, shared: Shared) -> Document:
    return _note(draw, at, agency, shared) if agency == MINE else _table(draw, shared)


def _note(draw: Draw, at: datetime, agency: str, shared: Shared) -> Document:
    handle = draw.handle()
    url = profile_url(_PLATFORM, handle)
    text = (
        f"Call of a parent about {url}.\n\n"
        f"The person there gave the {shared.words} {shared.raw}.\n"
        "The talk was about the game lobby and homework.\n"
    )
    planted = (
        plant.url(url, way="mentioned"),
        plant.other(shared.kind, shared.value, way="mentioned", raw=shared.raw),
    )
    return prose.note(f"{intake_officer(agency).name}, {get_agency(agency).name}", at, text, planted)


def _table(draw: Draw, shared: Shared) -> Document:
    rows = [("Line", "Platform", "Suspect account", shared.heading)]
    planted: list[Planted] = [plant.other(shared.kind, shared.value, role="suspect", raw=shared.raw)]
    for number, value in enumerate((shared.raw, "", ""), 1):
        handle = draw.handle()
        rows.append((str(number), _PLATFORM, handle, value))
        planted.append(plant.account(_PLATFORM, handle, role="suspect"))
    return tables.csv_file(rows, planted)
