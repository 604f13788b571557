"""The agency's own patterns on the desk: tried first, then added; replaced, retired, and nobody else's."""

import re

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.identifiers.models import AgencyPattern
from unit.sites.desk.desk_nation import client

FIELDS = {
    "name": "Shop customers",
    "pattern": r"(?i)\bcustomer (?P<value>[A-Z]{2}[0-9]{6})\b",
    "kind": "account",
    "platform": "Shop",
    "matching": "customer KB200142 called => shop/kb200142\r\nCustomer KB200143 => shop/kb200143",
    "not_matching": "order KB200142",
    "tried": "",
}


@pytest.fixture
def people(db):
    made = {}
    for code in ("esx", "nmr"):
        agency = factories.agency(code.upper())
        made[code] = factories.officer(agency, f"finch@{code}.example", "administrator")
    return made


@pytest.fixture
def finch(people):
    return client("finch@esx.example")


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def kept(people, code="esx"):
    with acting(factories.viewer(people[code])):
        return list(AgencyPattern.objects.order_by("added_at"))


def tried_of(page):
    (field,) = re.findall(r'<input[^>]*name="tried"[^>]*>', page)
    value = re.search(r'value="([0-9a-f]*)"', field)
    return value[1] if value else ""


def add(browser, url="/admin/patterns/add/", **changed):
    fields = FIELDS | changed
    page = text_of(browser.post(url, fields))
    return browser.post(url, fields | {"tried": tried_of(page)})


def test_a_pattern_is_tried_first_and_then_added(finch, people):
    page = text_of(finch.post("/admin/patterns/add/", FIELDS))

    assert "Every example came out as it should" in page
    assert len(re.findall(r">\s*Right\s*<", page)) == 3
    assert "Add the pattern" in page
    assert kept(people) == []

    answer = finch.post("/admin/patterns/add/", FIELDS | {"tried": tried_of(page)})

    assert answer.status_code == 302
    (one,) = kept(people)
    assert (one.name, one.version, one.kind, one.not_matching) == (
        "Shop customers",
        1,
        "account",
        ["order KB200142"],
    )
    listed = text_of(finch.get("/admin/patterns/"))
    assert "Shop customers" in listed
    assert "In use" in listed
    assert "finch" in listed


def test_what_was_changed_after_the_trial_is_tried_again(finch, people):
    page = text_of(finch.post("/admin/patterns/add/", FIELDS))

    again = text_of(
        finch.post("/admin/patterns/add/", FIELDS | {"tried": tried_of(page), "not_matching": "order 5"})
    )

    assert "Nothing was added yet" in again
    assert kept(people) == []


def test_an_example_that_differs_shows_what_was_found(finch, people):
    page = text_of(finch.post("/admin/patterns/add/", FIELDS | {"not_matching": "customer KB200149"}))

    assert "Not every example came out as it should" in page
    assert "shop/kb200149" in page
    assert "Differs" in page
    assert "Try the examples" in page
    assert tried_of(page) == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"pattern": "(a"}, "It is no pattern of RE2"),
        ({"pattern": "a*"}, "match everywhere"),
        ({"matching": "customer KB200142"}, "Write each line as: text =&gt; value"),
        ({"matching": ""}, "Give at least one example"),
        ({"not_matching": ""}, "Give at least one example"),
        ({"kind": ""}, "Choose one of the list"),
        ({"name": ""}, "Give the pattern a name"),
    ],
)
def test_a_wrong_pattern_is_an_error_of_the_form(finch, people, changed, said):
    page = text_of(finch.post("/admin/patterns/add/", FIELDS | changed), 422)

    assert said in page
    assert kept(people) == []


def test_a_name_in_use_is_an_error_of_the_form(finch, people):
    add(finch)
    page = text_of(finch.post("/admin/patterns/add/", FIELDS))

    assert "in use already" in text_of(
        finch.post("/admin/patterns/add/", FIELDS | {"tried": tried_of(page)}), 422
    )


def test_a_pattern_is_replaced_by_a_further_version(finch, people):
    add(finch)
    (one,) = kept(people)
    page = text_of(finch.get(f"/admin/patterns/{one.id}/replace/"))
    assert "customer KB200142 called =&gt; shop/kb200142" in page

    add(finch, f"/admin/patterns/{one.id}/replace/", not_matching="order KB200142\norder 7", name="Renamed")

    first, second = kept(people)
    assert (first.retired_at is None, second.retired_at) == (False, None)
    assert (second.name, second.version) == ("Shop customers", 2)
    assert finch.get(f"/admin/patterns/{one.id}/replace/").status_code == 302


def test_a_pattern_is_retired_after_it_was_asked(finch, people):
    add(finch)
    (one,) = kept(people)
    assert "Retire the pattern" in text_of(finch.get(f"/admin/patterns/{one.id}/retire/"))
    assert kept(people)[0].retired_at is None

    finch.post(f"/admin/patterns/{one.id}/retire/")

    assert kept(people)[0].retired_by == people["esx"].id
    page = text_of(finch.get(f"/admin/patterns/{one.id}/"))
    assert "Retired by" in page
    assert "Replace it" not in page
    assert "retired already" in text_of(finch.post(f"/admin/patterns/{one.id}/retire/"), 422)


def test_another_agency_s_pattern_does_not_exist(finch, people):
    add(finch)
    (one,) = kept(people)
    other = client("finch@nmr.example")

    assert "Shop customers" not in text_of(other.get("/admin/patterns/"))
    for way in ("", "replace/", "retire/"):
        assert other.get(f"/admin/patterns/{one.id}/{way}").status_code == 404
        if way:
            assert other.post(f"/admin/patterns/{one.id}/{way}", FIELDS).status_code == 404
    assert kept(people)[0].retired_at is None
    assert kept(people, "nmr") == []


def test_the_same_name_is_free_for_another_agency(finch, people):
    add(finch)
    add(client("finch@nmr.example"))

    assert [one.name for one in kept(people, "nmr")] == ["Shop customers"]
