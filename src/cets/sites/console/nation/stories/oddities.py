"""Files as they really come: doubtful dates, wrong digits, the same file again, a file nobody understands."""

from dataclasses import replace
from datetime import datetime, timedelta

from cets.sites.console.nation import personas, plant
from cets.sites.console.nation.draw import TALK, Draw, iban, imei
from cets.sites.console.nation.formats import prose, tables
from cets.sites.console.nation.formats.chat import Said, export
from cets.sites.console.nation.model import (
    Calendar,
    Delivery,
    Document,
    Forbidden,
    Planted,
    Story,
)

ORDER = "Order 4471-0093-2281"
VERSION = "version 4.12.0.7"
PHONE = "+447700900171"
_ABOUT = {
    "odd-enquiry-lines": "Twelve lines of enquiry; the date can be read two ways.",
    "odd-heading-row-two": "Subscriber data: headings in the second row, and days that can be read two ways.",
    "odd-wrong-digits": "An IMEI and an IBAN whose check digits are wrong.",
    "odd-swappable-chat": "A chat of one day, 03/04: nothing in it tells April from March.",
    "odd-impossible-number": "A national number of another country: it stays as written.",
    "odd-unreadable": "A file that nobody understands: kept, sealed, and said so.",
    "odd-foreign-json": "JSON, but no report: kept and said so.",
    "odd-same-file": "A provider's report.",
    "odd-same-file-again": "The same file once more: a duplicate.",
    "odd-same-file-elsewhere": "The same file at another agency, named .txt: a hit.",
    "odd-number-at-home": "A British number as written at home.",
    "odd-number-abroad": "The same number as written abroad.",
    "odd-alias-esx": "A handle and a mail address that look like another's: weak, never the same.",
    "odd-alias-nmr": "A handle and a mail address that look like another's: weak, never the same.",
    "odd-decoys-esx": "An order number, a price, a version, a file name: none of them is an identifier.",
    "odd-decoys-nfp": "An order number, a price, a version, a file name: none of them is an identifier.",
}


def tell(calendar: Calendar, draw: Draw) -> Story:
    story = Story(
        [
            _enquiry_lines(calendar, draw),
            _heading_in_row_two(calendar, draw),
            _wrong_digits(calendar, draw),
            _swappable_chat(calendar, draw),
            _impossible_national(calendar),
            _unreadable(calendar),
            _foreign_json(calendar),
        ]
    )
    story.deliveries += _same_file(calendar, draw)
    story.deliveries += _national_number(calendar)
    story.deliveries += _aliases(calendar, draw)
    story.deliveries += _decoys(calendar)
    story.forbidden += _decoy_rules()
    return story


def _by_hand(ident: str, agency: str, at: datetime, document: Document) -> Delivery:
    return Delivery(
        id=ident,
        agency=agency,
        sharing="contact",
        received=at,
        about=_ABOUT[ident],
        document=document,
        channel="file drop",
        story="oddities",
    )


def _enquiry_lines(calendar: Calendar, draw: Draw) -> Delivery:
    april, _ = calendar.swappable_day()
    raw = f"{april:%d/%m/%Y} 21:10"
    rows = [("Line", "Platform", "Suspect account", "Suspect email", "IP", "Port", "Seen at", "Remark")]
    planted: list[Planted] = []
    for number in range(1, 13):
        handle, address = draw.handle(), draw.ipv6()
        mail = draw.mail(handle)
        rows.append((str(number), "OtherApp", handle, mail, address, str(50_000 + number), raw, TALK[number]))
        planted += [plant.account("OtherApp", handle, role="suspect"), plant.email(mail, role="suspect")]
        planted.append(plant.ip(address, *_readings(calendar, 21, 10), port=50_000 + number, role="suspect"))
    document = tables.csv_file(rows, planted, delimiter=";", encoding="utf-8-sig")
    delivery = _by_hand(
        "odd-enquiry-lines",
        "ESX",
        calendar.ago(3.1),
        document,
    )
    return replace(delivery, expects={"ambiguous": [raw]})


def _readings(calendar: Calendar, hour: int, minute: int) -> tuple[datetime, ...]:
    return tuple(day.replace(hour=hour, minute=minute) for day in calendar.swappable_day())


def _heading_in_row_two(calendar: Calendar, draw: Draw) -> Delivery:
    april, _ = calendar.swappable_day()
    raw = f"{april:%d/%m/%Y}"
    rows = [
        ("Subscriber data, request 2214", "", "", ""),
        ("Email", "Phone", "Created", "Last seen"),
    ]
    planted: list[Planted] = []
    for _ in range(8):
        mail, number = draw.mail(draw.handle()), draw.phone("GB")
        rows.append(
            (mail, plant.spaced(number) if number else "", raw, f"{calendar.ago(30):%Y-%m-%dT%H:%M:%SZ}")
        )
        planted.append(plant.email(mail))
        planted += [plant.phone(number, raw=plant.spaced(number))] if number else []
    delivery = _by_hand(
        "odd-heading-row-two",
        "NMR",
        calendar.ago(3.0),
        tables.xlsx_file(rows, planted, sheet="Subscribers"),
    )
    return replace(delivery, expects={"heading_row": 2, "ambiguous": [raw]})


def _wrong_digits(calendar: Calendar, draw: Draw) -> Delivery:
    right = imei(77)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    account = iban(70_077)
    broken = account[:2] + f"{(int(account[2:4]) + 1) % 97:02d}" + account[4:]
    rows = [("Account", "Platform", "IMEI", "IBAN")]
    planted: list[Planted] = []
    for serial, bank in ((right, account), (wrong, broken)):
        handle = draw.handle()
        rows.append((handle, "Kite Chat", serial, bank))
        planted.append(plant.account("Kite Chat", handle))
    planted += [plant.other("imei", right), plant.other("bank_account", f"iban:{account}", raw=account)]
    delivery = _by_hand(
        "odd-wrong-digits",
        "WVL",
        calendar.ago(2.9),
        tables.csv_file(rows, planted),
    )
    return replace(delivery, expects={"not_understood": [wrong, broken]})


def _swappable_chat(calendar: Calendar, draw: Draw) -> Delivery:
    april, _ = calendar.swappable_day()
    start = april.replace(hour=17, minute=4)
    first, second = draw.handle(), draw.handle()
    said = [Said(start + timedelta(minutes=n), TALK[n], (first, second)[n % 2]) for n in range(8)]
    planted = (plant.display_name(first), plant.display_name(second))
    delivery = _by_hand(
        "odd-swappable-chat",
        "NCC",
        calendar.ago(2.8),
        export("android", said, planted, notice=False),
    )
    return replace(delivery, expects={"ambiguous": [f"{start:%d/%m/%Y}, {start:%H:%M}"]})


def _impossible_national(calendar: Calendar) -> Delivery:
    raw = "07700 900172"
    text = f"A caller left the phone number {raw}. He did not say from which country.\n"
    delivery = _by_hand(
        "odd-impossible-number",
        "NCC",
        calendar.ago(2.7),
        prose.text(text, ()),
    )
    return replace(delivery, expects={"ambiguous": [raw]})


def _unreadable(calendar: Calendar) -> Delivery:
    content = b"KITEDUMP\x00\x07" + bytes(range(256)) * 8
    delivery = _by_hand(
        "odd-unreadable",
        "ESX",
        calendar.ago(2.6),
        Document(content, ".dat", None),
    )
    return replace(delivery, expects={"error": None, "not_understood": True})


def _foreign_json(calendar: Calendar) -> Delivery:
    content = b'{"lobby": {"map": "harbour", "players": 4}, "season": "autumn"}\n'
    delivery = _by_hand(
        "odd-foreign-json",
        "NMR",
        calendar.ago(2.5),
        Document(content, ".json", None),
    )
    return replace(delivery, expects={"error": None, "not_understood": True})


def _same_file(calendar: Calendar, draw: Draw) -> list[Delivery]:
    """Return one file three times: twice at one agency, once at another, under a wrong ending."""
    at = calendar.ago(2.4)
    tip = personas.tip(draw, at, personas.with_device(draw, personas.persona(draw, at)), lines=4)
    document = personas.layout(tip, "a")
    first = _by_hand("odd-same-file", "ESX", at, document)
    again = _by_hand("odd-same-file-again", "ESX", calendar.ago(2.3), document)
    elsewhere = _by_hand(
        "odd-same-file-elsewhere",
        "WVL",
        calendar.ago(2.2),
        replace(document, suffix=".txt"),
    )
    again = replace(again, report=first.id, expects={"duplicate_of": first.id})
    return [first, again, elsewhere]


def _national_number(calendar: Calendar) -> list[Delivery]:
    """Return one number as people write it at home and as they write it abroad."""
    home, abroad = plant.national(PHONE), plant.spaced(PHONE)
    return [
        _by_hand(
            "odd-number-at-home",
            "NMR",
            calendar.ago(2.1),
            prose.text(
                f"A neighbour gave the phone number {home}.\n",
                (plant.phone(PHONE, way="mentioned", raw=home),),
            ),
        ),
        _by_hand(
            "odd-number-abroad",
            "NFP",
            calendar.ago(2.0),
            prose.text(
                f"A guest left the phone number {abroad}.\n",
                (plant.phone(PHONE, way="mentioned", raw=abroad),),
            ),
        ),
    ]


def _aliases(calendar: Calendar, draw: Draw) -> list[Delivery]:
    """Return two accounts whose handles and mail addresses are alike, but not the same."""
    spellings = (
        ("ESX", "Kite Chat", "sooty_tern_5", "sooty.tern+chat@mail.example"),
        ("NMR", "OtherApp", "SootyTern5", "sootytern@mail.example"),
    )
    found = []
    for agency, platform, handle, mail in spellings:
        at = calendar.ago(1.9)
        known = replace(personas.persona(draw, at, platform=platform), handle=handle, emails=(mail,))
        tip = personas.tip(draw, at, known)
        found.append(_by_hand(f"odd-alias-{agency.lower()}", agency, at, personas.layout(tip, "a")))
    return found


def _decoys(calendar: Calendar) -> list[Delivery]:
    found = []
    for number, agency in enumerate(("ESX", "NFP")):
        at = calendar.ago(1.7, hours=number)
        day = calendar.plain_day(6)
        text = (
            f"{ORDER} came on {day:%d %B %Y} and cost 12.99.\n"
            f"The app is {VERSION}; the picture is called harbour-map.zip.\n"
            "Nothing here names anybody.\n"
        )
        found.append(
            _by_hand(
                f"odd-decoys-{agency.lower()}",
                agency,
                at,
                prose.text(text + f"Written down by desk {number + 1}.\n", ()),
            )
        )
    return found


def _decoy_rules() -> list[Forbidden]:
    pair = ("odd-decoys-esx", "odd-decoys-nfp")
    return [
        Forbidden("none", ORDER, "an order number", *pair),
        Forbidden("none", "4.12.0.7", "a software version", *pair),
        Forbidden("none", "harbour-map.zip", "a file name", *pair),
    ]
