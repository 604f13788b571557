"""The lines of a contact: which of the numbered columns holds what, by the type of the line."""

from collections.abc import Iterator

import msgspec

from cets.domains.intake.sqlite_file import Record
from cets.domains.intake.traces import is_number, leads_out

_OF_ANDROID = "vnd.android.cursor.item/"


class Entry(msgspec.Struct, frozen=True):
    """One value of a contact. `kind`: of the identifier that it is; `read_as`: in a fuller spelling that the phone knew."""

    label: str
    text: str
    place: str
    kind: str = ""
    read_as: str = ""
    is_name: bool = False
    is_birth: bool = False
    is_prose: bool = False


#: By type of line what its first column is.
_LABELS = {
    "name": "name", "phone_v2": "telephone", "email_v2": "e-mail", "postal-address_v2": "address", "organization": "organisation",
    "sip_address": "SIP address", "im": "chat", "relation": "relation", "contact_event": "date", "nickname": "also called", "note": "note",
    "website": "website",
}  # fmt: skip
_BIRTHDAY = 3
_PROTOCOLS = {0: "AIM", 1: "MSN", 2: "Yahoo", 3: "Skype", 4: "QQ", 5: "Google Talk", 6: "ICQ", 7: "Jabber"}
#: Of the phone itself, not of the person.
_SILENT = frozenset({"photo", "group_membership", "identity"})
_WHATSAPP = "@s.whatsapp.net"


def entries_of(row: Record, mimetype: str) -> Iterator[Entry]:
    """Yield what a line holds; of a type that nobody knows its first three columns under the type's name."""
    sort = mimetype.removeprefix(_OF_ANDROID).lower()
    if sort in _SILENT:
        return
    if sort not in _LABELS:
        yield from _of_an_app(row, mimetype)
    elif text := row.text("data1").strip():
        yield _known(row, sort, text)


def _known(row: Record, sort: str, text: str) -> Entry:
    entry = Entry(_LABELS[sort], text, f"{row.place}, column data1")
    changes: dict[str, object] = {}
    if sort == "phone_v2":
        whole = row.text("data4")
        read_as = whole if whole.startswith("+") and is_number(whole) else ""
        changes = {"read_as": read_as, "kind": "phone" if is_number(read_as or text) else ""}
    elif sort == "email_v2":
        changes = {"kind": "email" if "@" in text else ""}
    elif sort == "website":
        changes = {"kind": "url" if leads_out(text) else ""}
    elif sort == "contact_event" and row.number("data2") == _BIRTHDAY:
        changes = {"label": "date of birth", "is_birth": True}
    elif sort == "organization" and row.text("data4"):
        changes = {"text": f"{text}, {row.text('data4')}"}
    elif sort == "im":
        app = _PROTOCOLS.get(row.number("data5") or 0) if row.text("data5") else row.text("data6")
        changes = {"label": f"chat, {app}" if app else "chat"}
    else:
        changes = {"is_name": sort == "name", "is_prose": sort == "note"}
    return msgspec.structs.replace(entry, **changes)


def _of_an_app(row: Record, mimetype: str) -> Iterator[Entry]:
    """Yield the line that an app added, under its own name for it; of WhatsApp it is a telephone number."""
    text = row.text("data1").strip()
    number = text.removesuffix(_WHATSAPP)
    if number != text and is_number(number):
        yield Entry("WhatsApp", text, f"{row.place}, column data1", "phone", f"+{number}")
        return
    shown = ", ".join(filter(None, (row.text(f"data{column}").strip() for column in (1, 2, 3))))
    if shown:
        label = f"app line {mimetype.removeprefix(_OF_ANDROID)}" if mimetype else "line of no type"
        yield Entry(label, shown, row.place)
