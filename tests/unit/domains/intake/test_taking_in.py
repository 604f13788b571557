"""A file becomes a report: sealed first, once per agency, supplements joined, victims masked."""

import io
import json
import zipfile

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.identifiers.models import Holding
from cets.domains.intake.parser.client import Limits
from cets.domains.intake.steady import read_each
from cets.domains.ledger.models import Entry
from cets.domains.reports.models import Message, Part, Passage, Report
from cets.domains.reports.work import READ_AND_GRADE
from cets.domains.vault.models import CustodyEvent, Original
from cets.kernel import clock


@pytest.fixture
def one(db, as_process):
    factories.agency("ESX")
    factories.agency("NMR")
    with as_process("worker"), factories.intake() as intake:
        yield intake


@pytest.fixture
def viewer(one):
    return factories.service("ESX")[1]


def tip(number, **people):
    return json.dumps({"reportId": number, "reportedInformation": {"reportedPeople": {}, **people}})


def test_a_report_has_reference_owner_due_time_grading_and_a_sealed_original(one, viewer):
    (received,) = one.take("ESX", "kestrel@mail.example")

    with acting(viewer):
        report = Report.objects.select_related("entry").get(reference=received.reference)
        part = Part.objects.get(report=report)
        events = list(CustodyEvent.objects.order_by("id").values_list("what", flat=True))
    assert received.reference.startswith("CETS-ESX-2")
    assert report.entry.owner_team_id
    assert report.entry.due_at > report.received_at
    assert (report.grading_source, report.grading_information, report.grading_handling) == (2, "D", "P")
    assert (report.state, part.source) == ("read", "text")
    assert events == ["received", "sealed", "read"]


def test_references_are_counted_per_agency(one):
    references = [one.take(code, f"{code} {n}")[0].reference for code in ("ESX", "NMR") for n in range(2)]

    assert [r[-6:] for r in references] == ["000001", "000002", "000001", "000002"]


def test_the_same_file_twice_is_said_within_one_agency_only(one):
    (first,) = one.take("ESX", "the same words")
    (again,) = one.take("ESX", "the same words")
    (elsewhere,) = one.take("NMR", "the same words")

    assert again.duplicate_of == again.reference == first.reference
    assert elsewhere.duplicate_of is None


def test_the_same_file_twice_in_one_batch_makes_one_report(one, viewer):
    first, second = one.take("ESX", "the same words", "the same words")

    assert second.duplicate_of == first.reference
    with acting(viewer):
        assert Original.objects.count() == Report.objects.count() == 1


@pytest.mark.parametrize("number", [0, "TBD", "1"])
def test_reports_of_no_number_are_not_joined(one, viewer, number):
    files = [tip(number, additionalInformations=[{"value": f"seen {n}"}]) for n in ("here", "there")]
    for file in files:
        one.take("ESX", file)

    with acting(viewer):
        assert list(Report.objects.values_list("state", "external_number")) == [("read", "")] * 2


@pytest.mark.parametrize("together", [True, False])
def test_a_supplement_joins_the_first_report_of_its_number(one, viewer, together):
    files = [
        tip(990000700),
        tip(990000700, additionalInformations=[{"value": "seen as grey.heron@post.example"}]),
    ]
    if together:
        first, second = one.take("ESX", *files)
    else:
        (first,), (second,) = (one.take("ESX", f) for f in files)

    with acting(viewer):
        report = Report.objects.get(reference=first.reference)
        shell = Report.objects.select_related("entry").get(reference=second.reference)
        assert (shell.state, shell.joined_to_id) == ("joined", report.id)
        assert shell.entry.closed_at is not None
        assert Part.objects.filter(report=report).count() == 2
        assert Holding.objects.filter(report=report, value="grey.heron@post.example").exists()


def test_a_supplement_of_another_agency_joins_nothing(one):
    (first,) = one.take("ESX", tip(990000701))
    (second,) = one.take("NMR", tip(990000701, additionalInformations=[{"value": "x"}]))

    with acting(factories.service("NMR")[1]):
        assert Report.objects.get(reference=second.reference).state == "read"
    assert first.report_id != second.report_id


def test_a_victims_values_are_masked_in_what_is_shown_and_searched_everywhere_in_the_report(one, viewer):
    victim = {
        "screenName": {"value": "little_wren"},
        "espService": "Kite Chat",
        "emails": {"emails": [{"value": "wren@mail.example"}]},
    }
    text = "little_wren wrote from WREN@mail.example"
    one.take(
        "ESX",
        tip(990000702, childVictims={"childVictims": [victim]}, additionalInformations=[{"value": text}]),
    )

    with acting(viewer):
        holdings = {h.value: h.pseudonym for h in Holding.objects.all()}
        masked = [p.masked for p in Passage.objects.all()] + [m.masked for m in Message.objects.all()]
        report = Report.objects.get()
    assert holdings["wren@mail.example"] == holdings["kitechat/little_wren"] == "Child A"
    assert masked
    assert not any("wren" in m.lower() for m in masked)
    assert "wren" not in report.summary.lower() or report.summary == ""


def test_what_a_later_file_tells_of_a_victim_masks_the_earlier_one_too(one, viewer):
    one.take("ESX", tip(990000703, additionalInformations=[{"value": "talked to little_wren at the lobby"}]))
    victim = {"screenName": {"value": "little_wren"}, "espService": "Kite Chat"}
    one.take("ESX", tip(990000703, childVictims={"childVictims": [victim]}))

    with acting(viewer):
        assert "little_wren" not in " ".join(Passage.objects.values_list("masked", flat=True))


def test_a_file_nobody_reads_is_sealed_and_given_to_a_person(one, viewer):
    (received,) = one.take("ESX", b"\x00\x01\x02\x03\x04\xff\xfe\x05" * 50)

    with acting(viewer):
        report = Report.objects.get(reference=received.reference)
        entry = Entry.objects.get(id=report.entry_id)
    assert report.state == "not_understood"
    assert "not understood" in entry.next_step


def bundle() -> bytes:
    """An archive of two texts, the second of which says that it is encrypted."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("one.txt", "kestrel@mail.example")
        archive.writestr("two.txt", "the words that nobody can read")
    spoilt = bytearray(data.getvalue())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        spoilt[spoilt.rindex(mark) + flags] |= 1
    return bytes(spoilt)


def test_what_could_not_be_read_beside_what_could_is_a_task_for_a_person(one, viewer):
    (received,) = one.take("ESX", bundle())

    with acting(viewer):
        report = Report.objects.select_related("entry").get(reference=received.reference)
        parts = dict(Part.objects.values_list("name", "state"))
    entry = report.entry
    assert sorted(parts.values()) == ["failed", "read", "read"]
    assert report.state == "read"
    assert entry.next_step == "Look at 1 of 3 files yourself: it could not be read to the end"
    assert (entry.closed_at, bool(entry.owner_team_id)) == (None, True)


def test_a_file_whose_reader_meets_a_limit_keeps_its_receipt_and_is_given_to_a_person(one, viewer):
    one.reading.parser.limits = Limits(rows=3)
    (received,) = one.take("ESX", "".join(f"kestrel{n}@mail.example\n" for n in range(9)))

    with acting(viewer):
        report = Report.objects.select_related("entry").get(reference=received.reference)
        (part,) = Part.objects.select_related("original")
    assert (part.state, part.error) == ("failed", "Stopped at the limit of 3 rows.")
    assert (bool(part.original.sha256), part.sightings > 0) == (True, True)
    assert report.entry.next_step == "Look at the original yourself: it could not be read to its end"


def test_once_all_of_it_is_read_the_task_is_over(one, viewer):
    agency, _ = factories.service("ESX")
    one.reading.parser.limits = Limits(rows=3)
    (received,) = one.take("ESX", "".join(f"kestrel{n}@mail.example\n" for n in range(9)))
    one.reading.parser.limits = Limits()
    with acting(viewer):
        part_id = Part.objects.get().id
        Part.objects.filter(id=part_id).update(state="sealed", error="")

    read_each([part_id], reading=one.reading, country=agency.country, by=viewer, at=clock.now())

    with acting(viewer):
        assert Part.objects.get().state == "read"
        report = Report.objects.select_related("entry").get(reference=received.reference)
    assert report.entry.next_step == READ_AND_GRADE


def test_people_of_another_agency_see_nothing_of_it(one):
    one.take("ESX", "kestrel@mail.example", sharing="open")

    with acting(factories.service("NMR")[1]):
        for model in (Report, Part, Holding, Passage, Original, CustodyEvent, Entry):
            assert model.objects.count() == 0
