"""A column map that an officer settled, notes typed into the desk, and what becomes of a first reading."""

import zipfile
from io import BytesIO

import msgspec
import openpyxl
import pytest

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.identifiers.models import Holding, MatchKey, Sighting
from cets.domains.intake import actions, queries, rereading
from cets.domains.intake.models import SavedColumnMap
from cets.domains.intake.rows import ColumnMap
from cets.domains.reports import actions as report_actions
from cets.domains.reports.models import Part, Passage, Remark, Report
from cets.domains.reports.queries import NotFound
from cets.domains.sharing.levels import Level
from cets.kernel import clock

#: "Contact" tells nothing sure, and no line settles day against month.
TABLE = """No;Seen (UTC);Contact;Remarks
1;03/04/2026 10:00;kestrel_blue;wrote from kestrel@mail.example
2;05/06/2026 11:30;linnet_red;asked for a call on +44 7700 900123
"""


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


def take(intake, officer, *files, **options):
    return intake.take((officer.agency, factories.viewer(officer)), *files, **options)


def settle(officer, part_id, *, table=0, save_as="", **read_as):
    viewer = factories.viewer(officer)
    with acting(viewer):
        part = queries.table_of(viewer, part_id)
        guess = msgspec.convert(part.column_maps[table], ColumnMap)
        columns = tuple(
            msgspec.structs.replace(
                column, read_as=read_as.get(column.heading, column.read_as), day_first=True
            )
            for column in guess.columns
        )
        chosen = msgspec.structs.replace(guess, columns=columns)
        actions.settle_map(part=part, column_map=chosen, save_as=save_as, by=viewer, at=clock.now())


def read_again(intake, officer, part_id):
    return rereading.read_again(
        [part_id], reading=intake.reading, country="GB", by=factories.viewer(officer), at=clock.now()
    )


def held(officer):
    with acting(factories.viewer(officer)):
        return sorted(Holding.objects.values_list("kind", "value"))


def test_the_settled_table_replaces_the_first_reading(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, TABLE)
        before = held(officer)
        with acting(factories.viewer(officer)):
            assert Part.objects.get().state == "needs_map"
    settle(officer, received.part_id, Contact="handle")
    assert held(officer) == before  # until it is read again, the first reading stands

    with as_process("worker"), factories.intake() as intake:
        assert read_again(intake, officer, received.part_id) == [received.report_id]

    after = held(officer)
    assert {("handle", "kestrel_blue"), ("handle", "linnet_red")} <= set(after)
    assert set(before) <= set(after)
    with acting(factories.viewer(officer)):
        part = Part.objects.get()
        assert (part.state, part.identifiers) == ("read", len(after))
        assert Sighting.objects.count() == part.sightings
        assert not Remark.objects.filter(kind="ambiguous").exists()  # day first: nothing is left to doubt
        assert MatchKey.objects.values("holding_id").distinct().count() <= len(after)
        keys = Event.objects.filter(subject_id=str(received.report_id)).values_list("type", flat=True)
        assert {"intake:part:map-settled", "intake:part:read-again"} <= set(keys)


def test_what_the_new_reading_does_not_give_is_gone(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, TABLE)
    settle(officer, received.part_id, Remarks="ignore", Contact="handle")

    with as_process("worker"), factories.intake() as intake:
        read_again(intake, officer, received.part_id)

    assert [kind for kind, _ in held(officer)] == ["handle", "handle"]
    with acting(factories.viewer(officer)):
        assert set(MatchKey.objects.values_list("kind", flat=True)) <= {"handle"}
        assert not Passage.objects.filter(text__contains="kestrel@mail.example").exists()


def test_what_another_file_of_the_report_holds_stays(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, TABLE)
        note = add_note(officer, intake, "Also known as kestrel@mail.example.", report_id=received.report_id)
        intake.read(officer.agency, factories.viewer(officer), [note.part_id])
    settle(officer, received.part_id, Remarks="ignore", Contact="handle")

    with as_process("worker"), factories.intake() as intake:
        read_again(intake, officer, received.part_id)

    assert ("email", "kestrel@mail.example") in held(officer)
    with acting(factories.viewer(officer)):
        email = Holding.objects.get(kind="email")
        assert (email.places, Sighting.objects.filter(holding=email).count()) == (1, 1)


def test_a_settled_doubt_is_carried_over(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, TABLE)
    viewer = factories.viewer(officer)
    with acting(viewer):
        remark = Remark.objects.filter(kind="ambiguous").first()
        report_actions.settle(remark=remark, choice=remark.candidates[0], by=viewer, at=clock.now())
        part = queries.table_of(viewer, received.part_id)
        actions.settle_map(
            part=part,
            column_map=msgspec.convert(part.column_maps[0], ColumnMap),
            save_as="",
            by=viewer,
            at=clock.now(),
        )

    with as_process("worker"), factories.intake() as intake:
        read_again(intake, officer, received.part_id)

    with acting(viewer):
        again = Remark.objects.get(kind="ambiguous", text=remark.text, place=remark.place)
        assert (again.settled_as, again.settled_by) == (remark.candidates[0], officer.id)


def test_a_reading_that_fails_leaves_the_first_one(officer, as_process, monkeypatch):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, TABLE)
    before = held(officer)
    settle(officer, received.part_id, Contact="handle")

    def fail(*_, **__):
        raise OSError("no power")

    monkeypatch.setattr(rereading, "read_parts", fail)
    with as_process("worker"), factories.intake() as intake, pytest.raises(OSError):
        read_again(intake, officer, received.part_id)

    assert held(officer) == before


def test_a_saved_map_is_used_by_itself(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, TABLE)
    settle(officer, received.part_id, save_as="Provider's list", Contact="handle")
    other = TABLE.replace("kestrel_blue", "siskin_green")

    with as_process("worker"), factories.intake() as intake:
        at, viewer = clock.now(), factories.viewer(officer)
        (second,) = actions.receive(
            [actions.Incoming("other.csv", BytesIO(other.encode()), len(other))],
            vault=intake.reading.vault, agency=officer.agency, sharing=Level.CONTACT, by=viewer, at=at,
        )  # fmt: skip
        read_again(intake, officer, second.part_id)

    assert ("handle", "siskin_green") in held(officer)
    with acting(factories.viewer(officer)):
        part = Part.objects.get(id=second.part_id)
        assert part.state == "read"
        assert part.column_maps[0]["columns"][2]["samples"][0] == "siskin_green"
        assert "kestrel" not in str(SavedColumnMap.objects.get().column_map)


def test_a_map_of_other_columns_or_kinds_is_refused(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, TABLE)

    with pytest.raises(actions.WrongMap):
        settle(officer, received.part_id, Contact="spell")

    with acting(factories.viewer(officer)):
        assert Part.objects.get().state == "needs_map"


def test_a_table_of_another_agency_is_not_there(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, TABLE)
    other = factories.viewer(factories.officer(factories.agency("NMR"), "wren@nmr.example", "analyst"))

    with acting(other), pytest.raises(NotFound):
        queries.table_of(other, received.part_id)


# --- tables inside archives, and several sheets -------------------------------------------------------------------------


def bundle(**members):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.csv" if content is not NOTE else f"{name}.txt", content)
    return out.getvalue()


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for line in table.splitlines():
            sheet.append(line.split(";"))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


NOTE = "Told by telephone, of 07700 9001234567: kestrel@mail.example"
OTHER = TABLE.replace("kestrel_blue", "siskin_green").replace("linnet_red", "wren_grey")


def parts_of(officer):
    with acting(factories.viewer(officer)):
        return list(Part.objects.order_by("number"))


def places_of(officer, value):
    with acting(factories.viewer(officer)):
        found = Sighting.objects.filter(holding__value=value).values_list("part__name", "place")
        return sorted((name.partition("!/")[2], place) for name, place in found)


def test_a_table_inside_an_archive_is_settled_and_read_again_with_it(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, bundle(payments=TABLE, told=NOTE, visits=OTHER))
    outer, payments, told, visits = before = parts_of(officer)
    assert [part.state for part in before] == ["read", "needs_map", "read", "needs_map"]
    settle(officer, payments.id, Contact="handle")
    assert [part.state for part in parts_of(officer)] == ["sealed", "sealed", "read", "needs_map"]

    with as_process("worker"), factories.intake() as intake:
        read_again(intake, officer, received.part_id)

    after = parts_of(officer)
    assert [(p.id, p.number, p.name) for p in after] == [(p.id, p.number, p.name) for p in before]
    assert [part.state for part in after] == ["read", "read", "read", "needs_map"]
    assert (after[2].sightings, after[3].sightings) == (told.sightings, visits.sightings)
    assert places_of(officer, "kestrel_blue") == [("payments.csv", "row 2, column Contact")]
    assert ("handle", "siskin_green") not in held(officer)
    with acting(factories.viewer(officer)):
        assert Sighting.objects.filter(part__report_id=received.report_id).count() == sum(
            p.sightings for p in after
        )
    settle(officer, visits.id, Contact="handle")
    with as_process("worker"), factories.intake() as intake:
        read_again(intake, officer, outer.id)

    assert {("handle", "siskin_green"), ("handle", "kestrel_blue")} <= set(
        held(officer)
    )  # both settlings hold
    assert {part.state for part in parts_of(officer)} == {"read"}


def test_a_decision_on_another_member_outlives_the_reading(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, bundle(payments=TABLE, visits=OTHER))
    viewer = factories.viewer(officer)
    _, payments, visits = parts_of(officer)
    with acting(viewer):
        remark = Remark.objects.filter(kind="ambiguous", part=visits).first()
        report_actions.settle(remark=remark, choice=remark.candidates[0], by=viewer, at=clock.now())
    settle(officer, payments.id, Contact="handle")

    with as_process("worker"), factories.intake() as intake:
        read_again(intake, officer, received.part_id)

    with acting(viewer):
        again = Remark.objects.get(part=visits, text=remark.text, place=remark.place)
        assert (again.settled_as, again.settled_by) == (remark.candidates[0], officer.id)


def test_each_sheet_of_a_workbook_is_settled_by_itself(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(
            intake, officer, workbook(Visits=TABLE, Sure="No;E-mail\n1;a@mail.example", Calls=OTHER)
        )
    (part,) = parts_of(officer)
    assert [one["sheet"] for one in part.column_maps] == ["Visits", "Sure", "Calls"]
    assert [queries.is_settled(one) for one in part.column_maps] == [False, True, False]
    assert part.state == "needs_map"  # though the sheet after it is sure
    settle(officer, part.id, table=2, Contact="handle")
    settle(officer, part.id, table=0, Contact="fact")  # before the first settling was read

    with as_process("worker"), factories.intake() as intake:
        read_again(intake, officer, received.part_id)

    (part,) = parts_of(officer)
    assert part.state == "read"
    assert {("handle", "siskin_green"), ("email", "a@mail.example")} <= set(held(officer))
    assert ("handle", "kestrel_blue") not in held(officer)


def test_a_sheet_that_waits_still_waits_when_another_was_settled(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, workbook(Visits=TABLE, Calls=OTHER))
    settle(officer, received.part_id, table=1, Contact="handle")

    with as_process("worker"), factories.intake() as intake:
        read_again(intake, officer, received.part_id)

    (part,) = parts_of(officer)
    assert part.state == "needs_map"
    assert [queries.is_settled(one) for one in part.column_maps] == [False, True]


def test_saved_maps_are_used_inside_archives_and_for_sheets(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (first,) = take(intake, officer, TABLE)
    settle(officer, first.part_id, save_as="Provider's list", Contact="handle")

    with as_process("worker"), factories.intake() as intake:
        at, viewer = clock.now(), factories.viewer(officer)
        files = bundle(visits=OTHER), workbook(Visits=OTHER.replace("siskin_green", "robin_gold"))
        for content in files:
            (received,) = actions.receive(
                [actions.Incoming("one", BytesIO(content), len(content))],
                vault=intake.reading.vault, agency=officer.agency, sharing=Level.CONTACT, by=viewer, at=at,
            )  # fmt: skip
            read_again(intake, officer, received.part_id)

    assert {("handle", "siskin_green"), ("handle", "robin_gold")} <= set(held(officer))
    assert {part.state for part in parts_of(officer) if part.id != first.part_id} == {"read"}


def test_a_note_that_came_before_an_archive_was_read_keeps_its_number(officer, as_process):
    content, viewer = bundle(told=NOTE), factories.viewer(officer)
    with as_process("worker"), factories.intake() as intake:
        (received,) = actions.receive(
            [actions.Incoming("one.zip", BytesIO(content), len(content))],
            vault=intake.reading.vault, agency=officer.agency, sharing=Level.CONTACT, by=viewer, at=clock.now(),
        )  # fmt: skip
        note = add_note(officer, intake, "Look at this first.", report_id=received.report_id)
        intake.read(officer.agency, viewer, [received.part_id])

    assert [(p.id == note.part_id, p.number) for p in parts_of(officer)] == [
        (False, 1),
        (True, 2),
        (False, 3),
    ]


def test_a_sheet_that_is_not_there_is_refused(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, workbook(Visits=TABLE, Calls=OTHER))
    viewer = factories.viewer(officer)
    with acting(viewer):
        part = queries.table_of(viewer, received.part_id)
        chosen = msgspec.structs.replace(msgspec.convert(part.column_maps[0], ColumnMap), sheet="None such")
        with pytest.raises(actions.NoTable):
            actions.settle_map(part=part, column_map=chosen, save_as="", by=viewer, at=clock.now())


# --- notes ----------------------------------------------------------------------------------------


def add_note(officer, intake, text, *, report_id=None, title=None):
    viewer = factories.viewer(officer)
    with acting(viewer):
        report = Report.objects.get(id=report_id) if report_id else None
        return actions.add_note(
            report=report, text=text, title=title, vault=intake.reading.vault, agency=officer.agency, sharing=Level.OPEN, author=officer.name,
            by=viewer, at=clock.now(),
        )  # fmt: skip


def test_a_note_becomes_a_report(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        received = add_note(
            officer, intake, "Told by telephone: finch.green@mail.example", title="Call from a school"
        )
        intake.read(officer.agency, factories.viewer(officer), [received.part_id])

    with acting(factories.viewer(officer)):
        report = Report.objects.get()
        assert (report.title, report.sharing, Part.objects.get().source) == (
            "Call from a school",
            Level.OPEN,
            "note",
        )
    assert held(officer) == [("email", "finch.green@mail.example")]


def test_a_note_on_a_report_is_a_further_part(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (received,) = take(intake, officer, "First text of nobody@mail.example")
        note = add_note(officer, intake, "Second thoughts: +44 7700 900321", report_id=received.report_id)
        intake.read(officer.agency, factories.viewer(officer), [note.part_id])

    with acting(factories.viewer(officer)):
        assert Report.objects.count() == 1
        assert list(Part.objects.order_by("number").values_list("number", "source")) == [
            (1, "text"),
            (2, "note"),
        ]
        assert Event.objects.filter(type="intake:note:added", subject_id=str(received.report_id)).exists()
    assert [kind for kind, _ in held(officer)] == ["email", "phone"]
