"""What officers wrote on a report is read on it: by whom, when, victims' values replaced; before that it says so."""

import re
import zipfile
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories
from cets.access.viewer import acting
from cets.domains.intake import actions
from cets.domains.reports import actions as reports
from cets.domains.reports.models import Report
from cets.domains.sharing.levels import Level
from cets.kernel import clock
from unit.sites.desk.desk_nation import client

VICTIM = "wren.small@mail.example"
LINES = f"email,role,seen\n{VICTIM},victim,2026-04-03T20:00:00Z\nkestrel.blue@mail.example,suspect,2026-04-03T20:10:00Z\n"
#: What only somebody who read it can say.
FINDINGS = (
    "No identifier was found", "No other record that you may know of", ">Nothing<", "(0)", "0 identifiers", "No message was read", ">0<",
)  # fmt: skip


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst", name="L. Finch")


@pytest.fixture
def browser(officer):
    return client("finch@esx.example")


class Intake:
    """Takes in and reads as the worker does, for one officer."""

    def __init__(self, officer, as_process):
        self.officer, self.as_process = officer, as_process

    def take(self, text):
        with self.as_process("worker"), factories.intake() as intake:
            return intake.take((self.officer.agency, factories.viewer(self.officer)), text)[0].report_id

    def add(self, text, report_id=None, *, title=None, read=True):
        officer, viewer = self.officer, factories.viewer(self.officer)
        with self.as_process("worker"), factories.intake() as intake, acting(viewer):
            received = actions.add_note(
                report=Report.objects.get(id=report_id) if report_id else None, text=text, title=title, vault=intake.reading.vault,
                agency=officer.agency, sharing=Level.SILENT, author=officer.name, by=viewer, at=clock.now(),
            )  # fmt: skip
        if read:
            self.read(received)
        return received

    def read(self, received):
        with self.as_process("worker"), factories.intake() as intake:
            intake.read(self.officer.agency, factories.viewer(self.officer), [received.part_id])


@pytest.fixture
def intake(officer, as_process):
    return Intake(officer, as_process)


@pytest.fixture
def report(intake):
    """A report that a table makes, which names a victim."""
    return intake.take(LINES)


def page_of(browser, report_id, tab=""):
    answer = browser.get(f"/reports/{report_id}/{tab}")
    assert answer.status_code == 200
    return answer.content.decode()


def notes_on(page):
    """Return the notes of a page: who wrote each, and what it says."""
    listed = page.partition('<ol class="cets-notes">')[2].partition("</ol>")[0]
    return [re.sub(r"<[^>]+>", " ", one) for one in listed.split("<li")[1:]]


def test_a_note_is_read_on_the_report_with_who_wrote_it(browser, intake, officer, report):
    assert "No note yet." in page_of(browser, report)
    intake.add("The caller rang twice.\n\nPlease ring back before noon.", report)
    intake.add("Nobody answered.", report)

    for tab in ("", "notes/"):
        page = page_of(browser, report, tab)
        newer, older = notes_on(page)
        assert "No note yet." not in page
        assert "Nobody answered." in newer
        assert re.search(r"The caller rang twice\.\s+Please ring back before noon\.", older)
        assert older.count(f"L. Finch, {officer.team.name}") == 1
        assert re.search(r"\w{3} \d+ \w{3} \d{4}, \d\d:\d\d", older)


def test_a_note_that_is_not_read_yet_says_so(browser, intake, officer, report):
    intake.add("The caller rang twice.", report, read=False)
    for tab in ("", "notes/"):
        (note,) = notes_on(page_of(browser, report, tab))
        assert "Not read yet." in note
        assert "L. Finch" in note


def test_a_victims_value_is_replaced_in_a_note(browser, intake, officer, report):
    intake.add(f"She writes as {VICTIM} to him.", report)
    for tab in ("", "notes/"):
        page = page_of(browser, report, tab)
        assert VICTIM not in page
        assert "She writes as [Child A] to him." in page


def test_a_value_that_another_report_makes_a_victims_is_replaced_too(browser, intake, officer, report):
    elsewhere = intake.add("Words of nobody.").report_id
    intake.add(f"She writes as {VICTIM} to him.", elsewhere)
    for tab in ("", "notes/"):
        assert VICTIM not in page_of(browser, elsewhere, tab)


def test_many_and_long_notes_cost_no_more_and_all_can_be_reached(browser, intake, officer, report):
    def cost(tab):
        with CaptureQueriesContext(connection) as queries:
            page_of(browser, report, tab)
        return len(queries)

    none = cost("")
    intake.add("First words.", report)
    one, one_of_all = cost(""), cost("notes/")
    assert one <= none + 3
    for number in range(6):
        intake.add(f"Words {number}", report)
    intake.add(
        "\n\n".join(f"Line {n} {'and so on ' * 30}" for n in range(60)) + " The very end.",
        report,
    )
    assert (cost(""), cost("notes/")) == (one, one_of_all)

    page = page_of(browser, report)
    assert len(notes_on(page)) == 5
    assert f'href="/reports/{report}/notes/">All notes' in page
    assert "Read all of it" in notes_on(page)[0]
    assert "The very end." not in page
    whole = page_of(browser, report, "notes/")
    assert len(notes_on(whole)) == 8
    assert "The very end." in whole
    assert "First words." in whole


def test_a_note_longer_than_a_page_goes_on_upon_the_next(browser, intake, officer, report):
    intake.add("\n\n".join(f"Paragraph {n}." for n in range(230)), report)
    assert "Paragraph 229." not in page_of(browser, report, "notes/")
    (rest,) = notes_on(page_of(browser, report, "notes/?page=2"))
    assert "Paragraph 229." in rest
    assert "L. Finch" in rest


def test_a_typed_note_says_its_title_and_text(browser, intake, officer):
    made = intake.add("The head rang.\n\nPlease ring back.", title="Call from a school")
    page = page_of(browser, made.report_id)
    says = page.partition("What it says")[2].partition("</section>")[0]
    assert "Call from a school" in says
    assert re.search(r"The head rang\..*Please ring back\.", says)
    assert f"As L. Finch, {officer.team.name} wrote it." in says
    assert "No note yet." in page, "it is what the report says"


def test_a_plain_text_says_more_than_its_first_line(browser, intake, officer):
    made_id = intake.take("First line.\n\nSecond line.\n")
    says = page_of(browser, made_id).partition("What it says")[2].partition("</section>")[0]
    assert re.search(r"First line\..*Second line\.", says)


def test_a_report_that_waits_to_be_read_states_no_finding(browser, intake, officer):
    made = intake.add("He uses +44 7700 900142.", read=False)
    for tab in ("", "identifiers/", "messages/", "hits/", "custody/"):
        page = page_of(browser, made.report_id, tab)
        assert [words for words in (*FINDINGS, "no category stated", "Not stated") if words in page] == [], (
            tab
        )
        assert "Not read yet" in page, tab
    intake.read(made)
    for tab in ("", "identifiers/", "messages/", "hits/", "custody/"):
        assert "Not read yet" not in page_of(browser, made.report_id, tab)


def cut_archive():
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mail.txt", "kestrel.blue@mail.example")
    return packed.getvalue()[:34]


def archive(name, data):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, data)
    return packed.getvalue()


def test_an_archive_of_what_could_not_be_read_states_no_finding(browser, intake, officer):
    made_id = intake.take(archive("disk.bin", bytes(range(256)) * 4))
    for tab in ("", "identifiers/", "hits/", "custody/"):
        page = page_of(browser, made_id, tab)
        assert "could be read" in page, tab
        assert [words for words in FINDINGS if words in page] == [], tab


def test_a_table_that_waits_was_read_as_far_as_it_is_sure(browser, intake, officer):
    made_id = intake.take("when,note\n03/04/2026,kestrel.blue@mail.example\n")
    page = page_of(browser, made_id)
    assert "Confirm the columns of a table." in page
    assert "What is sure in it was read" in page
    assert "before it is read" not in page
    assert "kestrel.blue@mail.example" in page
    assert "Not all of it is read yet" in page_of(browser, made_id, "hits/")


@pytest.mark.parametrize(
    "data", [cut_archive(), bytes(range(256)) * 4, b'{"reportId": "990000101", "reportedInformation": {"emai'],
    ids=["damaged archive", "random bytes", "cut JSON"],
)  # fmt: skip
def test_what_could_not_be_read_states_no_finding(browser, intake, officer, data):
    made_id = intake.take(data)
    for tab in ("", "identifiers/", "hits/", "custody/"):
        page = page_of(browser, made_id, tab)
        assert "could not be read" in page, tab
        assert [words for words in (*FINDINGS, "no category stated", "Not stated") if words in page] == [], (
            tab
        )


def test_a_further_file_that_waits_takes_back_only_what_was_not_found(browser, intake, officer):
    made_id = intake.take("Words of nobody.")
    assert "No identifier was found in it." in page_of(browser, made_id)
    intake.add("He uses +44 7700 900142.", made_id, read=False)
    page = page_of(browser, made_id)
    assert "No identifier was found in it." not in page
    assert "Not all of it is read yet." in page
    assert "Words of nobody." in page


def test_a_secondee_learns_who_wrote_a_note(browser, intake, officer, as_process):
    made_id = intake.take("Words of nobody.")
    intake.add("The caller rang again.", made_id)
    helper = factories.officer(officer.agency, "dunlin@esx.example", "secondee", name="M. Dunlin")
    boss = factories.viewer(factories.officer(officer.agency, "cobalt@esx.example", "supervisor"))
    with acting(boss):
        report = Report.objects.get(id=made_id)
    reports.give(report=report, officer=helper, by=boss, at=clock.now())

    page = page_of(client("dunlin@esx.example"), made_id, "notes/")

    assert "The caller rang again." in page
    assert "L. Finch" in page
    assert "whom you may not know" not in page
