"""What a device recorded, from the file to the screen: kept, masked, found by its words, counted, read again, shown."""

import json
import re
import zipfile
from io import BytesIO
from typing import get_args

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.identifiers import actions as identifiers
from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Context
from cets.domains.identifiers.models import Sighting
from cets.domains.intake import rereading
from cets.domains.intake.masking import mask_report
from cets.domains.intake.rows import Person, Trace, TraceKind
from cets.domains.intake.rows import Sighting as SightingRow
from cets.domains.intake.together import Together
from cets.domains.intake.writing import PartWriter, Tables
from cets.domains.reports import queries as reports
from cets.domains.reports.actions import hold_levels
from cets.domains.reports.models import TRACE_KINDS, Part
from cets.domains.reports.models import Trace as TraceRow
from cets.domains.search import queries as search
from cets.kernel import clock
from cets.kernel.moments import Moment
from cets.sites.console import ingesting, showing
from unit.domains.intake.sqlite_samples import WEBKIT, chrome
from unit.sites.desk.desk_nation import client

MAIL = "kim.larch@mail.example"
TABLE = f"email,role,name\n{MAIL},victim,Kim Larch\nkestrel.blue@mail.example,suspect,Sam Rook\n"
HERS = (
    ("urls", (21, f"https://pages.example/profile?of={MAIL}", f"Kim Larch at the marina, {MAIL}", 1, 0, WEBKIT + 5, 0)),
    ("visits", (21, 21, WEBKIT + 5, 0, "", 0, 0, 0)),
)  # fmt: skip
SECRETS = ("kim.larch", "larch")


def archive(**members: bytes | str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return packed.getvalue()


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


def take(intake, officer, *files, **options):
    return intake.take((officer.agency, factories.viewer(officer)), *files, **options)


@pytest.fixture
def received(officer, as_process):
    """A report of a suspect's history; and one, of a table and a history together, that tells of a victim."""
    with as_process("worker"), factories.intake() as intake:
        (plain,) = take(intake, officer, chrome(), name="History")
        (hers,) = take(intake, officer, archive(table=TABLE, history=chrome(*HERS)), name="both")
    return plain, hers


@pytest.fixture
def browser(officer, received):
    signed = client("finch@esx.example")
    signed.post("/purpose/", {"purpose": "inquiry", "reference": "ESX/2026/12"})
    return signed


def body(answer):
    """Return what a page tells, without the random words of its forms."""
    assert answer.status_code == 200
    return re.sub(r'(?<!href)="[\w+/=-]{22,}"', '=""', answer.content.decode())


def free(text):
    return not any(secret in str(text).lower() for secret in SECRETS)


def test_the_kinds_of_rows_and_of_the_table_are_the_same():
    assert get_args(TraceKind) == TRACE_KINDS


def test_traces_are_kept_with_their_times_and_counted(officer, received):
    plain, _hers = received
    with acting(factories.viewer(officer)):
        part = Part.objects.get(report_id=plain.report_id)
        rows = list(reports.traces_of(part.report))
        assert (part.state, part.source, part.traces, part.messages) == ("read", "chrome_history", 8, 0)
        assert [row.kind for row in rows] == [
            "visit",
            "visit",
            "visit",
            "visit",
            "search",
            "visit",
            "visit",
            "download",
        ]
        assert rows[0].text == "Gone", "the oldest first"
        download = rows[-1]
        assert download.until is not None
        assert ["state", "complete"] in download.facts
        in_text = Sighting.objects.get(holding__kind="email", report_id=plain.report_id)
        visit = TraceRow.objects.get(part=part, number=in_text.trace or 0)
        assert visit.text[in_text.start : in_text.end] == "kestrel.blue@mail.example"
        assert in_text.message is None


def test_the_command_line_counts_them(officer, received, as_process):
    plain, hers = received
    _agency, service = factories.service("ESX")
    with as_process("worker"):
        (line,) = ingesting.Lines(service, [plain]).of("History", plain, 0.0)
        assert (line["traces"], line["messages"], line["source"]) == (8, 0, "chrome_history")
        assert line.keys() == ingesting.line_of("x").keys()
        lines = {one["file"]: one for one in ingesting.Lines(service, [hers]).of("both", hers, 0.0)}
        assert (lines["both!/history"]["traces"], lines["both!/table"]["traces"]) == (9, 0)
        shown = showing.report(service, hers.reference, reveal=False)
    assert [part["traces"] for part in shown["parts"]] == [0, 0, 9]
    assert free(json.dumps(shown))


def test_a_victims_values_are_masked_in_what_is_searched(officer, received):
    _plain, hers = received
    with acting(factories.viewer(officer)):
        (row,) = TraceRow.objects.filter(report_id=hers.report_id, text__icontains="marina")
        assert MAIL in row.text
        assert row.masked == "[Child A] at the marina, [Child A]"


def test_they_are_found_by_their_words_and_never_by_a_victims(officer, received, browser):
    plain, hers = received
    viewer = factories.viewer(officer)
    with acting(viewer):
        words = search.understand("marina", country="GB")
        (found,) = [one for one in search.run(viewer, words) if one.type == "trace"]
        assert found.report.id == hers.report_id
        assert free(found.snippet)
        assert not [
            one for one in search.run(viewer, search.understand("larch", country="GB")) if one.type == "trace"
        ]
        makers = search.run(viewer, search.understand("kite makers", country="GB"))
        assert {one.report.id for one in makers if one.type == "trace"} == {plain.report_id, hers.report_id}
    page = body(browser.get(browser.post("/search/", {"query": "marina"}).url))
    assert "Activity" in page
    assert free(page)
    urls = [url.replace("&amp;", "&") for url in re.findall(r'href="([^"]+)" data-preview', page)]
    previews = [body(browser.get(url, headers={"HX-Request": "true"})) for url in urls]
    assert all(map(free, previews))
    (preview,) = [one for one in previews if "Page visited" in one]
    (way,) = re.findall(r'href="(/reports/[^"]+/activity/[^"]+)"', preview)
    there = body(browser.get(way.partition("#")[0]))
    assert f'id="{way.partition("#")[2]}"' in there
    assert "cets-message--here" in there


def test_the_page_shows_what_was_recorded_and_no_value_of_a_victim(received, browser):
    plain, hers = received
    page = body(browser.get(f"/reports/{plain.report_id}/activity/"))
    assert page.count("data-row") == 8
    assert "Fri 13 Mar 2026, 14:00:00 UTC" in page
    assert "Kite makers, page 2" in page
    assert re.search(
        r'<a class="cets-mark" dir="auto" href="/identifiers/[0-9a-f-]+/">kestrel.blue@mail.example</a>', page
    )
    assert re.search(
        r'href="/identifiers/[0-9a-f-]+/"><bdi>https://forum.harbour.example/thread/17</bdi>', page
    )
    assert "row 4 of table visits" in page
    assert "45 seconds" in page
    masked = body(browser.get(f"/reports/{hers.report_id}/activity/"))
    assert free(masked)
    assert "Child A" in masked
    assert "at the marina" in masked


def test_the_page_can_be_narrowed_to_a_kind_and_paged(received, browser, monkeypatch):
    plain, _hers = received
    url = f"/reports/{plain.report_id}/activity/"
    assert body(browser.get(f"{url}?kind=download")).count("data-row") == 1
    assert body(browser.get(f"{url}?kind=nonsense")).count("data-row") == 8
    for odd in (
        "at=1-5",
        "at=1-999999999999",
        "at=x",
        "at=9-1",
        "at=-",
        "page=x",
        "page=99",
        "kind=call&page=2",
    ):
        assert browser.get(f"{url}?{odd}").status_code == 200, odd
    monkeypatch.setattr("cets.sites.desk.views.report_traces.MANY", 3)
    assert body(browser.get(f"{url}?page=2")).count("data-row") == 3
    there = body(browser.get(f"{url}?at=1-8"))
    assert 'id="trace-1-8"' in there, "the download is the last, on the third page"
    assert there.count("data-row") == 2


def test_the_overview_the_tabs_and_the_places_lead_there(received, browser):
    plain, _hers = received
    overview = body(browser.get(f"/reports/{plain.report_id}/"))
    assert "See the activity (8)" in overview
    assert "8 entries of activity" in overview
    assert "Activity (8)" in overview
    places = body(browser.get(f"/reports/{plain.report_id}/identifiers/"))
    assert f'href="/reports/{plain.report_id}/activity/?at=1-4#trace-1-4"' in places


def test_a_report_without_any_has_no_tab_of_it_and_an_empty_page(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (note,) = take(intake, officer, "Officer's note\nNothing was recorded.\n")
    browser = client("finch@esx.example")
    assert "activity/" not in body(browser.get(f"/reports/{note.report_id}/"))
    assert "No activity was read in it." in body(browser.get(f"/reports/{note.report_id}/activity/"))


def test_of_several_files_each_entry_names_its_own(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (both,) = take(
            intake, officer, archive(**{"phone.History": chrome(), "tablet.History": chrome(*HERS)})
        )
    page = body(client("finch@esx.example").get(f"/reports/{both.report_id}/activity/"))
    assert page.count("phone.History") == 8
    assert page.count("tablet.History") == 9


def test_reading_again_replaces_them(officer, received, as_process):
    _plain, hers = received
    viewer = factories.viewer(officer)
    with acting(viewer):
        before = list(
            TraceRow.objects.filter(report_id=hers.report_id)
            .order_by("number")
            .values_list("number", "masked")
        )
        outer = Part.objects.get(report_id=hers.report_id, member=False)
        outer.state = "sealed"
        outer.save(update_fields=["state"])
    with as_process("worker"), factories.intake() as intake:
        rereading.read_again([outer.id], reading=intake.reading, country="GB", by=viewer, at=clock.now())
    with acting(viewer):
        after = list(
            TraceRow.objects.filter(report_id=hers.report_id)
            .order_by("number")
            .values_list("number", "masked")
        )
        assert after == before
        assert Part.objects.get(report_id=hers.report_id, source="chrome_history").traces == 9


def test_every_field_is_kept_as_it_came(officer, as_process):
    """What no source yields yet: a place, a call with its sides, a time without a zone, odd characters."""
    with as_process("worker"), factories.intake() as intake:
        (one,) = take(intake, officer, "Officer's note\nOne line.\n")
    unsure = Moment(
        raw="03/04/2026 21:10",
        candidates=(clock.now().replace(tzinfo=None), clock.now().replace(tzinfo=None, year=2020)),
    )
    rows = [
        Person(key="p1", role="victim", place="x", names=("Kim Larch",)),
        Trace(number=1, kind="call", place="record 1", text="Kim \0 \ud800", at=unsure, seconds=3725.0, direction="in", person="p1",
              counterparts=("07700 900142", "nobody known")),
        Trace(number=2, kind="location", place="record 2", latitude="51.5", longitude="-0.12", accuracy="20 m", until=unsure),
        Trace(number=3, kind="event", place="record 3", facts=(("app", "Kite Chat of Kim Larch"),), seconds=float("nan")),
        SightingRow(value=_phone(), way="declared", role="victim", place="record 1", trace=1, person="p1"),
    ]  # fmt: skip
    viewer = factories.viewer(officer)
    with as_process("worker"), acting(viewer):
        part = Part.objects.select_related("report", "report__entry").get(report_id=one.report_id)
        _write(part, rows)
        stored = list(reports.traces_of(part.report))
        assert [row.kind for row in stored] == ["call", "location", "event"], (
            "without a certain time as the source orders them"
        )
        assert stored[0].text == "Kim \\0 \\ud800"
        assert (stored[0].direction, stored[0].counterparts) == ("in", ["07700 900142", "nobody known"])
        assert len(stored[0].at_candidates) == 2
    page = body(client("finch@esx.example").get(f"/reports/{one.report_id}/activity/"))
    assert "Call, incoming" in page
    assert "1 h 02 min 05 s" in page
    assert "03/04/2026 21:10, 2 candidate times" in page
    assert "until 03/04/2026 21:10" in page
    assert "51.5, -0.12, accurate to 20 m" in page
    assert "07700 900142" not in page, "a victim's number is masked where it is a field, too"
    assert page.count("Child A") >= 2
    assert "nobody known" in page
    assert "Kite Chat of [Child A]" in page


def _phone():
    return kinds.clean("phone", "07700 900142", Context(country="GB", platform=None))


def _write(part, rows):
    tables = Tables()
    writer = PartWriter(part, Together(part.report), tables, at=clock.now())
    for row in rows:
        writer.take(row)
    writer.close(None)
    tables.flush()
    identifiers.write([(writer.gathering, hold_levels([part.report_id])[part.report_id])])
    mask_report(part.report_id)
    Part.objects.filter(id=part.id).update(traces=part.traces)
