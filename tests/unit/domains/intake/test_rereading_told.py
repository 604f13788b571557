"""A file that is read again: what came and what went is told, on the receipt, in the history, and to the owner."""

from uuid import uuid4

import pytest

import factories
from cets.access.viewer import Refused, acting
from cets.audit.models import Event
from cets.domains.identifiers.models import Holding, Sighting
from cets.domains.intake import actions, rereading
from cets.domains.ledger.models import Alert
from cets.domains.reports.models import Part, Remark
from cets.kernel import clock
from unit.sites.desk.desk_nation import client

CHAT = """[13/04/2026, 20:01:10] Kestrel: my mail is kestrel@mail.example
[13/04/2026, 20:02:00] Linnet: call +44 7700 900142
"""


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


@pytest.fixture
def viewer(officer):
    return factories.viewer(officer)


@pytest.fixture
def chat(officer, viewer, as_process):
    with as_process("worker"), factories.intake() as intake:
        (one,) = intake.take((officer.agency, viewer), CHAT, name="chat")
        with acting(viewer):  # as an older reader would have left it
            Part.objects.filter(id=one.part_id).update(parser_version="0")
    return one


def read_again(viewer, chat, as_process):
    with acting(viewer):
        actions.read_once_more(part=Part.objects.get(id=chat.part_id), by=viewer)
    with as_process("worker"), factories.intake() as intake:
        rereading.read_again([chat.part_id], reading=intake.reading, country="GB", by=viewer, at=clock.now())


def note(viewer, chat):
    with acting(viewer):
        return Remark.objects.get(report_id=chat.report_id, kind="note").text


def test_what_a_newer_reader_found_is_told(officer, viewer, chat, as_process):
    with as_process("worker"), acting(viewer):
        Sighting.objects.filter(holding__kind="phone").delete()
        Holding.objects.filter(kind="phone").delete()
    read_again(viewer, chat, as_process)
    assert note(viewer, chat).startswith("Read again with whatsapp ")
    assert note(viewer, chat).endswith("(before with whatsapp 0): 1 identifier added, 0 gone.")
    with acting(viewer):
        assert Holding.objects.filter(kind="phone").count() == 1
        event = Event.objects.filter(type="intake:part:read-again").get()
        assert event.subject_id == str(chat.report_id)
        assert not Alert.objects.filter(kind="read_again").exists(), "nothing was lost"
    page = client("finch@esx.example").get(f"/reports/{chat.report_id}/custody/").content.decode()
    assert "1 identifier added, 0 gone." in page
    history = client("finch@esx.example").get(f"/reports/{chat.report_id}/history/").content.decode()
    assert "before with whatsapp 0: identifiers added 1, gone 0" in history


def test_what_a_newer_reader_does_not_find_any_more_is_told_to_the_owner(officer, viewer, chat, as_process):
    with as_process("worker"), acting(viewer):
        part = Part.objects.get(id=chat.part_id)
        held = Holding.objects.create(
            report_id=chat.report_id, agency_id=part.agency_id, key=uuid4(), kind="email", value="gone@mail.example", raw="gone@mail.example",
            roles=["unknown"], ways=["declared"], pivot=True, places=1,
        )  # fmt: skip
        Sighting.objects.create(
            report_id=chat.report_id, agency_id=part.agency_id, part=part, holding=held, place="line 9", way="declared", role="unknown",
            raw="gone@mail.example",
        )  # fmt: skip
    read_again(viewer, chat, as_process)
    assert note(viewer, chat).endswith("0 identifiers added, 1 gone.")
    assert "gone@" not in note(viewer, chat)
    with acting(viewer):
        alert = Alert.objects.get(kind="read_again")
    assert alert.subject_id == chat.report_id
    assert "1 gone" in alert.text


def test_reading_again_with_the_same_result_says_so(officer, viewer, chat, as_process):
    read_again(viewer, chat, as_process)
    assert note(viewer, chat).endswith("0 identifiers added, 0 gone.")


def test_a_file_that_waits_is_not_given_twice(officer, viewer, chat):
    with acting(viewer):
        part = Part.objects.get(id=chat.part_id)
    actions.read_once_more(part=part, by=viewer)
    with pytest.raises(actions.WaitsAlready):
        actions.read_once_more(part=part, by=viewer)


def test_who_adds_nothing_has_nothing_read_again(officer, viewer, chat, as_process):
    with as_process("owner"):
        secondee = factories.officer(officer.agency, "lent@esx.example", "secondee")
    with acting(viewer):
        part = Part.objects.get(id=chat.part_id)
    with pytest.raises(Refused):
        actions.read_once_more(part=part, by=factories.viewer(secondee))


def test_nothing_is_given_without_its_record(officer, viewer, chat, monkeypatch):
    def broken(*_arguments, **_more):
        raise RuntimeError

    monkeypatch.setattr("cets.domains.intake.actions.record", broken)
    with acting(viewer):
        part = Part.objects.get(id=chat.part_id)
    with pytest.raises(RuntimeError):
        actions.read_once_more(part=part, by=viewer)
    with acting(viewer):
        assert Part.objects.get(id=chat.part_id).state == "read"


def test_from_the_desk_it_is_one_button(officer, viewer, chat):
    browser = client("finch@esx.example")
    url = f"/reports/{chat.report_id}/originals/{chat.part_id}/read-again/"
    assert url in browser.get(f"/reports/{chat.report_id}/custody/").content.decode()
    assert browser.get(url).status_code == 405
    answer = browser.post(url, follow=True)
    assert "The file is read again now" in answer.content.decode()
    with acting(viewer):
        assert Part.objects.get(id=chat.part_id).state == "sealed"
    again = browser.post(url, follow=True)
    assert "This file waits to be read already" in again.content.decode()
