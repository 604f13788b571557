"""S2: three forces hold pieces about one man who approached some 150 children, and are told so."""

from dataclasses import replace
from datetime import datetime, timedelta

from cets.sites.console.nation import plant
from cets.sites.console.nation.draw import CATEGORIES, Draw, digest, imei
from cets.sites.console.nation.formats import cybertip_json, cybertip_xml, tables
from cets.sites.console.nation.formats.archive import bundle
from cets.sites.console.nation.model import (
    Calendar,
    Capture,
    Delivery,
    Document,
    Persona,
    Planted,
    Story,
    Tip,
    Upload,
)

PHONE = "+12025550117"
MAIL = "blackcap.dj@mail.example"
DEVICE = ("GAID", "C0FFEE00-5A5A-4B0B-8D8D-0A00000000C2")
FILE = Upload("poster.jpg", digest("md5", "s2 poster"), digest("sha1", "s2 poster"), viewed=False)
IMEI = imei(150)
APPROACHED = 150


def tell(calendar: Calendar, draw: Draw) -> Story:
    met_at = calendar.ago(9, hours=3)
    return Story(
        [
            _subscriber_data(calendar),
            _northmoor_report(calendar, met_at),
            _approached(calendar, draw),
            _westvale_submission(calendar, met_at),
        ]
    )


def _subscriber_data(calendar: Calendar) -> Delivery:
    subscribers = (
        ("dj.blackcap", MAIL, PHONE, IMEI),
        ("amber.oar", "amber.oar@post.example", "+12025550109", imei(151)),
        ("ivory.keel", "ivory.keel@post.example", "+12025550110", imei(152)),
    )
    rows = [("Account", "Platform", "Subscriber email", "Subscriber phone", "IMEI", "Created (UTC)")]
    planted: list[Planted] = []
    for days, (name, address, number, serial) in enumerate(subscribers, 300):
        created = f"{calendar.ago(days):%Y-%m-%dT%H:%M:%SZ}"
        rows.append((name, "OtherApp", address, plant.spaced(number), serial, created))
        planted += [
            plant.account("OtherApp", name),
            plant.email(address),
            plant.phone(number, raw=plant.spaced(number)),
            plant.other("imei", serial),
        ]
    return Delivery(
        id="s2-subscriber",
        agency="NFP",
        sharing="open",
        received=calendar.ago(40),
        about="Norland has subscriber data: a mail address, a phone and a handset.",
        document=tables.csv_file(rows, planted),
        officer="vermilion@nfp.example",
        story="S2",
    )


def _northmoor_report(calendar: Calendar, met_at: datetime) -> Delivery:
    man = Persona(
        platform="Larkline",
        handle="blackcap_dj",
        account_id="55091700",
        display="DJ B.",
        phones=(PHONE,),
        captures=(Capture("192.0.2.77", "Login", met_at, 40100),),
        devices=(DEVICE,),
        url="https://larkline.example/u/blackcap_dj",
    )
    tip = Tip(
        number=990_001_301,
        platform="Larkline",
        category=CATEGORIES[0],
        incident_at=met_at,
        received_at=calendar.ago(8),
        personas=(man,),
        uploads=(FILE,),
    )
    return Delivery(
        id="s2-larkline",
        agency="NMR",
        sharing="contact",
        received=calendar.ago(8),
        about="Northmoor has his account on Larkline, his device and one file.",
        document=cybertip_json.shape_b(tip),
        channel="provider channel",
        story="S2",
    )


def _approached(calendar: Calendar, draw: Draw) -> Delivery:
    """The list of those he wrote to: their values match, but are shown as pseudonyms."""
    head = ("Line", "Platform", "Suspect account", "Victim account", "First contact (UTC)")
    rows = [head]
    planted = [plant.account("Larkline", "blackcap_dj", role="suspect")]
    for number in range(1, APPROACHED + 1):
        name = draw.handle()
        first = calendar.ago(200 - number, hours=number % 7)
        rows.append((str(number), "Larkline", "blackcap_dj", name, f"{first:%Y-%m-%dT%H:%M:%SZ}"))
        planted.append(plant.account("Larkline", name, role="victim"))
    return Delivery(
        id="s2-approached",
        agency="NMR",
        sharing="contact",
        received=calendar.ago(7),
        about="The 150 accounts he wrote to, one line each.",
        document=tables.xlsx_file(rows, planted, sheet="Approached"),
        officer="ochre@nmr.example",
        story="S2",
    )


def _westvale_submission(calendar: Calendar, met_at: datetime) -> Delivery:
    return Delivery(
        id="s2-kitechat",
        agency="WVL",
        sharing="contact",
        received=calendar.ago(6),
        about="Westvale has his account on Kite Chat: same device, file and mail, same address 70 s later.",
        document=_submission(calendar, met_at + timedelta(seconds=70)),
        channel="provider channel",
        story="S2",
    )


def _submission(calendar: Calendar, seen_at: datetime) -> Document:
    man = Persona(
        platform="Kite Chat",
        handle="cap.of.black",
        account_id="99120055",
        display="Cap",
        emails=(MAIL,),
        captures=(Capture("192.0.2.77", "Login", seen_at, 40100),),
        devices=(DEVICE,),
        url="https://kitechat.example/u/cap.of.black",
    )
    tip = Tip(
        number=990_001_302,
        platform="Kite Chat",
        category=CATEGORIES[2],
        incident_at=seen_at,
        received_at=calendar.ago(6),
        personas=(man,),
    )
    uploaded = Capture("192.0.2.78", "Upload", seen_at)
    details = cybertip_xml.file_details(
        tip.number, replace(FILE, viewed=True), uploaded_at=seen_at, capture=uploaded
    )
    return bundle([("990001302/report.xml", cybertip_xml.report(tip)), ("990001302/file-1.xml", details)])
