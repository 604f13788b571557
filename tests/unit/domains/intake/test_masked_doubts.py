"""A victim's value that can mean two things is no identifier, and nothing else names it: it is masked on the receipt all the same."""

import json
import re

import pytest

import factories
from cets.access.viewer import acting
from cets.audit.models import Event
from cets.domains.reports.models import Remark
from cets.sites.console import ingesting, showing
from unit.sites.desk.desk_nation import client

NUMBER, BIRTHDAY = "4.4770E+11", "03/04/2012"
TABLE = (
    "Victim phone;Victim date of birth;Suspect phone;Victim e-mail\n"
    f"{NUMBER};{BIRTHDAY};4.4788E+11;\n"
    f"{NUMBER};;4.4788E+11;no at sign here\n"
)
SECRETS = (NUMBER, "447700", BIRTHDAY, "2012-04-03", "2012-03-04", "no at sign")
REVEALED = "identifiers:identifier:revealed"


@pytest.fixture
def told(db, as_process):
    officer = factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")
    with as_process("worker"), factories.intake() as intake:
        (received,) = intake.take("ESX", TABLE, name="lines")
    return factories.viewer(officer), received


def free(text):
    return [secret for secret in SECRETS if secret in str(text)] == []


def revealed(viewer):
    with acting(viewer):
        return Event.objects.filter(type=REVEALED).count()


def doubts(viewer):
    with acting(viewer):
        return list(Remark.objects.filter(kind="ambiguous").order_by("id"))


def test_the_role_of_a_doubt_is_kept(told):
    roles = {remark.text: remark.role for remark in doubts(told[0])}

    assert roles[NUMBER] == roles[BIRTHDAY] == "victim"
    assert roles["4.4788E+11"] == "suspect"


def test_the_command_line_masks_it_and_records_a_reveal(told, as_process):
    viewer, received = told
    _agency, service = factories.service("ESX")
    with as_process("worker"):
        masked = showing.report(service, received.reference, reveal=False)
        assert revealed(service) == 0
        open_ = showing.report(service, received.reference, reveal=True)
        (line,) = ingesting.Lines(service, [received]).of("lines.csv", received, 0.0)

    assert {one["raw"] for one in masked["ambiguous"]} == {"A victim's value", "4.4788E+11"}
    assert line["ambiguous"] == masked["ambiguous"]
    assert free(json.dumps(masked))
    assert free(json.dumps(line))
    assert {one["raw"] for one in open_["ambiguous"]} >= {NUMBER, BIRTHDAY}
    assert revealed(service) == sum(remark.role == "victim" for remark in doubts(viewer))


def test_no_page_of_the_receipt_shows_it(told):
    viewer, received = told
    url = f"/reports/{received.report_id}/"
    settle = [f"{url}settle/{remark.id}/" for remark in doubts(viewer)]
    browser = client("finch@esx.example")

    for address in (url, f"{url}custody/", *settle, *(f"{one}reveal/" for one in settle)):
        page = browser.get(address).content.decode()
        assert free(page), address
    page = browser.get(f"{url}custody/").content.decode()
    assert "A victim&#x27;s value" in page
    assert "4.4788E+11" in page


def test_an_officer_reveals_it_with_a_purpose_and_settles_it(told):
    viewer, received = told
    browser = client("finch@esx.example")
    custody = f"/reports/{received.report_id}/custody/"
    birthday = next(remark for remark in doubts(viewer) if remark.text == BIRTHDAY)
    reveal = f"/reports/{received.report_id}/settle/{birthday.id}/reveal/"
    assert reveal in browser.get(custody).content.decode()

    assert free(browser.post(reveal, {"purpose": "", "reference": ""}).content.decode())
    assert revealed(viewer) == 0
    page = browser.post(reveal, {"purpose": "inquiry", "reference": "ESX/26/7"}).content.decode()

    assert BIRTHDAY in page
    assert "2012-04-03" in page
    assert revealed(viewer) == 1
    (settle,) = re.findall(rf'href="([^"]*/settle/{birthday.id}/)"', page)
    browser.post(settle, {"reading": "1", "reason": "the school said so"})
    page = browser.get(custody).content.decode()
    assert "Settled as reading 2" in page
    assert free(page)


def test_who_may_not_reveal_is_refused(told):
    viewer, received = told
    with acting(viewer):
        agency = Remark.objects.select_related("agency").first().agency
    factories.officer(agency, "wren@esx.example", "secondee")
    factories.officer(agency, "lark@esx.example", "intake_officer")
    (remark, *_) = [one for one in doubts(viewer) if one.role == "victim"]
    (other, *_) = [one for one in doubts(viewer) if one.role == "suspect"]
    url = f"/reports/{received.report_id}/settle"
    asked = {"purpose": "inquiry", "reference": "ESX/26/7"}

    assert client("lark@esx.example").post(f"{url}/{remark.id}/reveal/", asked).status_code == 403
    assert client("wren@esx.example").post(f"{url}/{remark.id}/reveal/", asked).status_code == 404
    assert client("finch@esx.example").post(f"{url}/{other.id}/reveal/", asked).status_code == 404
    assert revealed(viewer) == 0
