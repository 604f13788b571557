"""The level at which a file's identifiers are told is the report's at the moment they are written, and silent wins."""

import json
import threading

import pytest

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.deconfliction import actions, queries
from cets.domains.deconfliction.actions import HasJoined, set_sharing
from cets.domains.identifiers.models import MatchKey
from cets.domains.intake import reader, rereading
from cets.domains.ledger.models import Alert
from cets.domains.reports import events
from cets.domains.reports.models import Part, Remark, Report
from cets.domains.sharing.levels import Level
from cets.kernel import clock


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


@pytest.fixture
def one(officer, as_process):
    factories.agency("NMR")
    with as_process("worker"), factories.intake() as intake:
        yield intake


def told(code):
    _, viewer = factories.service(code)
    with acting(viewer):
        return queries.tell(viewer, list(queries.listed(viewer)))


def levels_of(reference):
    """Return the report's level and those at which its keys are told."""
    _, viewer = factories.service("ESX")
    with acting(viewer):
        report = Report.objects.get(reference=reference)
        return report.sharing, set(
            MatchKey.objects.filter(report_id=report.id).values_list("told", flat=True)
        )


def tip(number, mail):
    return json.dumps(
        {
            "reportId": number,
            "reportedInformation": {"additionalInformations": [{"value": f"wrote as {mail}"}]},
        }
    )


def silence_newest():
    _, viewer = factories.service("ESX")
    with acting(viewer):
        report = Report.objects.order_by("-received_at", "-reference").first()
    set_sharing(report=report, level=Level.SILENT, reason="An operation is near", by=viewer)


@pytest.fixture
def while_read(monkeypatch):
    """Let something happen on another connection after a file was parsed and before anything of it is written."""

    def arrange(act, *, to_its_end):
        begin, others = reader._begin, []

        def begin_and_act(*arguments):
            begun = begin(*arguments)
            other = threading.Thread(target=_alone, args=(act, raised))
            other.start()
            if to_its_end:
                other.join()
            others.append(other)
            return begun

        raised: list[Exception] = []
        monkeypatch.setattr(reader, "_begin", begin_and_act)
        return others, raised

    return arrange


def _alone(act, raised):
    from django.db import connections

    try:
        act()
    except Exception as error:  # noqa: BLE001 - the test is told
        raised.append(error)
    finally:
        connections.close_all()


def test_a_level_that_is_lowered_while_the_file_is_read_is_the_one_that_counts(one, while_read):
    one.take("NMR", "theirs: kestrel@mail.example")
    others, raised = while_read(silence_newest, to_its_end=True)

    (ours,) = one.take("ESX", "ours: kestrel@mail.example")

    assert (len(others), raised) == (1, [])
    assert levels_of(ours.reference) == (Level.SILENT, {Level.SILENT})
    assert told("NMR") == []
    assert len(told("ESX")) == 1


def test_a_level_that_is_lowered_while_the_file_is_read_again_waits_and_counts(one, while_read):
    one.take("NMR", "theirs: kestrel@mail.example")
    (ours,) = one.take("ESX", "ours: kestrel@mail.example")
    agency, viewer = factories.service("ESX")
    with acting(viewer):
        Part.objects.filter(id=ours.part_id).update(state="sealed")
    others, raised = while_read(silence_newest, to_its_end=False)

    rereading.read_again(
        [ours.part_id], reading=one.reading, country=agency.country, by=viewer, at=clock.now()
    )
    for other in others:
        other.join()

    assert (len(others), raised) == (1, [])
    assert levels_of(ours.reference) == (Level.SILENT, {Level.SILENT})


def test_a_supplement_that_is_made_silent_while_it_is_read_makes_its_report_silent(one, while_read):
    (first,) = one.take("ESX", tip(990000800, "kestrel@mail.example"))
    while_read(silence_newest, to_its_end=True)

    one.take("ESX", tip(990000800, "linnet@mail.example"))

    assert levels_of(first.reference) == (Level.SILENT, {Level.SILENT})


@pytest.mark.parametrize("together", [True, False])
def test_a_supplement_that_is_given_as_silent_makes_its_report_silent_and_says_so(one, officer, together):
    one.take("NMR", "theirs: kestrel@mail.example and linnet@mail.example")
    (first,) = one.take("ESX", tip(990000801, "kestrel@mail.example"), sharing="open")
    assert len(told("NMR")) == 1
    files = [tip(990000801, "linnet@mail.example"), tip(990000801, "siskin@mail.example")]
    if together:
        second, _ = one.take("ESX", *files, sharing="silent")
    else:
        (second,), _ = (one.take("ESX", file, sharing="silent") for file in files)

    assert told("NMR") == []
    assert levels_of(first.reference) == (Level.SILENT, {Level.SILENT})
    _, viewer = factories.service("ESX")
    with acting(viewer):
        (remark,) = Remark.objects.filter(kind="note")
        assert remark.part_id == second.part_id
        assert first.reference in remark.text
        assert Event.objects.filter(type=events.SHARING_SET, subject_id=str(first.report_id)).count() == 1
    with acting(factories.viewer(officer)):
        texts = list(Alert.objects.filter(kind="joined").order_by("at").values_list("text", flat=True))
    assert [text.endswith("made it silent") for text in texts] == [True, False]


def test_the_note_outlives_another_reading(one):
    (first,) = one.take("ESX", tip(990000802, "kestrel@mail.example"))
    (second,) = one.take("ESX", tip(990000802, "linnet@mail.example"), sharing="silent")
    agency, viewer = factories.service("ESX")
    with acting(viewer):
        Part.objects.filter(id=second.part_id).update(state="sealed")

    rereading.read_again(
        [second.part_id], reading=one.reading, country=agency.country, by=viewer, at=clock.now()
    )

    with acting(viewer):
        notes = list(
            Remark.objects.filter(kind="note", part_id=second.part_id).values_list("text", flat=True)
        )
    assert [first.reference in text for text in notes].count(True) == 1


@pytest.mark.parametrize("given", ["contact", "open"])
@pytest.mark.parametrize("first_level", ["open", "contact", "silent"])
def test_a_supplement_at_another_level_changes_nothing(one, first_level, given):
    (first,) = one.take("ESX", tip(990000803, "kestrel@mail.example"), sharing=first_level)

    one.take("ESX", tip(990000803, "linnet@mail.example"), sharing=given)

    level = Level.of(first_level)
    assert levels_of(first.reference) == (level, {level})
    _, viewer = factories.service("ESX")
    with acting(viewer):
        assert not Remark.objects.filter(kind="note").exists()


def test_a_report_that_joined_another_meanwhile_refuses_a_level_of_its_own(one):
    (first,) = one.take("ESX", tip(990000804, "kestrel@mail.example"))
    (second,) = one.take("ESX", tip(990000804, "linnet@mail.example"))
    _, viewer = factories.service("ESX")
    with acting(viewer):
        shell = Report.objects.get(reference=second.reference)

    with pytest.raises(HasJoined):
        actions.set_sharing(report=shell, level=Level.OPEN, reason="too late", by=viewer)

    assert levels_of(first.reference) == (Level.CONTACT, {Level.CONTACT})
