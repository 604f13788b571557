"""The whole folder of collected sample files as an officer has it: by the command, and dropped onto the desk in a browser."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys.desk_live import Visitor, browsing, drop
from resilience import harness
from resilience.test_up import free_port, up
from resilience.test_up import pytestmark as needs_processes
from resilience.test_whole import LOGIN, PASSWORD, add_officer

pytestmark = [pytest.mark.long, needs_processes]

EXPECTATIONS = Path(__file__).parents[1] / "data_expectations.csv"
COUNTED = ("sightings", "identifiers", "messages", "traces")
READ_SECONDS = 1_800


def expected() -> dict[str, dict[str, str]]:
    with EXPECTATIONS.open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def test_the_folder_by_the_command(home: Path, shared_data: Path) -> None:
    done = harness.run(
        "ingest", "--home", home, "--agency", "ESX", "--json", shared_data, status=None, seconds=READ_SECONDS
    )
    told: dict[str, dict[str, Any]] = {}
    for line in harness.lines(done):
        archive, _, inside = line["file"].partition("!/")
        if inside:  # an archive is told by what is in it
            before = told.get(archive, {})
            whole = {count: before.get(count, 0) + line[count] for count in COUNTED}
            told[archive] = line | {"source": "zip"} | whole
        else:
            told[archive] = line
    files = [path for path in shared_data.rglob("*") if path.is_file()]
    assert {str(path) for path in files} <= set(told), "every file has its line"
    assert done.returncode == 0
    wrong = {}
    for name, row in expected().items():
        line = told[str(shared_data / name)]
        stated = {count: int(row[count]) for count in COUNTED if row[count]}
        got = {count: line[count] for count in stated}
        if line["duplicate_of"] is None and (line["source"], got) != (row["source"], stated):
            wrong[name] = line["source"], got, stated
    assert wrong == {}
    silent = [one for one in told.values() if one["source"] is None and not one["not_understood"]]
    assert silent == [], "what is not understood is said"


def test_the_folder_dropped_onto_the_desk(home: Path, shared_data: Path) -> None:
    files = [path for path in shared_data.rglob("*") if path.is_file() and path.stat().st_size]
    add_officer(home)
    port = free_port()
    with up(home, port) as process, browsing() as browser:
        visitor = Visitor(browser, f"http://127.0.0.1:{port}").sign_in(LOGIN, PASSWORD)
        page = visitor.page
        page.goto("/upload/")
        drop(page, shared_data)
        page.get_by_role("button", name="Add the files").click()
        expect(page.locator("[data-upload-live]")).to_contain_text("received", timeout=300_000)
        expect(page.locator("[data-sending-list] li")).to_have_count(0, timeout=300_000)
        harness.wait_until(lambda: not waiting(home), seconds=READ_SECONDS, what="all of it is read")
        states = held(home)
        visitor.close()
        assert visitor.heard == []
        process.terminate()
        assert process.wait(60) == 0
    assert sum(states.values()) == len({path.read_bytes() for path in files})
    assert states["sealed"] == 0
    assert states["read"] + states["needs_map"] >= len(expected()) * 3 // 4


def waiting(home: Path) -> int:
    with harness.database(home) as conn:
        return int(
            conn.execute(
                "select count(*) from reports_part where state = 'sealed' and not member"
            ).fetchone()[0]
        )


def held(home: Path) -> Counter[str]:
    with harness.database(home) as conn:
        return Counter(
            dict(
                conn.execute(
                    "select state, count(*) from reports_part where not member group by state"
                ).fetchall()
            )
        )
