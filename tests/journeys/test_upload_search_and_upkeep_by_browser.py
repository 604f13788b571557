"""Files, searches, accounts and the audit by browser: every screen sound, quiet, narrow and wide."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, expect

import factories
from cets.access.viewer import acting
from cets.domains.agencies.models import Officer, RoleGrant
from cets.domains.approvals import actions as approvals
from cets.domains.intake import rereading
from cets.domains.reports.models import Part
from cets.kernel import clock
from journeys.desk_live import Visitor, browsing, drop, served

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROWEST, NARROW = 320, ("target-size", "color-contrast", "scrollable-region-focusable")
TABLE = "No;Seen (UTC);Contact;Remarks\n1;03/04/2026 10:00;kestrel_blue;at the lobby\n2;05/06/2026 11:30;linnet_red;none\n"


@dataclass
class Desk:
    address: str
    browser: Browser
    switch: Any
    people: dict[str, Officer]

    def visit(self, name: str, width: int = 1600) -> Visitor:
        return Visitor(self.browser, self.address, width=width).sign_in(f"{name}@esx.example", "demo")

    def work(self) -> None:
        """Do what the worker does."""
        with self.switch("worker"), factories.intake() as intake:
            viewer = factories.viewer(self.people["analyst"])
            with acting(viewer):
                waiting = list(Part.objects.filter(state="sealed").values_list("id", flat=True))
            rereading.read_again(waiting, reading=intake.reading, country="GB", by=viewer, at=clock.now())


@pytest.fixture(scope="module")
def desk(server: str, template: str, request: Any) -> Iterator[Desk]:
    root = next(p for p in request.config.pluginmanager.get_plugins() if hasattr(p, "_as_process"))
    fresh = root._fresh(server, template)
    next(fresh)
    esx = factories.agency("ESX")
    roles = ("analyst", "administrator", "data_protection_officer")
    people = {role: factories.officer(esx, f"{role}@esx.example", role) for role in roles}
    people["second"] = factories.officer(esx, "second@esx.example", "administrator")
    with pytest.MonkeyPatch.context() as patch, served() as address, browsing() as browser:
        # Playwright runs a loop in this thread, and what these tests do in between waits for nobody.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield Desk(address, browser, root._as_process, people)
    next(fresh, None)


@pytest.fixture
def visit(desk: Desk) -> Iterator[Any]:
    visitors: list[Visitor] = []

    def come(name: str, **more: Any) -> Visitor:
        visitors.append(desk.visit(name, **more))
        return visitors[-1]

    yield come
    for visitor in visitors:
        heard = [one for one in visitor.heard if "status of 4" not in one]
        visitor.close()
        assert heard == []


def is_sound(visitor: Visitor, *, only: Sequence[str] = ()) -> None:
    """Nothing for axe to find, nothing that has to be scrolled to the side. `only`: rules that depend on the width."""
    rules = {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": TAGS}
    found = Axe().run(visitor.page, options={"runOnly": rules, "resultTypes": ["violations"]})
    faults = [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found.response["violations"]]
    assert faults == [], visitor.page.url
    overflow = visitor.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, visitor.page.url


def test_a_folder_is_one_report_unless_somebody_says_otherwise(visit: Any, tmp_path: Path) -> None:
    """Who drops the export of an account means one report, not thousands; and what he said himself stays."""
    folder = tmp_path / "account"
    (folder / "inbox").mkdir(parents=True)
    for number in range(5):
        (folder / "inbox" / f"{number}.txt").write_text(f"Call +44 7700 90014{number}, number {number}.")
    page = visit("analyst").page
    box = page.get_by_label("These files are one report")

    page.goto("/upload/")
    page.locator("#id_uploads").set_input_files([folder / "inbox" / "0.txt"])
    expect(box).not_to_be_checked()
    page.locator("#id_folder").set_input_files(folder)
    expect(box).to_be_checked()
    expect(page.locator("[data-upload-live]")).to_contain_text("5 files: Not added yet")
    box.uncheck()
    page.locator("#id_folder").set_input_files(folder)
    expect(box).not_to_be_checked()
    page.once("dialog", lambda dialog: dialog.accept())  # they were not added, and are not to be
    page.goto("/upload/")

    page.locator("#id_folder").set_input_files(folder)
    page.get_by_role("button", name="Add the files").click()
    links = page.locator("[data-file-states] a", has_text="CETS-ESX-")
    expect(links).to_have_count(5)
    assert len(set(links.all_text_contents())) == 1


#: A folder on a slow disk.
SLOWLY = """() => {
    const open = DataTransferItem.prototype.webkitGetAsEntry;
    DataTransferItem.prototype.webkitGetAsEntry = function () {
        const entry = open.call(this);
        const kind = Object.getPrototypeOf(entry.createReader());
        const read = kind.readEntries;
        kind.readEntries = function (...given) {
            setTimeout(() => read.apply(this, given), 300);
        };
        return entry;
    };
}"""


def test_who_presses_while_a_folder_is_looked_through_adds_what_is_in_it(visit: Any, tmp_path: Path) -> None:
    for number in range(3):
        inside = tmp_path / "slow export" / f"chat {number}"
        inside.mkdir(parents=True)
        (inside / "said.txt").write_text(f"Kestrel, slow number {number}.")
    page = visit("analyst").page

    page.goto("/upload/")
    page.evaluate(SLOWLY)
    drop(page, tmp_path / "slow export")
    page.get_by_role("button", name="Add the files").click()
    expect(page.locator("[data-upload-live]")).to_have_text("Looking through the folder")
    for number in range(3):
        expect(page.locator("[data-file-states]")).to_contain_text(
            f"slow export/chat {number}/said.txt", timeout=20_000
        )
    expect(page.locator("[data-none-chosen]")).to_be_hidden()


def test_a_file_beside_the_frame_is_taken_too(visit: Any) -> None:
    """A browser would open it and leave the page, and what was chosen before would be gone."""
    page = visit("analyst").page
    page.goto("/upload/")
    dropped = page.evaluate_handle(
        "() => { const all = new DataTransfer(); all.items.add(new File(['Kestrel'], 'beside.txt')); return all; }"
    )
    page.locator("h1").dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.locator("[data-sending-list]")).to_contain_text("beside.txt")
    page.get_by_role("button", name="Cancel").click()


def test_a_file_is_added_and_its_columns_are_settled(desk: Desk, visit: Any, tmp_path: Path) -> None:
    table, empty = tmp_path / "lines of a provider.csv", tmp_path / "empty.txt"
    table.write_text(TABLE)
    empty.write_text("")
    visitor = visit("analyst")
    page = visitor.page

    page.goto("/upload/")
    page.locator("#id_uploads").set_input_files([table, empty])
    page.get_by_role("button", name="Add the files").click()
    expect(page.locator("[data-file-states]")).to_contain_text("Received and sealed")
    expect(page.locator("[data-file-states]")).to_contain_text("The file is empty")
    is_sound(visitor)
    desk.work()
    expect(page.locator("[data-file-states]")).to_contain_text(
        "Needs you", timeout=10_000
    )  # the list asks by itself

    page.get_by_role("link", name="2 columns to settle").or_(
        page.get_by_role("link", name="1 column to settle")
    ).click()
    is_sound(visitor)
    page.get_by_label("Read column Contact as").select_option("handle")
    page.get_by_label("3 Apr 2026: day first").check()
    page.get_by_role("button", name="Confirm and read").click()
    expect(page.locator("[data-file-states]")).to_contain_text("It is read again with your columns.")
    desk.work()
    expect(page.locator("[data-file-states]")).to_contain_text("2 identifiers", timeout=10_000)


def test_who_presses_twice_is_not_told_that_he_chose_nothing(desk: Desk, visit: Any, tmp_path: Path) -> None:
    note = tmp_path / "twice.txt"
    note.write_text("Kestrel, pressed twice.")
    page = visit("analyst").page

    page.goto("/upload/")
    page.locator("#id_uploads").set_input_files(note)
    page.get_by_role("button", name="Add the files").dblclick()
    expect(page.locator("[data-file-states]")).to_contain_text("twice.txt")
    expect(page.locator("[data-none-chosen]")).to_be_hidden()
    page.get_by_role("button", name="Add the files").click()
    expect(page.locator("[data-none-chosen]")).to_be_visible()
    desk.work()


LETTER = b"""From: Tern <tern@mail.example>
To: wren@mail.example, gull@mail.example
Cc: heron@mail.example
Subject: \xd8\xa7\xd8\xaa\xd8\xb5\xd9\x84
Date: Mon, 13 Apr 2026 09:12:00 +0000
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

\xd8\xa7\xd8\xaa\xd8\xb5\xd9\x84 +44 7700 900322
"""
#: How far from the left each sign of an element's text is drawn.
DRAWN = """(element) => [...element.firstChild.data].map((_, at) => {
    const range = document.createRange();
    range.setStart(element.firstChild, at);
    range.setEnd(element.firstChild, at + 1);
    return range.getBoundingClientRect().left;
})"""


def test_a_mail_is_sound_and_a_number_in_it_reads_as_it_is_dialled(desk: Desk, visit: Any) -> None:
    """In a line that is written from the right, its groups would stand the other way round."""
    with desk.switch("worker"), factories.intake() as intake:
        report = intake.take("ESX", LETTER, name="letter.eml")[0].report_id
    visitor = visit("analyst")
    visitor.page.goto(f"/reports/{report}/messages/")
    is_sound(visitor)
    number = visitor.page.locator(".cets-mail__text a.cets-mark", has_text="+44 7700 900322")
    drawn = number.evaluate(DRAWN)
    assert drawn == sorted(drawn)


def test_the_page_may_ask_while_the_worker_works(desk: Desk, visit: Any) -> None:
    visitor = visit("analyst")
    visitor.page.goto("/upload/")

    with desk.switch("worker"), factories.intake():
        with connection.cursor() as cursor:
            cursor.execute("select current_user")
            assert cursor.fetchone()[0].endswith("_worker")
        for _ in range(3):
            assert visitor.page.request.get("/upload/states/").status == 200


def test_a_table_inside_an_archive_is_settled(desk: Desk, visit: Any, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("visits.csv", TABLE.replace("kestrel", "siskin"))
    visitor = visit("analyst")
    page = visitor.page

    page.goto("/upload/")
    page.locator("#id_uploads").set_input_files([bundle])
    page.get_by_role("button", name="Add the files").click()
    own = page.locator("[data-file-states] li", has_text="bundle.zip")
    expect(own).to_contain_text("Received and sealed")
    desk.work()
    link = page.get_by_role("link", name=re.compile(r"visits\.csv in bundle\.zip: \d columns? to settle"))
    expect(link).to_be_visible(timeout=10_000)
    is_sound(visitor)
    link.click()
    expect(page.get_by_role("heading", name="Columns of visits.csv in bundle.zip")).to_be_visible()
    is_sound(visitor)
    page.get_by_label("Read column Contact as").select_option("handle")
    page.get_by_label("3 Apr 2026: day first").check()
    page.get_by_role("button", name="Confirm and read").click()
    desk.work()
    expect(page.locator("[data-file-states]")).to_contain_text("in 1 file of the archive", timeout=10_000)


def test_a_search_by_keyboard_alone(desk: Desk, visit: Any) -> None:
    with desk.switch("worker"), factories.intake() as intake:
        intake.take("ESX", "The marina was named by osprey.grey@mail.example and by the school.")
    visitor = visit("analyst")
    page = visitor.page

    page.locator("#search-everywhere").focus()
    page.keyboard.type("osprey.grey@mail.example marina")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Why do you look?")).to_be_visible()
    is_sound(visitor)
    page.get_by_label("Active inquiry").focus()
    page.keyboard.press("Space")
    page.get_by_label("Case or report reference").focus()
    page.keyboard.type("ESX/2026/7")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_contain_text("Understood as")
    expect(page.locator("main")).to_contain_text("2 results you may see")
    assert "osprey" not in page.url
    assert "osprey" not in page.title()
    is_sound(visitor)
    page.get_by_role("button", name="All of these").click()
    expect(page.get_by_role("button", name="All of these")).to_have_attribute("aria-pressed", "true")


def addresses(desk: Desk) -> dict[str, list[str]]:
    """Return every screen of these parts, by who sees it."""
    analyst, admin = desk.people["analyst"], desk.people["administrator"]
    by = factories.viewer(admin)
    with acting(by):
        grant = RoleGrant.objects.filter(officer=analyst, ended_at=None).first()
    assert grant is not None
    approval = approvals.ask(
        kind="grant_role",
        subject_id=analyst.id,
        params={"role": "supervisor"},
        reason="Leads the team",
        by=by,
        at=clock.now(),
    )
    officer, agency = f"/admin/officers/{analyst.id}/", f"/admin/agencies/{analyst.agency_id}/"
    with acting(factories.viewer(analyst)):
        part = Part.objects.filter(column_maps__isnull=False).first()
    columns = [f"/upload/{part.id}/columns/"] if part else []
    return {
        "analyst": ["/upload/", "/upload/note/", "/search/", *columns],
        "administrator": [
            "/admin/agencies/", "/admin/agencies/add/", agency, f"{agency}teams/add/", f"{agency}officers/add/",
            f"/admin/teams/{analyst.team_id}/", "/admin/officers/", officer, f"{officer}role/", f"{officer}away/", f"{officer}password/",
            f"{officer}second-factor/", f"{officer}leave/", f"/admin/grants/{grant.id}/end/", "/admin/roles/", "/admin/approvals/",
        ],
        "second": [f"/admin/approvals/{approval.id}/"],
        "data_protection_officer": ["/audit/"],
    }  # fmt: skip


@pytest.fixture(scope="module")
def screens(desk: Desk) -> dict[str, list[str]]:
    return addresses(desk)


@pytest.mark.parametrize("width", [NARROWEST, 1600])
@pytest.mark.parametrize("name", ["analyst", "administrator", "second", "data_protection_officer"])
def test_every_screen_is_sound(
    desk: Desk, visit: Any, screens: dict[str, list[str]], name: str, width: int
) -> None:
    visitor = visit(name, width=width)
    for address in screens[name]:
        answer = visitor.page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        is_sound(visitor, only=NARROW if width == NARROWEST else ())
