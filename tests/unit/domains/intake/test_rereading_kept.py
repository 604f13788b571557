"""What a further reading leaves as it was, above all how each victim of a report is shown; and what it tells otherwise."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from msgspec.structs import replace

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.identifiers.models import Holding
from cets.domains.identifiers.queries import in_use
from cets.domains.intake import actions, rereading
from cets.domains.intake.folders import receive_folder
from cets.domains.intake.plaintext import plaintext
from cets.domains.intake.reader import Parsed, options_of
from cets.domains.intake.rows import AmbiguousPart, Failed, Message, Person, Sighting
from cets.domains.ledger.models import Alert
from cets.domains.reports.actions import settle
from cets.domains.reports.models import Part, Remark
from cets.domains.reports.models import Person as PersonRow
from cets.domains.sharing.levels import Level
from cets.domains.vault.actions import read_original
from cets.kernel import clock
from cets.kernel.moments import Moment

LINNET = "name,role,email\nLinnet Brook,victim,linnet@mail.example\nRook Hill,suspect,rook@mail.example\n"
WREN = "name,role,email\nWren Field,victim,wren@mail.example\n"
#: No person has a row of her own here.
SISKIN = "Victim email,Suspect email\nsiskin@mail.example,crow@mail.example\n"


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


@pytest.fixture
def viewer(officer):
    return factories.viewer(officer)


@pytest.fixture
def intake(officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        yield intake


def folder(officer, viewer, intake, *tables):
    files = [actions.Incoming(f"{n}.csv", BytesIO(t.encode()), len(t)) for n, t in enumerate(tables)]
    told = receive_folder(
        files, report_id=None, vault=intake.reading.vault, agency=officer.agency, sharing=Level.of("contact"), by=viewer, at=clock.now()
    )  # fmt: skip
    ids = [file.part_id for file in told.files]
    intake.read(officer.agency, viewer, ids)
    return ids


def read_again(viewer, intake, *part_ids):
    with acting(viewer):
        for part_id in part_ids:
            actions.read_once_more(part=Part.objects.get(id=part_id), by=viewer)
    rereading.read_again(part_ids, reading=intake.reading, country="GB", by=viewer, at=clock.now())


def newer(viewer, intake, part_id, change):
    """Have a newer reader ready for a file: its rows are those of today's, changed."""
    with acting(viewer):
        part = Part.objects.select_related("original").get(id=part_id)
        options = options_of(part, "GB", in_use(viewer))
        with plaintext(read_original(intake.reading.vault, part.original)) as file:
            parsing = intake.reading.parser.parse(file, part.size, options)
            rows = list(parsing)
    parsing.outcome = replace(parsing.outcome, version="99")
    intake.reading.ahead[part_id] = Parsed(options, change(rows), parsing)


def each(kind, **given):
    """Return a change of rows: those of a kind tell otherwise."""
    return lambda rows: [replace(row, **given) if isinstance(row, kind) else row for row in rows]


def shown(viewer):
    """Return how victims and their values are shown."""
    with acting(viewer):
        people = PersonRow.objects.filter(role="victim").values_list("names", "pseudonym")
        held = Holding.objects.exclude(pseudonym="").values_list("value", "pseudonym")
        return {**{" ".join(names): called for names, called in people if names}, **dict(held)}


@pytest.mark.parametrize("first", [LINNET, SISKIN])
@pytest.mark.parametrize("which", [(0,), (1,), (0, 1)])
def test_no_child_gets_the_name_of_another_when_one_of_several_files_is_read_again(
    officer, viewer, intake, first, which
):
    ids = folder(officer, viewer, intake, first, WREN)
    before = shown(viewer)
    assert before["wren@mail.example"] == "Child B"

    read_again(viewer, intake, *(ids[number] for number in which))

    assert shown(viewer) == before


def test_a_victim_that_a_newer_reader_finds_gets_a_name_that_nobody_had(officer, viewer, intake):
    ids = folder(officer, viewer, intake, LINNET, WREN)

    newer(viewer, intake, ids[0], lambda rows: [Person("row 9", "victim", "row 9", ["Dunnock Lane"]), *rows])
    read_again(viewer, intake, ids[0])

    told = shown(viewer)
    assert (told["Linnet Brook"], told["Wren Field"], told["Dunnock Lane"]) == (
        "Child A",
        "Child B",
        "Child C",
    )
    assert told["linnet@mail.example"] == "Child A"


CHAT = """[13/04/2026, 20:01:10] Kestrel: my mail is kestrel@mail.example
[13/04/2026, 20:02:00] Linnet: call me
"""
THEN = Moment("1 May 2026", datetime(2026, 5, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "change", "told"),
    [
        (WREN, each(Sighting, role="suspect"), "0 identifiers added, 0 gone, 1 in another role"),
        (WREN, each(Person, role="unknown"), "people as unknown 1, before 0; people as victim 0, before 1"),
        (CHAT, each(Message, sent_at=THEN), "2 messages or entries no longer with the same words, people or time"),
        (CHAT, each(Message, sender="Somebody"), "2 messages or entries no longer with the same words, people or time"),
        (CHAT, each(Sighting, seen_at=THEN), "3 no longer at a time at which it was seen"),
    ],
)  # fmt: skip
def test_who_and_when_does_not_change_in_silence(officer, viewer, intake, text, change, told):
    ids = folder(officer, viewer, intake, text)

    newer(viewer, intake, ids[0], change)
    read_again(viewer, intake, ids[0])

    with acting(viewer):
        (note,) = Remark.objects.filter(kind="note").values_list("text", flat=True)
        (alert,) = Alert.objects.filter(kind="read_again").values_list("text", flat=True)
    assert told in note
    assert told in alert
    assert "@" not in note


def test_what_a_newer_reader_only_adds_raises_no_alert(officer, viewer, intake):
    ids = folder(officer, viewer, intake, WREN)

    further = Person("row 9", "unknown", "row 9")
    newer(viewer, intake, ids[0], lambda rows: [further, *each(Sighting, seen_at=THEN)(rows)])
    read_again(viewer, intake, ids[0])

    with acting(viewer):
        (note,) = Remark.objects.filter(kind="note").values_list("text", flat=True)
        assert not Alert.objects.filter(kind="read_again").exists()
    assert note.endswith("0 identifiers added, 0 gone; people as unknown 1, before 0.")


def state_of(viewer):
    with acting(viewer):
        return Part.objects.get().state, Part.objects.get().parser_version, Part.objects.get().error


def test_a_further_reading_that_fails_leaves_what_the_one_before_gave(officer, viewer, intake):
    ids = folder(officer, viewer, intake, LINNET)
    before, was = shown(viewer), state_of(viewer)

    newer(
        viewer, intake, ids[0], lambda rows: [*rows[:1], Failed("Stopped at the time limit of 60 seconds.")]
    )
    read_again(viewer, intake, ids[0])

    assert shown(viewer) == before, "a child stays masked"
    assert state_of(viewer) == was
    told = "It could not be read again: Stopped at the time limit of 60 seconds. What its last reading gave stands."
    with acting(viewer):
        (note,) = Remark.objects.filter(kind="note").values_list("text", flat=True)
        assert note == told
        assert told in Alert.objects.get(kind="read_again").text
        assert Event.objects.filter(type="intake:part:reading-stopped").count() == 1
    read_again(viewer, intake, ids[0])
    assert shown(viewer) == before


def test_a_file_that_failed_before_takes_what_there_is(officer, viewer, intake):
    ids = folder(officer, viewer, intake, LINNET)
    stop = Failed("Stopped at the time limit of 60 seconds.")
    with acting(viewer):
        Part.objects.update(error="Stopped at the limit of processor time.")

    newer(
        viewer, intake, ids[0], lambda rows: [*(row for row in rows if not isinstance(row, Sighting)), stop]
    )
    read_again(viewer, intake, ids[0])

    assert shown(viewer) == {"Linnet Brook": "Child A"}
    assert state_of(viewer)[0] == "failed"


@pytest.mark.parametrize(
    ("candidates", "told"),
    [(("2026-04-03", "2026-03-04"), "0 gone."), (("2026-04-03",), "1 settled doubts no longer asked as they were.")],
)  # fmt: skip
def test_a_settled_doubt_that_is_asked_otherwise_is_told(officer, viewer, intake, candidates, told):
    ids = folder(officer, viewer, intake, WREN)
    doubt = AmbiguousPart("03/04/2026", ("2026-04-03", "2026-03-04"), "row 2, column seen")
    newer(viewer, intake, ids[0], lambda rows: [*rows, doubt])
    read_again(viewer, intake, ids[0])
    with acting(viewer):
        settle(remark=Remark.objects.get(kind="ambiguous"), choice="2026-04-03", by=viewer, at=clock.now())

    newer(viewer, intake, ids[0], lambda rows: [*rows, replace(doubt, candidates=candidates)])
    read_again(viewer, intake, ids[0])

    with acting(viewer):
        note = Remark.objects.get(kind="note", text__startswith="Read again with csv 99:").text
        is_settled = Remark.objects.get(kind="ambiguous").settled_as == "2026-04-03"
    assert note.endswith(told)
    assert is_settled is (len(candidates) > 1)
