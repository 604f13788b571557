"""A victim's name or value in a report's title or in the name of a file: masked like the texts, wherever it is told."""

import io
import json
import re
import zipfile

import pytest

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.deconfliction import queries as hits
from cets.domains.intake import actions
from cets.domains.intake.masking import Masker
from cets.domains.ledger.models import Alert, Entry
from cets.domains.reports.models import Part, Report
from cets.domains.search import queries as search
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from cets.sites.console import showing
from unit.sites.desk.desk_nation import client

MAIL, NUMBER = "kim.larch@mail.example", "+447700900142"
SUBJECT = "KIM LARCH again, kim.larch@mail.example, 07700 900142"
TABLE = f"email,phone,role,name\n{MAIL},{NUMBER},victim,Kim Larch\nkestrel.blue@mail.example,,suspect,\n"
LETTER = f"From: parent@mail.example\nTo: desk@mail.example\nSubject: {SUBJECT}\n\nSee what is added.\n"
NAMES = (
    "a mail about Kim_Larch.eml",
    "WhatsApp-Chat with +44 7700 900142.csv",
    "kimlarch.txt",
    "spare kim.larch@mail.example.txt",
)
SECRETS = ("kim", "larch", "900142", "900 142")


def archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, text in zip(NAMES, (LETTER, TABLE, "nothing here", "nor here"), strict=True):
            made.writestr(name, text)
    return file.getvalue()


@pytest.fixture
def told(db, as_process):
    """A report about a child of whom its title and its files' names tell; another force holds the same suspect."""
    esx, nmr = factories.agency("ESX"), factories.agency("NMR")
    officers = [
        factories.officer(esx, "finch@esx.example", "analyst"),
        factories.officer(nmr, "wren@nmr.example", "analyst"),
    ]
    with as_process("worker"), factories.intake() as intake:
        (received,) = intake.take("ESX", archive(), sharing="open", name="Kim Larch")
        intake.take("NMR", "Mail of kestrel.blue@mail.example.", sharing="open")
    return [factories.viewer(officer) for officer in officers], received


def free(text):
    """Say whether nothing of the child stands in a text."""
    return not any(secret in str(text).lower() for secret in SECRETS)


def page_at(browser, address):
    """Return a page without its random words, in which any three letters may stand."""
    return re.sub(r'="[\w+/=-]{22,}"', '=""', browser.get(address).content.decode())


def test_title_and_names_are_masked_and_kept_as_they_came(told):
    (mine, _), received = told
    with acting(mine):
        report = Report.objects.get(id=received.report_id)
        parts = list(Part.objects.filter(report=report).order_by("number"))

    assert report.title == "[Child A] again, [Child A], [Child A]"
    assert report.title_raw == SUBJECT
    assert all(free(part.name) for part in parts), [part.name for part in parts]
    assert parts[0].name_raw == "Kim Larch-0"
    assert {part.name_raw for part in parts[1:]} == {f"Kim Larch-0!/{name}" for name in NAMES}


def test_a_report_without_a_victim_keeps_its_names(told, as_process):
    (_, other), _received = told
    with as_process("worker"), factories.intake() as intake:
        (plain,) = intake.take("NMR", LETTER, name="Kim Larch")
    with acting(other):
        report = Report.objects.get(id=plain.report_id)
        assert (report.title, report.title_raw) == (SUBJECT, "")
        assert Part.objects.get(report=report).name == "Kim Larch-0"


def test_the_command_line_tells_them_only_when_revealed_and_records_it(told, as_process):
    _viewers, received = told
    _agency, service = factories.service("ESX")
    with as_process("worker"):
        masked = json.dumps(showing.report(service, received.reference, reveal=False))
        with acting(service):
            assert (
                Event.objects.filter(type="identifiers:identifier:revealed", subject_type="report").count()
                == 0
            )
        revealed = showing.report(service, received.reference, reveal=True)
        found = json.dumps(list(showing.hits(service, with_common=True)))
        searched = json.dumps(showing.search(service, received.reference))

    assert free(masked)
    assert revealed["title"] == SUBJECT
    assert {part["file"] for part in revealed["parts"]} >= {f"Kim Larch-0!/{name}" for name in NAMES}
    with acting(service):
        assert (
            Event.objects.filter(type="identifiers:identifier:revealed", subject_type="report").count() == 1
        )
    assert free(found)
    assert "[Child A] again" in searched
    assert free(searched)


def test_the_other_agency_is_told_the_masked_title(told):
    (_, theirs), _received = told
    with acting(theirs):
        (hit,) = hits.tell(theirs, list(hits.visible_to(theirs)))
        (side,) = hit.theirs

    assert side.level is Level.OPEN
    assert side.summary == "[Child A] again, [Child A], [Child A]"


def test_no_word_of_it_stands_in_the_ledger(told):
    (mine, _), _received = told
    with acting(mine):
        assert all(free(f"{e.title} {e.next_step} {e.why}") for e in Entry.objects.all())
        assert all(free(alert.text) for alert in Alert.objects.all())


def test_a_search_for_the_name_finds_nothing_by_a_title(told):
    (mine, _), _received = told
    with acting(mine):
        for question in ("larch", "kimlarch"):
            found = search.run(mine, search.understand(question, country="GB"))
            assert not [one for one in found if one.type == "report"]
            assert all(free(one.snippet) for one in found)


def test_no_screen_shows_them(told):
    (_mine, _), received = told
    browser = client("finch@esx.example")
    for address in (
        "/", "/reports/", "/hits/", "/upload/", f"/reports/{received.report_id}/", f"/reports/{received.report_id}/identifiers/",
        f"/reports/{received.report_id}/messages/", f"/reports/{received.report_id}/hits/", f"/reports/{received.report_id}/custody/",
        f"/reports/{received.report_id}/history/", f"/reports/{received.report_id}/notes/", "/alerts/", "/recorded/",
    ):  # fmt: skip
        page = page_at(browser, address)
        assert free(page.split("</header>", 1)[-1].replace("larch@esx", "")), address
        assert free(page.partition("</title>")[0]), address


def test_reading_once_more_masks_from_what_came(told, as_process):
    (mine, _), received = told
    with acting(mine):
        before = [part.name for part in Part.objects.filter(report_id=received.report_id).order_by("number")]
    from cets.domains.intake.masking import mask_report

    with as_process("worker"), acting(factories.service("ESX")[1]):
        mask_report(received.report_id)
    with acting(mine):
        report = Report.objects.get(id=received.report_id)
        after = [part.name for part in Part.objects.filter(report=report).order_by("number")]

    assert (after, report.title) == (before, "[Child A] again, [Child A], [Child A]")


def test_until_a_file_is_read_only_who_handed_it_in_sees_its_name(db, as_process):
    agency, name = factories.agency("ESX"), "chat with Kim Larch.txt"
    officer = factories.officer(agency, "finch@esx.example", "analyst")
    factories.officer(agency, "wren@esx.example", "analyst")
    _agency, service = factories.service("ESX")
    content = b"Told by kestrel.blue@mail.example"
    with as_process("worker"), factories.intake() as intake:
        (received,) = actions.receive(
            [actions.Incoming(name, io.BytesIO(content), len(content))],
            vault=intake.reading.vault, agency=agency, sharing=Level.OPEN, by=factories.viewer(officer), at=clock.now(),
        )  # fmt: skip
        told = showing.report(service, received.reference, reveal=False)

    custody = f"/reports/{received.report_id}/custody/"
    assert name in client("finch@esx.example").get("/upload/").content.decode()
    for address in ("/", "/reports/", "/upload/", f"/reports/{received.report_id}/", custody):
        assert free(page_at(client("wren@esx.example"), address)), address
    assert free(json.dumps(told))
    with as_process("worker"), factories.intake() as intake:
        intake.read(agency, service, [received.part_id])

    with as_process("worker"):
        told = showing.report(service, received.reference, reveal=False)
    assert [part["file"] for part in told["parts"]] == [name]  # the file names no victim
    assert name in client("wren@esx.example").get(custody).content.decode()


def test_what_the_source_itself_calls_child_a_is_bracketed_once():
    masker = Masker({"Child A": "Child A", "kim.larch@mail.example": "Child A"})
    once = masker("About kim.larch@mail.example, Child A.")
    assert once == "About [Child A], [Child A]."
    for again in (masker(once), masker.name(once), masker.label(once)):
        assert again == once
