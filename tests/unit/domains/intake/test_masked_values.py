"""A victim's value or name within another identifier, as a sender, as a place, as a category: masked wherever it is shown."""

import io
import json
import re
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories
from cets.access.viewer import acting
from cets.domains.identifiers.models import Holding
from cets.domains.intake import masked_values
from cets.domains.intake.masked_values import with_masks
from cets.domains.intake.masking import Masker
from cets.domains.reports.models import Part, Report
from cets.sites.console import ingesting, showing
from unit.sites.desk.desk_nation import client

LOOK_ALIKE = "petra71@k\u0456d.example"
TABLE = (
    "name,email,account,platform,role\n"
    "Wanda Fabled,wanda.f@kid.example,,,victim\n"
    "Petra Nowhere,petra71@kid.example,petra_snap71,snapchat,victim\n"
    "Otto Fabled,otto.fabled@mail.example,,,suspect\n"
)
TEXT = (
    "He sent https://snapchat.com/stories/petra_snap71 and https://otherapp.example/?u=petra71@kid.example to all.\n"
    "Again https://otherapp.example/?u=petra71%40kid.example and https://otherapp.example/harmless and"
    f" {LOOK_ALIKE}; joann@mail.example wrote.\n"
)
CHAT = "[01/02/2026, 10:00:00] Wanda Fabled: hello\n[01/02/2026, 10:01:00] Heron: at the marina\n"
TIP = {
    "ReportID": "990000277",
    "ReportedInformation": {
        "IncidentSummary": {"IncidentType": "Enticement of petra71@kid.example", "Platform": "Chat of Petra Nowhere"},
    },
}  # fmt: skip
SECRETS = ("wanda", "petra", "nowhere")


def sheet_of_a_child():
    book = openpyxl.Workbook()
    book.active.title = "petra71@kid.example"
    book.active.append(["email", "seen"])
    book.active.append(["rook@mail.example", "2026-01-02"])
    book.active.append(["lark@mail.example", "03/04/2026"])
    book.create_sheet("Other").append(["nothing here"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in (
            ("tip.json", json.dumps(TIP)), ("people.csv", TABLE), ("letter.txt", TEXT), ("_chat.txt", CHAT), ("book.xlsx", sheet_of_a_child()),
        ):  # fmt: skip
            made.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def told(db, as_process):
    """ESX holds a child's report and one that mentions the same pages; so does NMR, which knows of no child."""
    esx, nmr = factories.agency("ESX"), factories.agency("NMR")
    factories.officer(esx, "finch@force.example", "analyst", "intake_officer")
    factories.officer(nmr, "wren@force.example", "analyst")
    with as_process("worker"), factories.intake() as intake:
        (mine,) = intake.take("ESX", archive())
        (mention,) = intake.take("ESX", f"Seen at the harbour: {TEXT}")
        intake.take("NMR", f"Told by phone: {TEXT}")
    return mine, mention


def free(text):
    """Say whether nothing of the children stands in a text."""
    return not any(secret in str(text).lower() for secret in SECRETS)


def body(answer):
    assert answer.status_code == 200, answer.content.decode()
    return re.sub(r'="[\w+/=-]{22,}"', '=""', answer.content.decode())


def of_kind(shown, kind):
    return {one["value"] for one in shown["identifiers"] if one["kind"] == kind}


def test_the_command_line_shows_nothing_of_the_children(told, as_process):
    _agency, service = factories.service("ESX")
    with as_process("worker"):
        shown = showing.report(service, told[0].reference, reveal=False)
        hits = list(showing.hits(service, with_common=True))
        lines = list(ingesting.Lines(service, [told[0]]).of("given", told[0], 0.0))
        found = showing.search(service, "https://snapchat.com/stories/petra_snap71")
    for one in (*shown["identifiers"], *shown["parts"], shown["ambiguous"], shown["category"], *hits, *lines):
        assert free(json.dumps(one)), one
    assert found
    assert free(json.dumps(found))
    assert free(json.dumps({**shown, "title": ""}))


def test_only_the_part_is_replaced_and_other_people_stay_to_be_read(told, as_process):
    _agency, service = factories.service("ESX")
    with as_process("worker"):
        shown = showing.report(service, told[0].reference, reveal=False)
        opened = showing.report(service, told[0].reference, reveal=True)
    urls = of_kind(shown, "url")
    assert "https://otherapp.example/harmless" in urls
    assert any(re.fullmatch(r"https://snapchat\.com/stories/\[Child \w\]", url) for url in urls)
    assert {"otto.fabled@mail.example", "joann@mail.example"} <= of_kind(shown, "email")
    assert re.fullmatch(r"Enticement of \[Child \w\]", shown["category"])
    assert re.fullmatch(r"Chat of \[Child \w\]", shown["platform"])
    assert any(re.fullmatch(r"Child \w · displayed name", name) for name in of_kind(shown, "display_name"))
    assert "https://snapchat.com/stories/petra_snap71" in of_kind(opened, "url")
    assert LOOK_ALIKE in of_kind(opened, "email")


def test_the_address_of_a_childs_profile_is_the_childs_account(told, as_process):
    _agency, service = factories.service("ESX")
    with as_process("worker"), factories.intake() as intake:
        (again,) = intake.take(
            "ESX", "Seen again: https://www.snapchat.com/add/petra_snap71?s=1 at the harbour.\n"
        )
    with as_process("worker"):
        shown = showing.report(service, again.reference, reveal=False)
        opened = showing.report(service, again.reference, reveal=True)
    assert free(json.dumps({**shown, "title": ""}))
    assert of_kind(opened, "account") == {"snapchat/petra_snap71"}
    assert not of_kind(opened, "url")


def test_no_page_of_the_report_nor_of_the_other_that_mentions_it_shows_it(told):
    browser = client("finch@force.example")
    browser.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/2026/12"})
    with acting(factories.service("ESX")[1]):
        held = list(Holding.objects.filter(report_id=told[0].report_id))
        tables = list(Part.objects.filter(report_id=told[0].report_id, source__in=("csv", "xlsx")))
    pages = [f"/reports/{told[0].report_id}/{tab}" for tab in TABS]
    pages += [f"/reports/{told[0].report_id}/identifiers/{one.id}/" for one in held]
    pages += [f"/identifiers/{one.key}/" for one in held]
    pages += [
        f"/reports/{told[1].report_id}/{tab}" for tab in ("identifiers/", "hits/", "custody/", "history/")
    ]
    pages += ["/upload/", *(f"/upload/{one.id}/columns/" for one in tables)]
    pages += ["/", "/?team=1", "/reports/", "/hits/", "/hits/?suppressed=on", "/alerts/"]
    for address in pages:
        page = body(browser.get(address))
        assert free(page), (address, re.findall(r"(?i).{60}(?:wanda|petra|nowhere).{60}", page))
        for hit in set(re.findall(r'href="(/hits/[0-9a-f-]+/)"', page)):
            assert free(body(browser.get(hit))), hit


TABS = ("", "identifiers/", "messages/", "notes/", "hits/", "custody/", "history/")


def test_search_and_its_previews_do_not_show_it(told):
    browser = client("finch@force.example")
    browser.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/2026/12"})
    page = body(browser.get(browser.post("/search/", {"query": "marina rook@mail.example"})["location"]))
    assert free(page)
    previews = re.findall(r'href="([^"]+)" data-preview', page)
    assert previews
    for url in previews:
        assert free(body(browser.get(url.replace("&amp;", "&"), headers={"HX-Request": "true"}))), url


def test_a_page_address_is_revealed_for_a_reason(told):
    browser = client("finch@force.example")
    browser.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/2026/12"})
    with acting(factories.service("ESX")[1]):
        key = Holding.objects.get(
            report_id=told[0].report_id, value="https://snapchat.com/stories/petra_snap71"
        ).key
    assert free(body(browser.get(f"/identifiers/{key}/reveal/")))
    answer = browser.post(f"/identifiers/{key}/reveal/", {"purpose": "inquiry", "reference": "ESX/2026/12"})
    assert "https://snapchat.com/stories/petra_snap71" in body(answer)


def test_another_agency_sees_what_it_holds(told, as_process):
    _agency, service = factories.service("NMR")
    with acting(service):
        reference = Report.objects.get().reference
    with as_process("worker"):
        assert "https://snapchat.com/stories/petra_snap71" in of_kind(
            showing.report(service, reference, reveal=False), "url"
        )


def test_many_identifiers_ask_as_often_as_one(told):
    counts = []
    with acting(factories.service("ESX")[1]):
        for kinds in (["url"], ["url", "email", "display_name"]):
            held = list(Holding.objects.filter(kind__in=kinds))[: 50 if len(kinds) > 1 else 1]
            with CaptureQueriesContext(connection) as asked:
                with_masks(held)
            counts.append(len(asked))
    assert counts[0] <= counts[1] <= 8


def test_a_value_that_many_reports_hold_is_not_looked_up_in_all_of_them(told, monkeypatch):
    url = "https://snapchat.com/stories/petra_snap71"
    with acting(factories.service("ESX")[1]):
        mine, mention = Holding.objects.filter(kind="url", raw=url).order_by(
            "report__received_at", "report__reference"
        )
        for most, shown in ((2, True), (1, False)):
            monkeypatch.setattr(masked_values, "MOST_BESIDE", most)
            mention.instead = mine.instead = ""
            with_masks([mention])
            with_masks([mine])
            assert mention.is_masked == shown
            assert mine.is_masked, "its own report's victims are masked whoever else holds it"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("wavetalk/room of una76@kid.example", "wavetalk/room of [Child A]"),
        ("https://wa.me/447700900142", "https://wa.me/[Child A]"),
        ("https://x.example/?u=una76%40kid.example", "https://x.example/?u=[Child A]"),
        ("una76@k\u0456d.example", "[Child A]"),
        ("https://x.example/Una_Low", "https://x.example/[Child A]"),
        ("xuna76@kid.example", "xuna76@kid.example"),
        ("http://192.0.2.44/", "http://192.0.2.44/"),
        ("http://192.0.2.4/", "http://[Child A]/"),
        ("https://x.example/lowland", "https://x.example/lowland"),
        ("otto.low@mail.example", "otto.[Child A]@mail.example"),
    ],
)
def test_what_stands_in_a_value_is_replaced(value, shown):
    words = dict.fromkeys(
        ("una76@kid.example", "+447700900142", "192.0.2.4", "Una Low", "Una", "Low"), "Child A"
    )
    masker = Masker(words, frozenset({"Una", "Low"}))
    assert masker.value(value) == shown
    of_a_father = masker.value(value, is_anothers=True)
    assert of_a_father == (value if value.startswith("otto") else shown)
