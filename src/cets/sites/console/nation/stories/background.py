"""The everyday post: many small reports in every format, most about strangers, some about one person."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cets.sites.console.nation import personas, plant
from cets.sites.console.nation.agencies import get_agency, intake_officer
from cets.sites.console.nation.draw import Draw
from cets.sites.console.nation.formats import mail, prose, tables
from cets.sites.console.nation.formats.archive import bundle
from cets.sites.console.nation.formats.chat import Said, Style, export
from cets.sites.console.nation.model import Calendar, Delivery, Document, Level, Persona, Planted

NORMAL_COUNT = 110
_AGENCIES = ("ESX", "ESX", "NMR", "NMR", "WVL", "WVL", "NFP", "NCC", "NDC")
_LEVELS: tuple[Level, ...] = ("contact",) * 7 + ("open",) * 2 + ("silent",)
_REPEATED = 0.12  # of the personas that a force meets, this share is already known to another
_KEPT = 400  # personas that may turn up again
_SPAN_DAYS = 120
_US_AGENCIES = {"NFP"}

Writer = Callable[[Draw, datetime, str, Persona], Document]


def tell(calendar: Calendar, draw: Draw, count: int) -> Iterator[Delivery]:
    known: list[Persona] = []
    for number in range(1, count + 1):
        agency = draw.pick(_AGENCIES)
        at = calendar.ago(draw.whole(1, _SPAN_DAYS), minutes=draw.whole(0, 1439))
        name, writer = _writer(draw)
        document = writer(draw, at, agency, _subject(draw, at, agency, known))
        channel = _CHANNELS.get(name)
        yield Delivery(
            id=f"b-{number:05d}",
            agency=agency,
            sharing=draw.pick(_LEVELS),
            received=at,
            about="Everyday post.",
            document=document,
            officer=None if channel else intake_officer(agency).login,
            channel=channel,
        )


def _writer(draw: Draw) -> tuple[str, Writer]:
    names = tuple(_WRITERS)
    weights = [_WRITERS[name][0] for name in names]
    name = draw.random.choices(names, weights)[0]
    return name, _WRITERS[name][1]


def _subject(draw: Draw, at: datetime, agency: str, known: list[Persona]) -> Persona:
    """Return somebody new, or somebody of whom another report holds one or two values."""
    person = personas.with_device(draw, personas.persona(draw, at))
    country = "US" if agency in _US_AGENCIES else "GB"
    person = personas.with_phone(draw, person, country) if draw.chance(0.5) else person
    if known and draw.chance(_REPEATED):
        return _meets(draw, person, draw.pick(known))
    known.append(person)
    if len(known) > _KEPT:
        known.pop(0)
    return person


def _meets(draw: Draw, person: Persona, earlier: Persona) -> Persona:
    shared = draw.pick(("emails", "devices", "phones", "account"))
    if shared == "emails":
        return replace(person, emails=earlier.emails)
    if shared == "devices":
        return replace(person, devices=earlier.devices)
    if shared == "phones" and earlier.phones:
        return replace(person, phones=earlier.phones)
    return replace(
        person,
        platform=earlier.platform,
        handle=earlier.handle,
        account_id=earlier.account_id,
        url=earlier.url,
    )


def _tip(draw: Draw, at: datetime, _agency: str, person: Persona) -> Document:
    people = [person]
    if draw.chance(0.5):
        people.append(
            personas.persona(draw, at, role=draw.pick(("victim", "recipient")), platform=person.platform)
        )
    layout = draw.pick(("a", "a", "a", "b", "b", "xml", "xml"))
    files = () if layout == "xml" else tuple(personas.upload(draw) for _ in range(draw.whole(0, 2)))
    return personas.layout(personas.tip(draw, at, *people, uploads=files, lines=draw.whole(0, 8)), layout)


def _bundle(draw: Draw, at: datetime, agency: str, person: Persona) -> Document:
    tip = personas.tip(draw, at, person, uploads=(personas.upload(draw),))
    members = [("report.json", personas.layout(tip, "a")), ("read-me.txt", _slip(draw, at, agency, person))]
    return bundle(members)


def _slip(draw: Draw, _at: datetime, _agency: str, person: Persona) -> Document:
    planted = [plant.email(address, way="mentioned") for address in person.emails]
    text = f"{draw.talk()}\nThe mail address is {', '.join(person.emails)}.\n{draw.talk()}\n"
    return prose.text(text, planted)


def _lines(draw: Draw, at: datetime, _agency: str, person: Persona) -> Document:
    rows, planted = _table(draw, at, person)
    return tables.csv_file(rows, planted, delimiter=draw.pick((",", ";", "\t")))


def _workbook(draw: Draw, at: datetime, _agency: str, person: Persona) -> Document:
    rows, planted = _table(draw, at, person)
    return tables.xlsx_file(rows, planted)


def _table(draw: Draw, at: datetime, person: Persona) -> tuple[list[tuple[str, ...]], list[Planted]]:
    rows: list[tuple[str, ...]] = [
        ("Line", "Platform", "Suspect account", "Suspect email", "Seen at", "IP", "Port")
    ]
    planted: list[Planted] = []
    people = [person, *(personas.persona(draw, at) for _ in range(draw.whole(2, 6)))]
    for number, one in enumerate(people, 1):
        capture = one.captures[0]
        seen_at = f"{capture.at:%Y-%m-%dT%H:%M:%SZ}"
        rows.append(
            (
                str(number),
                one.platform,
                one.handle or "",
                one.emails[0],
                seen_at,
                capture.address,
                str(capture.port),
            )
        )
        planted += [
            plant.account(one.platform, one.handle or "", role="suspect"),
            plant.email(one.emails[0], role="suspect"),
            plant.ip(
                capture.address, *([capture.at] if capture.at else []), port=capture.port, role="suspect"
            ),
        ]
    return rows, planted


def _chat(draw: Draw, at: datetime, agency: str, person: Persona) -> Document:
    style: Style = "android_us" if agency in _US_AGENCIES else draw.pick(("ios", "android"))
    start = Calendar(at).plain_day(2)
    friend = " ".join(draw.name())
    writer = plant.spaced(person.phones[0]) if person.phones else " ".join(draw.name())
    texts = [draw.talk() for _ in range(draw.whole(4, 14))]
    texts.insert(3, f"write to {person.emails[0]}")
    said = [
        Said(start + timedelta(minutes=3 * n), text, (friend, writer)[n % 2]) for n, text in enumerate(texts)
    ]
    sender = plant.phone(person.phones[0], raw=writer) if person.phones else plant.display_name(writer)
    planted = (sender, plant.display_name(friend), plant.email(person.emails[0], way="mentioned"))
    return export(style, said, planted)


def _one_mail(draw: Draw, at: datetime, agency: str, person: Persona) -> tuple[mail.Mail, list[Planted]]:
    sender = " ".join(draw.name())
    address = draw.mail(draw.handle())
    text = f"{draw.talk()}\n\nThe page is {person.url} and the mail is {person.emails[0]}.\n\n{draw.talk()}\n"
    letter = mail.Mail(
        sender=(sender, address),
        to=get_agency(agency).mailbox,
        subject=draw.pick(("A question", "About a page", "For your desk", "Please read")),
        text=text,
        at=at,
        number=draw.serial(),
    )
    planted = [
        plant.display_name(sender, role="reporter"),
        plant.email(address, role="reporter"),
        plant.url(person.url or "", way="mentioned"),
        plant.email(person.emails[0], way="mentioned"),
    ]
    return letter, planted


def _letter(draw: Draw, at: datetime, agency: str, person: Persona) -> Document:
    letter, planted = _one_mail(draw, at, agency, person)
    return mail.eml(letter, planted)


def _mailbox(draw: Draw, at: datetime, agency: str, person: Persona) -> Document:
    letters, planted = [], []
    for number, one in enumerate((person, personas.persona(draw, at), personas.persona(draw, at))):
        letter, values = _one_mail(draw, at - timedelta(hours=50 - 20 * number), agency, one)
        letters.append(letter)
        planted += values
    return mail.mbox(letters, planted)


def _text(draw: Draw, at: datetime, agency: str, person: Persona) -> Document:
    return _slip(draw, at, agency, person)


def _note(draw: Draw, at: datetime, agency: str, person: Persona) -> Document:
    planted = [plant.url(person.url or "", way="mentioned")]
    text = f"Call about the page {person.url}.\n{draw.talk()}\n"
    for number in person.phones:
        text += f"The caller gave the phone number {plant.spaced(number)}.\n"
        planted.append(plant.phone(number, way="mentioned", raw=plant.spaced(number)))
    author = f"{intake_officer(agency).name}, {get_agency(agency).name}"
    return prose.note(author, at, text, planted)


_WRITERS: dict[str, tuple[int, Writer]] = {
    "tip": (52, _tip),
    "bundle": (5, _bundle),
    "lines": (7, _lines),
    "workbook": (5, _workbook),
    "chat": (9, _chat),
    "letter": (8, _letter),
    "mailbox": (3, _mailbox),
    "text": (4, _text),
    "note": (7, _note),
}

#: What does not come by a channel is taken in by an officer.
_CHANNELS = {
    "tip": "provider channel",
    "bundle": "provider channel",
    "letter": "e-mail of a citizen",
    "mailbox": "e-mail of a citizen",
}
