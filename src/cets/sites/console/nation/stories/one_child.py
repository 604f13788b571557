"""S1: one child's online life is reported four times, by four people, through four channels.

The adult is "kestrel_blue" on Kite Chat, "tall_heron" on Larkline and "kesblue77" on OtherApp, with one mail
address, one phone and one device. No report holds all of it; together they do.
"""

from datetime import timedelta

from cets.sites.console.nation import plant
from cets.sites.console.nation.draw import CATEGORIES, TALK, Draw, digest
from cets.sites.console.nation.formats import cybertip_json, mail, prose
from cets.sites.console.nation.formats.chat import Said, export
from cets.sites.console.nation.model import (
    Calendar,
    Capture,
    Delivery,
    Document,
    Line,
    Persona,
    Planted,
    Story,
    Tip,
    Upload,
)

NUMBER = 990_001_201
PHONE = "+447700900142"
MAIL = "kestrel.blue@mail.example"
KITE_URL = "https://kitechat.example/u/kestrel_blue"
LARK_URL = "https://larkline.example/u/tall_heron"
DEVICE = ("IDFA", "5B1E0C42-77A0-4D1B-9C33-0A00000000B1")


def tell(calendar: Calendar, _draw: Draw) -> Story:
    """Return the four reports, and the provider's supplement to the first."""
    return Story(
        [
            _provider_report(calendar),
            _parent_mail(calendar),
            _school_note(calendar),
            _friend_chat(calendar),
            _supplement(calendar),
        ]
    )


def _adult(calendar: Calendar) -> Persona:
    return Persona(
        platform="Kite Chat",
        handle="kestrel_blue",
        account_id="88120417",
        display="K. Blue",
        emails=(MAIL,),
        captures=(Capture("192.0.2.41", "Login", calendar.ago(2, hours=12), 50122),),
        devices=(DEVICE,),
        url=KITE_URL,
        bio="Pictures of birds of prey",
    )


def _child() -> Persona:
    return Persona(
        platform="Kite Chat",
        handle="wren.draws",
        account_id="77440210",
        role="victim",
        name=("Child", "A"),
        emails=("wren.draws@post.example",),
        url="https://kitechat.example/u/wren.draws",
    )


def _provider_tip(calendar: Calendar) -> Tip:
    start = calendar.ago(2, hours=12)
    words = (*TALK[:5], "Text me on o77oo 9oo142", *TALK[5:9])
    lines = tuple(
        Line(0 if text.startswith("Text") else number % 2, text, start + timedelta(minutes=number))
        for number, text in enumerate(words)
    )
    return Tip(
        number=NUMBER,
        platform="Kite Chat",
        category=CATEGORIES[0],
        incident_at=start,
        received_at=calendar.ago(2, hours=9),
        personas=(_adult(calendar), _child()),
        uploads=(
            Upload("kestrel.jpg", digest("md5", "s1 kestrel"), digest("sha1", "s1 kestrel"), viewed=True),
        ),
        lines=lines,
        room="lobby-7",
        mentioned=(plant.phone(PHONE, way="mentioned", raw="o77oo 9oo142"),),
    )


def _provider_report(calendar: Calendar) -> Delivery:
    return Delivery(
        id="s1-provider",
        agency="ESX",
        sharing="contact",
        received=calendar.ago(2, hours=9),
        about="The provider of Kite Chat reports the account kestrel_blue. The child is Child A.",
        document=cybertip_json.shape_a(_provider_tip(calendar)),
        channel="provider channel",
        story="S1",
    )


def _parent_mail(calendar: Calendar) -> Delivery:
    text = (
        "I am the parent of a pupil in year 8.\n\n"
        f"A grown-up writes to my child as kestrel_blue on KiteChat, {KITE_URL}.\n"
        f"He asked my child to write to {MAIL} instead.\n"
        f"My child's own address there is wren.draws@post.example.\n\n"
        "I have kept the phone as it is. Robin Umber\n"
    )
    planted = (
        plant.email("r.umber@letters.example", role="reporter"),
        plant.display_name("Robin Umber", role="reporter"),
        plant.account("Kite Chat", "kestrel_blue", way="mentioned"),
        plant.url(KITE_URL, way="mentioned"),
        plant.email(MAIL, way="mentioned"),
        plant.email("wren.draws@post.example", way="mentioned"),
    )
    letter = mail.Mail(
        sender=("Robin Umber", "r.umber@letters.example"),
        to="info@northmoor.example",
        subject="Somebody writes to my child",
        text=text,
        at=calendar.ago(1, hours=13),
        number=1201,
    )
    return Delivery(
        id="s1-parent",
        agency="NMR",
        sharing="contact",
        received=calendar.ago(1, hours=13),
        about="A parent in Northmoor writes about the same account.",
        document=mail.eml(letter, planted),
        channel="e-mail of a parent",
        story="S1",
    )


def _school_note(calendar: Calendar) -> Delivery:
    at = calendar.ago(0, hours=20)
    text = (
        "Call from the safeguarding lead of Westvale School.\n\n"
        f"A pupil told her that a man calls himself tall_heron on Larkline ({LARK_URL}).\n"
        f"He gave the pupil the phone number {plant.national(PHONE)} and talks about homework and birds.\n"
        "The pupil is safe and at home. The school keeps the tablet switched off.\n"
    )
    planted = (
        plant.account("Larkline", "tall_heron", way="mentioned"),
        plant.url(LARK_URL, way="mentioned"),
        plant.phone(PHONE, way="mentioned", raw=plant.national(PHONE)),
    )
    return Delivery(
        id="s1-school",
        agency="WVL",
        sharing="open",
        received=at,
        about="A school in Westvale calls; an officer notes another account and a phone number.",
        document=prose.note("C. Teal, Westvale Constabulary", at, text, planted),
        officer="teal@wvl.example",
        story="S1",
    )


def _friend_chat(calendar: Calendar) -> Delivery:
    return Delivery(
        id="s1-friend",
        agency="NCC",
        sharing="open",
        received=calendar.ago(0, hours=15),
        about="A friend in Nereland hands over a group chat: the same man under a third name.",
        document=_friend_export(calendar),
        officer="plover@ncc.example",
        story="S1",
    )


def _friend_export(calendar: Calendar) -> Document:
    day = calendar.plain_day(4)
    sender = plant.spaced(PHONE)
    said = [
        Said(day, f"{sender} joined using this group's invite link"),
        Said(day + timedelta(minutes=1), TALK[0], "Linnet Friend"),
        Said(day + timedelta(minutes=2), "Hello all, I am tall_heron on Larkline", sender),
        Said(day + timedelta(minutes=3), TALK[1], "Linnet Friend"),
        Said(day + timedelta(minutes=4), "Add me, kesblue77 on OtherApp", sender),
        Said(day + timedelta(minutes=5), f"or write to {MAIL}", sender),
        Said(day + timedelta(minutes=6), TALK[9], "Linnet Friend"),
    ]
    planted: tuple[Planted, ...] = (
        plant.phone(PHONE, raw=sender),
        plant.display_name("Linnet Friend"),
        plant.account("Larkline", "tall_heron", way="mentioned"),
        plant.account("OtherApp", "kesblue77", way="mentioned"),
        plant.email(MAIL, way="mentioned"),
    )
    return export("ios", said, planted)


def _supplement(calendar: Calendar) -> Delivery:
    second = Persona(
        platform="OtherApp",
        handle="kesblue77",
        account_id="31007712",
        display="K. Blue",
        devices=(DEVICE,),
        captures=(Capture("2001:db8:41::7", "Login", calendar.ago(0, hours=12)),),
    )
    tip = Tip(
        number=NUMBER,
        platform="Kite Chat",
        category=CATEGORIES[0],
        incident_at=calendar.ago(2, hours=12),
        received_at=calendar.ago(0, hours=10),
        personas=(second,),
        remark="Supplement of the provider: a linked account, found by the device.",
    )
    return Delivery(
        id="s1-supplement",
        agency="ESX",
        sharing="contact",
        received=calendar.ago(0, hours=10),
        about="The provider adds to its report, under the same number: it joins the first.",
        document=cybertip_json.shape_a(tip),
        channel="provider channel",
        story="S1",
        report="s1-provider",
        expects={"joins": "s1-provider"},
    )
