"""Files and notes typed in through the desk, as the desk's own database role."""

import json
import re
import zipfile
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.agencies.actions import add_team
from cets.domains.agencies.models import Officer
from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.intake import rereading
from cets.domains.intake.models import SavedColumnMap
from cets.domains.reports.models import Part, Report, Trace
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from cets.sites.console.founding import founder
from cets.sites.desk.uploading import ReadableHeads
from unit.sites.desk.desk_nation import client

TABLE = b"No;Seen (UTC);Contact;Remarks\n1;03/04/2026 10:00;kestrel_blue;<script>alert(1)</script>\n2;05/06/2026 11:30;linnet_red;none\n"


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


@pytest.fixture
def browser(officer):
    return client("finch@esx.example")


def send(browser, *files, level="contact", **headers):
    given = [SimpleUploadedFile(name, content) for name, content in files]
    return browser.post("/upload/", {"level": level, "uploads": given}, headers=headers)


def work(as_process, officer: Officer):
    """Do what the worker does with what waits."""
    with as_process("worker"), factories.intake() as intake:
        viewer = factories.viewer(officer)
        with acting(viewer):
            waiting = list(Part.objects.filter(state="sealed").values_list("id", flat=True))
        rereading.read_again(waiting, reading=intake.reading, country="GB", by=viewer, at=clock.now())


def text_of(answer):
    return answer.content.decode()


def test_a_file_is_sealed_and_acknowledged_then_read(browser, officer, as_process):
    answer = send(browser, ("note.txt", b"Seen: kestrel.blue@mail.example"), level="silent")
    assert answer.status_code == 302
    page = text_of(browser.get("/upload/"))
    assert "Received and sealed" in page
    assert "hx-get" in page  # it asks again while the file waits

    work(as_process, officer)
    page = text_of(browser.get("/upload/states/"))

    assert "1 identifier" in page
    assert "hx-get" not in page
    with acting(factories.viewer(officer)):
        report = Report.objects.get()
        assert (report.sharing, report.contact_id) == (Level.SILENT, officer.id)
        assert report.reference in page


@pytest.mark.parametrize("level", ["silent", "contact", "open"])
def test_each_file_says_what_others_learn_of_it(browser, level):
    send(browser, ("note.txt", b"Seen: kestrel.blue@mail.example"), level=level)
    assert f"Sharing: {level}" in text_of(browser.get("/upload/states/"))


def test_the_level_is_asked_before_the_files(browser):
    page = text_of(browser.get("/upload/"))
    assert page.index('name="level"') < page.index('name="uploads"') < page.index("Add the files <kbd")


def test_with_javascript_the_answer_is_the_list_alone(browser):
    answer = send(browser, ("note.txt", b"Seen: kestrel.blue@mail.example"), hx_request="true")

    assert answer.status_code == 200
    assert text_of(answer).startswith("<div data-file-states")
    assert "Received and sealed" in text_of(answer)


def test_several_files_at_once_each_have_their_state(browser):
    send(
        browser,
        ("a.txt", b"first of them"),
        ("b.txt", b"second of them"),
        ("empty.txt", b""),
        ("again.txt", b"first of them"),
    )

    page = text_of(browser.get("/upload/"))

    assert page.count("Received and sealed") == 2
    assert "Already held" in page
    assert "The file is empty. Nothing was kept." in page


@pytest.mark.parametrize(("again", "applied"), [("silent", False), ("contact", True)])
def test_the_same_file_at_another_level_changes_none_and_says_so(browser, again, applied):
    send(browser, ("a.txt", b"first of them"), level="contact")
    send(browser, ("a.txt", b"first of them"), level=again)

    held = text_of(browser.get("/upload/")).partition("Already held")[2].partition("</li>")[0]

    assert "Sharing: contact" in held
    assert ("what you chose now was not applied" in held) is not applied


def test_a_refusal_is_recorded_without_the_files_name(browser, officer):
    send(browser, ("Child's own name.txt", b""))

    with acting(factories.viewer(officer)):
        event = Event.objects.get(type="intake:file:refused")
        assert event.actor_id == officer.id
    from cets.audit.models import Payload

    with acting(factories.viewer(officer)):
        assert "name" not in Payload.objects.get(event_id=event.id).body


def test_a_file_beyond_the_limit_is_refused_without_reading_it_all(browser, officer, monkeypatch):
    monkeypatch.setattr("cets.sites.desk.uploading.most_together", lambda: 100_000)

    answer = send(browser, ("large.bin", b"x" * 400_000))

    assert answer.status_code == 413
    assert "Nothing of this was kept" in text_of(answer)
    with acting(factories.viewer(officer)):
        assert not Report.objects.exists()
        assert Event.objects.filter(type="intake:file:refused").exists()


def test_a_file_larger_than_one_may_be_is_refused_by_itself(browser, officer, settings_limit):
    send(browser, ("small.txt", b"small enough"), ("large.txt", b"y" * 2_000))

    page = text_of(browser.get("/upload/"))

    assert page.count("Received and sealed") == 1
    assert "this instance takes files up to" in page


@pytest.fixture
def settings_limit(monkeypatch):
    from dataclasses import replace

    from django.conf import settings

    monkeypatch.setattr(settings, "CETS", replace(settings.CETS, max_file_bytes=1_000))


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x onerror=alert(1)>.txt",
        "../../etc/passwd",
        "a\u202egnp.txt",
        '"><script>alert(1)</script>.txt',
        "x" * 300 + ".txt",
    ],
)
def test_hostile_names_are_shown_as_text(browser, name):
    send(browser, (name, b"Some words that say nothing: " + name.encode()))

    page = text_of(browser.get("/upload/"))

    assert "Received and sealed" in page
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "../" not in page


def test_plaintext_never_lies_on_the_disk(browser, officer, monkeypatch):
    import tempfile

    def refuse(*_, **__):
        raise AssertionError("a named temporary file")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    assert send(browser, ("big.txt", b"words " * 1_000_000)).status_code == 302


def test_no_file_is_an_error_of_the_form(browser):
    answer = browser.post("/upload/", {"level": "contact"})

    assert answer.status_code == 422
    assert "Choose at least one file" in text_of(answer)


def test_who_may_not_add_reports_finds_nothing_here(officer):
    keeper = factories.officer(officer.agency, "owl@esx.example", "data_protection_officer")
    browser = client("owl@esx.example")

    for address in ("/upload/", "/upload/states/", "/upload/note/", f"/upload/{keeper.id}/columns/"):
        assert browser.get(address).status_code == 404


def test_a_form_without_its_token_is_refused(officer):
    browser = client("finch@esx.example", enforce_csrf_checks=False)
    browser.handler.enforce_csrf_checks = True

    assert send(browser, ("a.txt", b"words")).status_code == 403
    with acting(factories.viewer(officer)):
        assert not Report.objects.exists()


# --- columns --------------------------------------------------------------------------------------


@pytest.fixture
def table(browser, officer, as_process):
    send(browser, ("lines.csv", TABLE))
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        return Part.objects.get()


def answers(part, **changed):
    given = {"save_as": ""}
    for column in part.column_maps[-1]["columns"]:
        given[f"read_as_{column['index']}"] = column["read_as"]
        given[f"role_{column['index']}"] = column.get("role", "unknown")
    return given | changed


def test_a_table_with_a_doubt_asks_for_its_columns(browser, table):
    page = text_of(browser.get("/upload/"))
    assert f"/upload/{table.id}/columns/" in page
    assert "Needs you" in page
    bar = text_of(browser.get("/upload/states/")).partition('<div id="upload-next" hx-swap-oob="true"')[2]
    assert "One file needs you" in bar, "without loading the page again"
    assert page.count('id="upload-next"') == 1

    page = text_of(browser.get(f"/upload/{table.id}/columns/"))

    assert "3 Apr 2026: day first" in page
    assert "4 Mar 2026: month first" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(("head", "is_offered"), [("Seen;Contact\n", True), ("", False)])
def test_a_map_is_saved_only_where_it_can_be_known_again(browser, officer, as_process, head, is_offered):
    """A table without headings is like any other: what would be saved for it could never be offered."""
    rows = "".join(f"03/04/2026 10:{n}0;kestrel.{n}@mail.example\n" for n in range(6))
    send(browser, ("lines.csv", (head + rows).encode()))
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        part = Part.objects.get()
    assert part.source == "csv"
    page = text_of(browser.get(f"/upload/{part.id}/columns/"))
    assert ("Save this map as" in page) == is_offered


def test_a_map_that_ships_is_said_to_be_one_and_can_be_replaced(browser, officer, as_process):
    lines = "EventTimestamp,Direction,CallingNumber,CalledNumber\n2026-03-18 17:58:23,MO,+44 7700 900123,+44 7700 900124\n"
    send(browser, ("calls.csv", lines.encode()))
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        part = Part.objects.get()
    address = f"/upload/{part.id}/columns/"

    page = text_of(browser.get(address))
    assert (
        "read by the map that ships with this product: Call records with calling and called number, version 1"
        in page
    )
    assert "Number of who called" in page
    assert browser.post(address, answers(part, read_as_2="phone", read_as_3="ignore")).status_code == 302
    work(as_process, officer)

    assert "ships with this product" not in text_of(browser.get(address))
    with acting(factories.viewer(officer)):
        assert list(Holding.objects.values_list("value", flat=True)) == ["+447700900123"]


CALLS = (
    "MSISDN A,MSISDN B,Seen on,Latitude,Longitude\n+44 7700 900123,+44 7700 900124,03/04/2026,51.5,-0.12\n"
)


@pytest.fixture
def calls(browser, officer, as_process):
    send(browser, ("calls.csv", CALLS.encode()))
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        return Part.objects.get()


def save_map(part, called, **told):
    """Save a map for tables that have these headings and others."""
    headings = [heading.replace("_", " ") for heading in (*told, "one_more")]
    columns = [
        {"index": index, "read_as": read_as, "role": "unknown", "day_first": None}
        for index, read_as in enumerate((*told.values(), "ignore"))
    ]
    SavedColumnMap.objects.create(
        agency_id=part.agency_id, name=called, headings=json.dumps(headings), column_map={"columns": columns},
        saved_by=uuid4(), saved_at=clock.now(),
    )  # fmt: skip


def test_a_map_is_picked_by_hand_seen_and_used(browser, officer, calls, as_process):
    with acting(factories.viewer(officer)):
        save_map(calls, "Calls of a provider", msisdn_a="calling", msisdn_b="called", latitude="ignore")
        key = f"saved-{SavedColumnMap.objects.get().id}"
    address = f"/upload/{calls.id}/columns/"
    page = text_of(browser.get(address))
    assert '<optgroup label="Saved by your agency">' in page
    assert f'<option value="{key}">Calls of a provider (3 of 5 columns)</option>' in page
    assert '<optgroup label="Shipped with this product">' in page
    assert '<option value="shipped-cdr_a_b_number">' in page, "it knows latitude and longitude"

    shown = text_of(browser.get(address, {"map": key}))
    assert "Shown as the map “Calls of a provider” would have it read." in shown
    assert f'<option value="{key}" selected>' in shown
    assert f'action="{address}?map={key}"' in shown
    assert '<option value="called" selected>' in shown
    assert '<option value="called" selected>' not in page
    with acting(factories.viewer(officer)):
        assert Part.objects.get().column_maps == calls.column_maps, "looking settles nothing"

    given = answers(calls, read_as_0="calling", read_as_1="called", day_first_2="day")
    assert browser.post(f"{address}?map={key}", given).status_code == 302
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        (trace,) = Trace.objects.all()
    assert (trace.kind, trace.counterparts) == ("call", ["+44 7700 900123", "+44 7700 900124"])


def test_a_map_that_nobody_knows_or_another_agency_saved_is_not_used(browser, officer, calls):
    wren = factories.officer(factories.agency("NMR"), "wren@nmr.example", "analyst")
    with acting(factories.viewer(wren)):
        calls.agency_id = wren.agency_id
        save_map(calls, "Of others", msisdn_a="calling")
        key = f"saved-{SavedColumnMap.objects.get().id}"
    address = f"/upload/{calls.id}/columns/"
    assert "Of others" not in text_of(browser.get(address))
    for unknown in (key, "shipped-nothing", "<b>"):
        page = text_of(browser.get(address, {"map": unknown}))
        assert "would have it read" not in page
        assert f'action="{address}"' in page


def test_no_map_makes_a_victims_value_show(browser, officer, as_process):
    send(
        browser,
        ("people.csv", b"kind,name,email,Seen\nvictim,Kim Larch,wren.small@mail.example,03/04/2026\n"),
    )
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        part = Part.objects.get()
        save_map(part, "Guests", kind="ignore", name="name", email="email")
        key = f"saved-{SavedColumnMap.objects.get().id}"
    page = text_of(browser.get(f"/upload/{part.id}/columns/", {"map": key}))
    assert "would have it read" in page
    assert "Larch" not in page
    assert "wren.small" not in page


def test_settled_columns_are_read_again_and_saved(browser, officer, table, as_process):
    given = answers(
        table, read_as_2="handle", role_2="suspect", day_first_1="day", save_as="Lines of a provider"
    )

    answer = browser.post(f"/upload/{table.id}/columns/", given)
    assert answer.status_code == 302
    assert "It is read again with your columns." in text_of(browser.get("/upload/"))
    work(as_process, officer)

    assert "2 identifiers" in text_of(browser.get("/upload/"))
    with acting(factories.viewer(officer)):
        assert sorted(Holding.objects.values_list("value", "roles")) == [
            ("kestrel_blue", ["suspect"]),
            ("linnet_red", ["suspect"]),
        ]
        assert SavedColumnMap.objects.get().name == "Lines of a provider"


def test_a_late_form_of_columns_overwrites_nothing_that_a_colleague_settled(
    browser, officer, table, as_process
):
    url = f"/upload/{table.id}/columns/"
    factories.officer(officer.agency, "robin@esx.example", "investigator", team=officer.team)
    late = client("robin@esx.example")
    page = text_of(late.get(url))
    old = {"shown": re.search(r'name="shown" value="(\w+)"', page)[1]}
    once_wrong = late.post(url, old | answers(table))
    assert f'name="shown" value="{old["shown"]}"' in text_of(once_wrong)
    settled = old | answers(table, read_as_2="handle", role_2="victim", day_first_1="day")
    assert browser.post(url, settled).status_code == 302
    work(as_process, officer)

    answer = late.post(url, old | answers(table, read_as_2="handle", role_2="suspect", day_first_1="day"))

    page = text_of(answer)
    assert answer.status_code == 409
    assert "changed the record since it was shown" in page
    assert f'href="/reports/{table.report_id}/">Go to the report' in page
    with acting(factories.viewer(officer)):
        assert {role for h in Holding.objects.all() for role in h.roles} == {"victim"}
        table.refresh_from_db()
    assert table.column_maps[-1]["columns"][2]["role"] == "victim"


def test_doubtful_days_must_be_answered(browser, table):
    answer = browser.post(f"/upload/{table.id}/columns/", answers(table))

    assert answer.status_code == 422
    assert "Settle the dates of this column, or keep both" in text_of(answer)


def test_columns_of_another_agency_are_not_there(table):
    factories.officer(factories.agency("NMR"), "wren@nmr.example", "analyst")

    browser = client("wren@nmr.example")

    assert browser.get(f"/upload/{table.id}/columns/").status_code == 404
    assert browser.post(f"/upload/{table.id}/columns/", answers(table)).status_code == 404


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for line in table.decode().splitlines():
            sheet.append(line.split(";"))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def bundle(**members):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def test_each_table_of_an_archive_is_reached_named_and_settled(browser, officer, as_process):
    inner = workbook(Visits=TABLE, Clear=b"No;E-mail\n1;a@mail.example", Contacts=TABLE)
    send(
        browser, ("bundle.zip", bundle(payments_csv=TABLE, book_xlsx=inner, note_txt=b"Seen: b@mail.example"))
    )
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        outer, payments, book, _note = Part.objects.order_by("number")
    addresses = {
        f"/upload/{payments.id}/columns/": "payments.csv in bundle.zip",
        f"/upload/{book.id}/columns/1/": "Sheet 1 of 3: Visits, book.xlsx in bundle.zip",
        f"/upload/{book.id}/columns/3/": "Sheet 3 of 3: Contacts, book.xlsx in bundle.zip",
    }
    for page in (browser.get("/upload/"), browser.get(f"/reports/{outer.report_id}/custody/")):
        for address, words in addresses.items():
            assert re.search(rf'href="{address}"[^>]*>{words}: \d columns? to settle<', text_of(page)), words
    assert not re.search(rf'href="/upload/{book.id}/columns/2/"[^>]*>[^<]*settle<', text_of(page))

    page = text_of(browser.get(f"/upload/{book.id}/columns/3/"))
    assert "Columns of book.xlsx in bundle.zip" in page
    assert "Sheet 3 of 3: Contacts" in page
    given = answers(book, read_as_2="handle", day_first_1="day")
    answer = browser.post(f"/upload/{book.id}/columns/3/", given)
    assert answer["Location"] == f"/upload/{book.id}/columns/1/"  # the next that waits, in the same file
    answer = browser.post(f"/upload/{book.id}/columns/1/", given)
    assert answer["Location"] == f"/upload/{payments.id}/columns/"  # then beside it
    assert browser.post(f"/upload/{payments.id}/columns/", given)["Location"] == "/upload/"
    assert "It is read again with your columns." in text_of(browser.get("/upload/"))
    work(as_process, officer)

    with acting(factories.viewer(officer)):
        assert list(Part.objects.order_by("number").values_list("state", flat=True)) == ["read"] * 4
        places = Sighting.objects.filter(holding__value="kestrel_blue").values_list("part_id", "place")
        assert sorted(places, key=lambda place: place[1]) == [
            (payments.id, "row 2, column Contact"),
            (book.id, "sheet “Contacts”, row 2, column Contact"),
            (book.id, "sheet “Visits”, row 2, column Contact"),
        ]
    assert "to settle" not in text_of(browser.get("/upload/"))


def locked(archive):
    """Return a ZIP whose single member says that it is encrypted."""
    flagged = bytearray(archive)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flagged[flagged.index(signature) + at] |= 1
    return bytes(flagged)


def test_an_archive_that_could_not_be_opened_is_not_said_to_be_in(browser, officer, as_process):
    """Whoever sees green goes on to the next file, and asks nobody for the password."""
    sent = [("locked.zip", locked(bundle(note_txt=b"a@mail.example"))), ("open.zip", bundle(b_txt=b"b"))]
    send(browser, *sent)
    work(as_process, officer)
    page = html.document_fromstring(text_of(browser.get("/upload/")))
    shut, good = (
        " ".join(page.xpath(f"//li[contains(., '{name}')]")[0].text_content().split()) for name, _ in sent
    )
    assert "Not read to its end 1 of 1 files in it could not be read to the end: Encrypted:" in shut
    assert "CETS-ESX-" in shut
    assert "In 0 identifiers in 1 file of the archive" in good


def test_a_file_without_identifiers_says_what_else_it_holds(browser, officer, as_process):
    """Whoever reads "0 identifiers" and nothing more takes a year of places for an empty file."""
    places = {
        "locations": [
            {
                "latitudeE7": 515000000,
                "longitudeE7": -1000000,
                "timestamp": "2026-04-03T10:00:00Z",
                "accuracy": 20,
            }
        ]
    }
    talk = b"[03/04/2026, 21:16:04] Robin: see you at the bridge\n[13/04/2026, 21:17:04] Sandy: yes\n"
    send(browser, ("Records.json", json.dumps(places).encode()), ("WhatsApp Chat with Robin.txt", talk))
    send(
        browser,
        ("both.zip", bundle(Records_json=json.dumps({**places, "x": 1}).encode(), chat_txt=talk + b"\n")),
    )
    work(as_process, officer)
    page = html.document_fromstring(text_of(browser.get("/upload/")))
    shown = [" ".join(one.text_content().split()) for one in page.xpath("//li")]

    def said(name):
        return next(one for one in shown if name in one)

    assert "0 identifiers, 1 entry of activity," in said("Records.json")
    assert re.search(r"\d identifiers, 2 messages,", said("WhatsApp Chat"))
    assert re.search(r"2 messages, 1 entry of activity in 2 files of the archive,", said("both.zip"))


def test_a_sheet_that_is_not_there_is_not_found(browser, table):
    assert browser.get(f"/upload/{table.id}/columns/1/").status_code == 200
    assert browser.get(f"/upload/{table.id}/columns/2/").status_code == 404


def test_a_victims_date_is_not_told_where_its_order_is_asked(browser, officer, as_process):
    send(
        browser,
        ("births.csv", b"Victim name;Victim date of birth\nKim Larch;03/04/2012\nRobin Elm;05/06/2012\n"),
    )
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        part = Part.objects.get()

    page = text_of(browser.get(f"/upload/{part.id}/columns/"))

    assert "day_first_1" in page
    assert not re.search("Larch|03/04/2012|Apr 2012|Mar 2012", page)


PEOPLE = (
    "Ref,Seen,Mail,Born,{role},Full name,Note\n"
    "r-one,03/04/2026,wren.small@mail.example,05/06/2012,victim,Kim Larch,of the marina\n"
    "r-two,05/06/2026,kestrel.blue@mail.example,,suspect,Sam Rook,\n"
    ",,,,,,\n"
    "r-three,07/08/2026,linnet.red@mail.example,09/10/2012,Victim,Robin Elm,of the harbour\n"
)
CHILDREN = (
    "wren.small",
    "linnet.red",
    "Larch",
    "Elm",
    "05/06/2012",
    "09/10/2012",
    "2012",
    "marina",
    "harbour",
)


@pytest.mark.parametrize("heading", ["role", "Person role"])
def test_rows_that_say_victim_are_not_shown_where_columns_are_settled(browser, officer, as_process, heading):
    send(browser, ("people.csv", PEOPLE.format(role=heading).encode()))
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        part = Part.objects.get()
    url = f"/upload/{part.id}/columns/"

    def told(page):
        return [secret for secret in CHILDREN if secret in page]

    page = text_of(browser.get(url))
    assert "day_first_1" in page, "it waits for its officer"
    assert told(page) == []
    assert "kestrel.blue@mail.example" in page
    assert "Sam Rook" in page
    assert "A victim&#x27;s value" in page
    assert told(text_of(browser.post(url, answers(part)))) == [], "nor on the page with what is missing"
    settled = answers(part, day_first_1="day", day_first_3="day")
    assert browser.post(url, settled).status_code == 302
    assert told(text_of(browser.get(url))) == []
    work(as_process, officer)
    page = text_of(browser.get(url))
    assert told(page) == []
    assert "Sam Rook" in page


def test_until_it_is_read_again_a_new_role_column_hides_all_people(browser, officer, as_process):
    send(
        browser,
        ("people.csv", PEOPLE.format(role="Sort of guest").encode().replace(b",suspect,", b",waiter,")),
    )
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        part = Part.objects.get()
    url = f"/upload/{part.id}/columns/"
    given = answers(part, day_first_1="day", day_first_3="day", read_as_4="role")
    assert browser.post(url, given).status_code == 302

    page = text_of(browser.get(url))
    assert "Larch" not in page
    assert "Sam Rook" not in page
    work(as_process, officer)
    page = text_of(browser.get(url))
    assert "Larch" not in page
    assert "Sam Rook" in page


def test_one_role_among_the_headings_is_that_of_all_columns(browser, officer, as_process):
    send(browser, ("two.csv", b"Victim name;Seen;E-mail\nKim Larch;03/04/2026;wren.small@mail.example\n"))
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        part = Part.objects.get()
    page = text_of(browser.get(f"/upload/{part.id}/columns/"))
    assert "Larch" not in page
    assert "wren.small" not in page


def test_known_victims_are_masked_in_any_table(browser, officer, as_process):
    send(browser, ("a.csv", b"email,role,name\nwren.small@mail.example,victim,Kim Larch\n"))
    send(
        browser,
        ("b.csv", b"No;Seen;Mail\n1;03/04/2026;wren.small@mail.example\n2;03/04/2026;x@mail.example\n"),
    )
    work(as_process, officer)
    with acting(factories.viewer(officer)):
        part = Part.objects.get(report__reference__endswith="2")
    page = text_of(browser.get(f"/upload/{part.id}/columns/"))
    assert "wren.small" not in page
    assert "x@mail.example" in page


def test_columns_of_another_teams_file_ask_why_and_are_recorded(browser, officer, table):
    other = add_team(agency=officer.agency, name="Other team", by=founder())
    factories.officer(officer.agency, "rook@esx.example", "investigator", team=other)
    url, reader = f"/upload/{table.id}/columns/", client("rook@esx.example")

    def opened():
        with acting(factories.viewer(officer)):
            found = Event.objects.filter(type="reports:report:opened", subject_id=str(table.report_id))
            return sorted(found.values_list("purpose_reference", flat=True))

    assert reader.get(url)["Location"].startswith("/purpose/")
    assert reader.post(url, answers(table, day_first_1="day"))["Location"].startswith("/purpose/")
    assert opened() == []
    reader.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/26/9"})
    assert reader.get(url).status_code == 200
    assert opened() == ["ESX/26/9"]
    browser.get(url)
    assert opened() == ["", "ESX/26/9"]


# --- notes ----------------------------------------------------------------------------------------


def test_a_note_becomes_a_report(browser, officer, as_process):
    given = {"title": "Call from a school", "text": "They named kestrel.blue@mail.example.", "level": "open"}

    answer = browser.post("/upload/note/", given)
    work(as_process, officer)

    with acting(factories.viewer(officer)):
        report = Report.objects.get()
        assert answer.url == f"/reports/{report.id}/"
        assert (report.title, report.sharing) == ("Call from a school", Level.OPEN)
        assert Holding.objects.get().value == "kestrel.blue@mail.example"


def test_a_note_joins_a_report(browser, officer, as_process):
    send(browser, ("a.txt", b"First words of a report"))
    with acting(factories.viewer(officer)):
        report = Report.objects.get()

    assert "Add a note" in text_of(browser.get(f"/reports/{report.id}/note/"))
    assert browser.post(f"/reports/{report.id}/note/", {"text": "Later: +44 7700 900123"}).status_code == 302
    work(as_process, officer)

    with acting(factories.viewer(officer)):
        assert Report.objects.count() == 1
        assert Part.objects.get(number=2).source == "note"


def test_no_note_joins_a_report_of_another_agency(browser, officer, as_process):
    factories.agency("NMR")
    with as_process("worker"), factories.intake() as intake:
        (theirs,) = intake.take("NMR", "Words of theirs")

    answer = browser.post(f"/reports/{theirs.report_id}/note/", {"text": "x"})

    assert answer.status_code == 404


def test_an_empty_note_is_an_error_of_the_form(browser):
    answer = browser.post("/upload/note/", {"title": "", "text": "", "level": "contact"})

    assert answer.status_code == 422
    assert "Write the note" in text_of(answer)


def form_of(boundary, *files, newline=b"\r\n"):
    pieces = [b'name="level"' + newline * 2 + b"contact"]
    pieces += [b'name="uploads"; filename="' + name + b'"' + newline * 2 + content for name, content in files]
    head = b"--" + boundary + newline + b"Content-Disposition: form-data; "
    return b"".join(head + piece + newline for piece in pieces) + b"--" + boundary + b"--" + newline


def test_a_file_whose_name_is_no_text_comes_in_beside_the_others(browser, officer):
    names = (b"good.txt", b"caf\xe9.txt", "\u6d77.txt".encode(), b"\xff\xfe")
    form = form_of(b"mark", *((name, b"Seen by %d: \xe9\xff" % at) for at, name in enumerate(names)))

    answer = browser.post("/upload/", form, content_type="multipart/form-data; boundary=mark")

    assert answer.status_code == 302
    with acting(factories.viewer(officer)):
        parts = dict(Part.objects.values_list("name", "size"))
    assert parts == dict.fromkeys(("good.txt", "caf?.txt", "\u6d77.txt", "??"), len(b"Seen by 0: \xe9\xff"))


@pytest.mark.parametrize("size", [1, 2, 7, 31, 64 * 1024])
def test_only_the_heads_of_a_form_are_made_readable(size):
    inside = b'Content-Disposition: form-data; filename="\xe9"\r\n\r\n--mar\xe9k --mar' * 3
    form = form_of(b"mark", (b"caf\xe9.txt", inside), (b"b", b""))
    stream, read = ReadableHeads(BytesIO(form), b"mark"), b""
    while piece := stream.read(size):
        read += piece
    assert read == form.replace(b"caf\xe9.txt", b"caf?.txt")
