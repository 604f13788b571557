"""Files read with an agency's own patterns: in the confined process, on the receipt, read again, and by that agency alone."""

import io
from typing import Any

import pytest

import factories
from cets.access.viewer import Refused, acting
from cets.audit.models import Event, Payload
from cets.domains.identifiers import actions, queries
from cets.domains.identifiers.models import AgencyPattern, Holding, Sighting
from cets.domains.identifiers.own import OwnPattern
from cets.domains.identifiers.patterns import MOST_IN_USE, Draft, WrongPattern
from cets.domains.intake.parser.client import Parser
from cets.domains.intake.receipts import counted
from cets.domains.intake.rereading import read_again
from cets.domains.intake.rows import NotUnderstood
from cets.domains.intake.rows import Sighting as Row
from cets.domains.intake.sources.base import Options
from cets.domains.reports.models import Part, Remark
from cets.kernel import clock

NOTE = "Officer's note\nThe shop says it was customer KB200142, who also wrote from wren@post.example.\n"
PATTERN = r"(?i)\bcustomer (?P<value>[A-Z]{2}[0-9]{6})\b"


def draft(name: str = "Shop customers", **changed: Any) -> Draft:
    given: dict[str, Any] = {
        "name": name, "pattern": PATTERN, "kind": "account", "platform": "Shop",
        "matching": (("customer KB200142 called", "shop/kb200142"),), "not_matching": ("order KB200142",),
    } | changed  # fmt: skip
    return Draft(**given)


# --- the process ----------------------------------------------------------------------------------


def parse(content: bytes, *patterns: OwnPattern) -> tuple[list[Any], tuple[str, ...]]:
    with Parser() as parser:
        options = Options(country="GB", patterns=patterns, patterns_version=1)
        return list(parser.parse(io.BytesIO(content), len(content), options)), parser.confined


def test_the_confined_process_looks_for_them() -> None:
    rows, _confined = parse(NOTE.encode(), OwnPattern("1", "Shop", PATTERN, "account", "Shop"))

    found = {(row.value.value, row.pattern, row.way) for row in rows if isinstance(row, Row)}
    assert ("shop/kb200142", 1, "mentioned") in found
    assert ("wren@post.example", 0, "mentioned") in found


def test_one_that_the_process_cannot_use_is_on_the_receipt_and_the_file_is_read() -> None:
    rows, _confined = parse(NOTE.encode(), OwnPattern("1", "Broken", "(a", "handle"))

    assert [row.text for row in rows if isinstance(row, NotUnderstood) and "“Broken”" in row.text]
    assert "wren@post.example" in {row.value.value for row in rows if isinstance(row, Row)}


# --- the agency -----------------------------------------------------------------------------------


@pytest.fixture
def admins(db: str) -> dict[str, Any]:
    """The administrators' viewers of two agencies."""
    made = {}
    for code in ("ESX", "NMR"):
        agency = factories.agency(code)
        login = f"finch@{code.lower()}.example"
        made[code] = factories.viewer(factories.officer(agency, login, "administrator"))
    return made


def add(by: Any, one: Draft | None = None, **options: Any) -> AgencyPattern:
    return actions.add_pattern(draft=one or draft(), by=by, at=clock.now(), country="GB", **options)


def values(code: str) -> set[str]:
    with acting(factories.service(code)[1]):
        return set(Holding.objects.values_list("value", flat=True))


def test_a_file_is_read_with_them_and_its_receipt_names_the_version(
    admins: dict[str, Any], as_process: Any
) -> None:
    one = add(admins["ESX"])
    with as_process("worker"), factories.intake() as intake:
        (received,) = intake.take("ESX", NOTE, name="note")

        with acting(factories.service("ESX")[1]):
            sighting = Sighting.objects.get(holding__value="shop/kb200142")
            (receipt,) = counted(Part.objects.filter(id=received.part_id))
    assert (sighting.pattern_id, sighting.way) == (one.id, "mentioned")
    assert receipt.own_patterns == (1, 1)


def test_a_place_is_explained_by_the_pattern_s_name(admins: dict[str, Any], as_process: Any) -> None:
    add(admins["ESX"])
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", NOTE, name="note")
    viewer = factories.service("ESX")[1]
    with acting(viewer):
        sighting = Sighting.objects.get(holding__value="shop/kb200142")
        told = queries.explained(viewer, [sighting])[sighting.id]

    assert "“Shop customers”" in told.rule


def test_another_agency_neither_sees_nor_uses_it(admins: dict[str, Any], as_process: Any) -> None:
    one = add(admins["ESX"])
    with as_process("worker"), factories.intake() as intake:
        intake.take("NMR", NOTE, name="note")
    for viewer in (admins["NMR"], factories.service("NMR")[1]):
        with acting(viewer):
            assert not AgencyPattern.objects.exists()
            assert queries.in_use(viewer) == queries.InUse(0, ())
    with pytest.raises(actions.PatternRetired):
        actions.retire_pattern(pattern=one, by=admins["NMR"], at=clock.now())
    with acting(admins["NMR"]):
        assert queries.pattern_uses(admins["NMR"]) == {}

    assert "shop/kb200142" not in values("NMR")
    with acting(admins["ESX"]):
        assert AgencyPattern.objects.get(id=one.id).retired_at is None


def test_an_older_file_read_again_gains_what_a_new_pattern_finds(
    admins: dict[str, Any], as_process: Any
) -> None:
    with as_process("worker"), factories.intake() as intake:
        (received,) = intake.take("ESX", NOTE, name="note")
    assert "shop/kb200142" not in values("ESX")
    add(admins["ESX"])
    agency, service = factories.service("ESX")
    with as_process("worker"), factories.intake() as intake:
        with acting(service):
            Part.objects.filter(id=received.part_id).update(state="sealed")
        read_again([received.part_id], reading=intake.reading, country="GB", by=service, at=clock.now())
        with acting(service):
            part = Part.objects.get(id=received.part_id)
            notes = list(Remark.objects.filter(part=part, kind="note").values_list("text", flat=True))

    assert "shop/kb200142" in values("ESX")
    assert (part.patterns, part.patterns_version) == (1, 1)
    assert any(
        "own patterns of version 1 (before with" in text and "1 identifier added" in text for text in notes
    )
    assert agency.code == "ESX"


def test_each_change_is_another_version_and_a_retired_one_finds_nothing(
    admins: dict[str, Any], as_process: Any
) -> None:
    esx = admins["ESX"]
    one = add(esx)
    two = add(esx, draft(not_matching=("order KB200142", "a customer KB")), replaces=one)
    with acting(esx):
        assert [(p.name, p.version, p.retired_at is None) for p in queries.patterns_visible_to(esx)] == [
            ("Shop customers", 2, True),
            ("Shop customers", 1, False),
        ]
        assert queries.in_use(esx).version == 3
    actions.retire_pattern(pattern=two, by=esx, at=clock.now())
    with as_process("worker"), factories.intake() as intake:
        (received,) = intake.take("ESX", NOTE, name="note")
        with acting(factories.service("ESX")[1]):
            (receipt,) = counted(Part.objects.filter(id=received.part_id))

    assert "shop/kb200142" not in values("ESX")
    assert receipt.own_patterns == (0, 4)


def test_uses_are_counted_for_who_administers_and_sees_no_place(
    admins: dict[str, Any], as_process: Any
) -> None:
    one = add(admins["ESX"])
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", NOTE, name="note")

    with acting(admins["ESX"]):
        assert queries.pattern_uses(admins["ESX"]) == {one.id: 1}
        assert not Sighting.objects.exists()


def test_who_does_not_administer_adds_and_retires_none(admins: dict[str, Any]) -> None:
    one, service = add(admins["ESX"]), factories.service("ESX")[1]

    with pytest.raises(Refused):
        add(service, draft("Other"))
    with pytest.raises(Refused):
        actions.retire_pattern(pattern=one, by=service, at=clock.now())


def test_an_example_that_differs_adds_nothing(admins: dict[str, Any]) -> None:
    with pytest.raises(actions.ExamplesDiffer):
        add(admins["ESX"], draft(not_matching=("customer KB200142",)))

    with acting(admins["ESX"]):
        assert not AgencyPattern.objects.exists()


def test_a_name_in_use_and_one_too_many_are_refused(admins: dict[str, Any]) -> None:
    esx = admins["ESX"]
    add(esx)
    with pytest.raises(WrongPattern, match="in use already"):
        add(esx)
    for number in range(2, MOST_IN_USE + 1):
        add(esx, draft(f"Pattern {number}"))

    with pytest.raises(WrongPattern, match="at most 20"):
        add(esx, draft("One too many"))


def test_the_record_holds_the_name_and_no_pattern_or_example(admins: dict[str, Any]) -> None:
    one = add(admins["ESX"])
    actions.retire_pattern(pattern=one, by=admins["ESX"], at=clock.now())

    with acting(admins["ESX"]):
        told = Event.objects.filter(type__startswith="identifiers:pattern:").values_list("id")
        bodies = list(Payload.objects.filter(event_id__in=told).values_list("body", flat=True))
    assert len(bodies) == 2
    for body in bodies:
        assert "KB200142" not in body
        assert "(?P" not in body
        assert "Shop customers" in body


def test_nothing_is_added_when_it_cannot_be_recorded(
    admins: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no record")

    monkeypatch.setattr(actions, "record", broken)
    with pytest.raises(RuntimeError):
        add(admins["ESX"])

    with acting(admins["ESX"]):
        assert not AgencyPattern.objects.exists()


def test_the_database_refuses_to_change_one(admins: dict[str, Any]) -> None:
    from django.db import ProgrammingError

    one = add(admins["ESX"])
    with pytest.raises(ProgrammingError, match="permission denied"), acting(admins["ESX"]):
        AgencyPattern.objects.filter(id=one.id).update(pattern="x")
