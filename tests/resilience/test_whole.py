"""The whole of it at once, as it is started for officers: `cets up` with its confined desk, its worker, its database; and a browser."""

import re
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from journeys.desk_live import Visitor, browsing
from resilience import harness
from resilience.test_up import free_port, nothing_runs, pytestmark, up

__all__ = ["pytestmark"]

LOGIN, PASSWORD = "analyst@esx.example", "four lanterns on the quay"
#: Officers are made at the desk by an administrator and get their roles from two; this takes the demo's short way.
ADD_OFFICER = """
import sys
from pathlib import Path
from cets.kernel import clock
from cets.sites.console import runtime

with runtime.started(Path(sys.argv[1]), "owner"):
    from cets.access.viewer import acting
    from cets.domains.agencies import actions
    from cets.domains.agencies.models import Team
    from cets.sites.console.founding import founder

    by = founder()
    with acting(by):
        team = Team.objects.select_related("agency").get(agency__code="ESX", is_duty=True)
    officer = actions.add_officer(
        agency=team.agency, team=team, login_name=sys.argv[2], name="An analyst", password=sys.argv[3], by=by, at=clock.now()
    )
    with acting(by):
        actions.grant_role(officer=officer, role="analyst", approval_id=None, by=by, at=clock.now())
"""
#: The worker takes a job within a second; a loaded machine takes longer to everything.
READ_MS = 30_000


def add_officer(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ADD_OFFICER, home, LOGIN, PASSWORD],
        capture_output=True,
        env=harness.environment(),
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def upload(page: Page, path: Path) -> None:
    """Give a file to the desk and wait until the worker has read it: the list of files asks by itself."""
    page.goto("/upload/")
    page.locator("#id_uploads").set_input_files(path)
    page.get_by_role("button", name="Add the files").click()
    states = page.locator("[data-file-states]")
    expect(states).to_contain_text("2 identifiers", timeout=READ_MS)
    states.get_by_role("link", name=re.compile("CETS-ESX-")).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def original_of(page: Page) -> bytes:
    """Download the original of the report that is open, and come back to the report."""
    report = page.url
    page.goto(f"{report}custody/")
    page.get_by_role("link", name=re.compile("[Dd]ownload")).click()
    page.get_by_label("Active inquiry").check()
    page.get_by_label("Case or report reference").fill("ESX/2026/7")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download the original").click()
    got = Path(coming.value.path()).read_bytes()
    page.goto(report)
    return got


def add_note(page: Page, words: str) -> None:
    report = page.url
    page.goto(f"{report}note/")
    page.get_by_label("Note", exact=True).fill(words)
    page.get_by_role("button", name="Add the note").click()
    page.wait_for_url(report)


def until_shown(page: Page, words: str) -> None:
    """Open the page again and again, as somebody who waits for the worker does."""

    def is_shown() -> bool:
        page.reload()
        return page.get_by_text(words).count() > 0

    harness.wait_until(is_shown, seconds=READ_MS / 1000, what=f"the page says {words}")


def test_a_file_and_a_note_through_every_process(home, tmp_path):
    path = tmp_path / "from a caller.txt"
    path.write_bytes("Écrire à quayside@mail.example\r\nor call +44 7700 900123.\n".encode())
    add_officer(home)
    port = free_port()
    with up(home, port) as process, browsing() as browser:
        visitor = Visitor(browser, f"http://127.0.0.1:{port}").sign_in(LOGIN, PASSWORD)
        page = visitor.page

        upload(page, path)
        assert original_of(page) == path.read_bytes()

        add_note(page, "The caller also named slipway@mail.example.")
        page.goto(f"{page.url}identifiers/")
        until_shown(page, "slipway@mail.example")
        expect(page.get_by_text("quayside@mail.example").first).to_be_visible()

        visitor.close()
        assert visitor.heard == []
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    harness.wait_until(lambda: nothing_runs(home), seconds=5, what="nothing runs")
    said = (home.parent / "up.log").read_text()
    assert said.count("\n") == 1, said  # where the desk is, and nothing else
