"""Alerts on the home page: opened or put aside they are read, and then found among the earlier ones."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.ledger import actions
from cets.kernel import clock
from cets.sites.desk.views.alerts import ON_CARD
from unit.sites.desk.desk_nation import Nation, client, nation

TEXT = "CETS-ESX-2026-000001 got a supplement"


@pytest.fixture
def made(db: str, as_process: Any) -> Nation:
    return nation(as_process)


def tell(made: Nation, *, times: int = 1) -> None:
    with acting(factories.viewer(made.officers["analyst"])):
        for number in range(times):
            actions.alert(
                agency_id=made.esx.id,
                kind="joined",
                text=f"{TEXT} ({number})",
                subject=("report", made.reports["esx"]),
                at=clock.now(),
                officer_id=made.officers["analyst"].id,
            )


def shown(page: str) -> list[str]:
    """Return the ids that the home page's card would put aside one by one."""
    return re.findall(r'<button type="submit" name="alert" value="([^"]+)"', page)


def test_opening_one_leads_to_its_record_and_makes_it_read(made: Nation) -> None:
    tell(made)
    browser = client("analyst@esx.example")
    home = browser.get("/").content.decode()
    before = shown(home)
    address = re.search(rf'action="(/alerts/[^"]+/)"[^>]*><input[^>]*><button[^>]*>{re.escape(TEXT)}', home)
    assert address

    answer = browser.post(address[1])

    assert answer["Location"] == f"/reports/{made.reports['esx']}/"
    assert len(shown(browser.get("/").content.decode())) == len(before) - 1
    earlier = browser.get("/alerts/").content.decode()
    assert TEXT in earlier
    assert "by analyst" in earlier


def test_one_is_put_aside_and_the_page_stays(made: Nation) -> None:
    tell(made, times=2)
    browser = client("analyst@esx.example")
    first, *others = shown(browser.get("/").content.decode())

    answer = browser.post("/alerts/read/", {"alert": first}, follow=True)

    assert "1 alert is read now" in answer.content.decode()
    left = shown(answer.content.decode())
    assert first not in left
    assert left[: len(others)] == others


def test_all_that_stood_on_the_page_are_put_aside_and_no_more(made: Nation) -> None:
    tell(made, times=12)
    browser = client("analyst@esx.example")
    home = browser.get("/").content.decode()
    assert f"Mark these {ON_CARD} read" in home
    on_page = shown(home)
    tell(made)  # came since

    left = browser.post("/alerts/read/", {"alert": on_page}, follow=True).content.decode()

    assert len(on_page) == ON_CARD
    assert set(shown(left)).isdisjoint(on_page)
    assert len(shown(left)) >= 3


def test_when_nothing_is_new_the_earlier_ones_can_still_be_found(made: Nation) -> None:
    browser = client("analyst@esx.example")
    while new := shown(browser.get("/").content.decode()):
        browser.post("/alerts/read/", {"alert": new})
    home = browser.get("/").content.decode()
    assert "Nothing new." in home
    assert 'href="/alerts/"' in home


def test_somebody_elses_alert_is_as_if_it_were_not_there(made: Nation) -> None:
    tell(made)
    mine = client("analyst@esx.example")
    ids = shown(mine.get("/").content.decode())
    foreign = client("foreign@nmr.example")

    answers = {foreign.post(f"/alerts/{one}/").status_code for one in (ids[0], uuid4())}
    foreign.post("/alerts/read/", {"alert": [*ids, "no id"]})

    assert answers == {404}
    assert shown(mine.get("/").content.decode()) == ids
    assert all(UUID(one) for one in ids)
