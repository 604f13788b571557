"""Search through the desk, as the desk's own database role."""

import json

import pytest

import factories
from cets.access.viewer import Refused, acting
from cets.audit.models import Event, Payload
from cets.domains.agencies.models import Agency, Officer
from cets.domains.deconfliction.models import Hit
from cets.domains.search import queries
from cets.domains.search.models import Search
from cets.sites.console import showing
from cets.sites.console.founding import founder
from unit.sites.desk.desk_nation import client

PURPOSE = {"purpose": "inquiry", "reference": "ESX/2026/12"}


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


@pytest.fixture
def filled(officer, as_process):
    factories.agency("NMR")
    with as_process("worker"), factories.intake() as intake:
        intake.take(
            "ESX",
            "The parent wrote: kestrel.blue@mail.example was seen in the game lobby.",
            "Another child told of the game <b>lobby</b> and of kestrel.blue@mail.example.",
            "A school wrote about the lobby of its building.",
        )
        intake.take("NMR", "A secret lobby of theirs with kestrel.blue@mail.example and osprey@mail.example.")
    return officer


@pytest.fixture
def browser(filled):
    signed = client("finch@esx.example")
    signed.post("/purpose/", PURPOSE)
    return signed


def ask(browser, query, **more):
    answer = browser.post("/search/", {"query": query, **more})
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(answer.url)


def text_of(answer):
    return answer.content.decode()


def last_search(officer: Officer) -> dict:
    with acting(factories.viewer(officer)):
        event = Event.objects.filter(type="search:search:run").order_by("-number").first()
        found: dict = json.loads(Payload.objects.get(event_id=event.id).body)
        return found


def test_a_purpose_is_asked_first_and_once(filled):
    signed = client("finch@esx.example")

    answer = signed.post("/search/", {"query": "lobby"}, follow=True)
    assert "Why do you look?" in text_of(answer)
    (at,) = [url for url, _ in answer.redirect_chain if url.startswith("/purpose/")]
    token = at.partition("to=")[2]
    answer = signed.post("/purpose/", {**PURPOSE, "go_on": token}, follow=True)

    assert "3 results you may see" in text_of(answer)
    assert "Active inquiry, ESX/2026/12" in text_of(answer)
    assert "1 result you may see" in text_of(ask(signed, "school"))  # not asked again


def test_the_address_of_results_tells_nothing(browser):
    answer = browser.post("/search/", {"query": "kestrel.blue@mail.example"})

    assert "kestrel" not in answer.url
    assert answer.url.startswith("/search/")


def test_an_identifier_is_understood_in_an_odd_spelling(browser):
    page = text_of(ask(browser, "kestrel.blue[at]mail.example"))

    assert "Understood as" in page
    assert "kestrel.blue@mail.example" in page
    assert "in 2 reports of yours" in page


def test_snippets_mark_what_was_found_and_escape_the_rest(browser):
    page = text_of(ask(browser, "lobby"))

    assert '<mark class="cets-mark" dir="auto">lobby</mark>' in page
    assert "<b>lobby</b>" not in page
    assert "\ue000" not in page


def test_nothing_of_another_agency_is_found(browser, filled):
    page = text_of(ask(browser, "secret lobby"))
    assert "theirs" not in page
    page = text_of(ask(browser, "osprey@mail.example"))

    assert "Nothing that you may see holds any of these" in page
    assert last_search(filled)["results"] == 0


def test_any_finds_more_than_all(browser):
    some = text_of(ask(browser, "school game"))
    every = text_of(ask(browser, "school game", all_of="1"))
    both = text_of(ask(browser, "kestrel.blue@mail.example parent", all_of="1"))

    assert "3 results you may see" in some
    assert "0 results you may see" in every
    assert "2 results you may see" in both  # the identifier and the text of the one report that holds both


def test_a_piece_can_be_dropped(browser):
    answer = browser.post(
        "/search/", {"query": "school kestrel.blue@mail.example", "drop": "kestrel.blue@mail.example"}
    )

    page = text_of(browser.get(answer.url))

    assert 'value="school"' in page


def test_results_are_filtered_by_what_they_are(browser):
    page = text_of(ask(browser, "kestrel.blue@mail.example parent", type="identifier"))

    assert "1 result you may see" in page


def test_results_are_paged(browser, officer, as_process):
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", *(f"Report number {n} of the marina" for n in range(30)))

    answer = browser.post("/search/", {"query": "marina"})
    first, second = text_of(browser.get(answer.url)), text_of(browser.get(f"{answer.url}?page=2"))

    assert "1 to 25 of 30" in first
    assert "26 to 30 of 30" in second


def test_a_search_of_oneself_is_flagged(browser, filled):
    page = text_of(ask(browser, "FINCH[at]esx.example"))

    assert "This search is of yourself" in page
    assert last_search(filled)["flagged"] == "self"


def test_a_search_of_a_colleague_is_flagged(browser, filled):
    factories.officer(filled.agency, "wren@esx.example", "analyst")

    page = text_of(ask(browser, "wren@esx.example"))

    assert "This search is of a colleague" in page
    assert last_search(filled)["flagged"] == "colleague"


def test_a_search_of_a_colleagues_telephone_is_flagged(browser, filled):
    wren = factories.officer(filled.agency, "wren@esx.example", "analyst")
    with acting(founder()):
        Officer.objects.filter(id=wren.id).update(phone="07700 900555")

    assert "This search is of a colleague" in text_of(ask(browser, "+44 7700 900555"))
    assert "flagged" not in text_of(ask(browser, "+44 7700 900556"))


def test_the_same_words_of_a_stranger_are_not_flagged(browser, filled):
    page = text_of(ask(browser, "kestrel.blue@mail.example"))

    assert "flagged" not in page
    assert "flagged" not in last_search(filled)


def test_whole_names_are_known_and_single_words_are_not(db):
    esx = factories.agency("ESX")
    factories.officer(esx, "rosa.finch@esx.example", "analyst", name="Rosa Finch")
    other = factories.viewer(factories.officer(esx, "owl@esx.example", "analyst"))

    with acting(other):
        whole = queries.whom_it_is_of(other, queries.understand('"rosa FINCH" lobby', country="GB"))
        single = queries.whom_it_is_of(other, queries.understand("finch", country="GB"))

    assert (whole, single) == ("colleague", "")


def test_a_victims_value_is_found_and_not_shown(browser, filled, as_process):
    table = b"victim email;suspect email\nsiskin@child.example;shrike@mail.example\n"
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", table)

    page = text_of(ask(browser, "siskin@child.example"))

    results = page.partition('id="results"')[2]
    assert "Child A" in results
    assert "siskin@child.example" not in results


def test_results_are_for_who_asked_alone(browser, filled):
    answer = browser.post("/search/", {"query": "lobby"})
    factories.officer(filled.agency, "wren@esx.example", "analyst")

    other = client("wren@esx.example")

    assert other.get(answer.url).status_code == 404
    with acting(factories.viewer(filled)):
        assert Search.objects.count() == 1


def test_an_empty_question_is_an_error_of_the_form(browser):
    answer = browser.post("/search/", {"query": "  "})

    assert answer.status_code == 422
    assert "Write what you look for" in text_of(answer)


def test_a_hostile_question_is_shown_as_text(browser):
    page = text_of(ask(browser, "\"><script>alert(1)</script> & '); drop table x; -- {{ 7*7 }}"))

    assert "<script>alert" not in page
    assert "results you may see" in page


def test_who_may_not_search_finds_nothing_here(officer):
    factories.officer(officer.agency, "owl@esx.example", "administrator")

    assert client("owl@esx.example").get("/search/").status_code == 404


def test_a_character_that_turns_the_writing_round_is_named(browser):
    page = text_of(ask(browser, "lob\u202eby"))
    understood = page.partition("Understood as")[2].partition("</section>")[0]

    assert "lob[U+202E]by" in understood


@pytest.mark.parametrize(
    "query", ["-" * 60, "(" + "-(" * 40, "lobby ----- -lobby or", '"game -lobby"', "- - - - lobby", '" "']
)
def test_signs_in_a_question_are_no_operators(browser, query):
    page = ask(browser, query)

    assert page.status_code == 200
    assert ("game" in text_of(page)) == ("lobby" in query)


def test_a_question_too_long_is_said_on_every_way(browser, filled):
    answer = browser.post("/search/", {"query": "x " * 501})
    assert answer.status_code == 422
    with acting(factories.viewer(filled)), pytest.raises(queries.TooLong, match="1,000 letters at most"):
        queries.understand("x" * 1001, country="GB")


def test_a_value_is_worth_as_much_as_on_its_own_page(filled, browser, as_process):
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", "The platform answers at info@mail.example.")
    found = text_of(ask(browser, "info@mail.example"))
    assert "common" in found

    with acting(factories.viewer(filled)):
        (one,) = queries.run(
            factories.viewer(filled), queries.understand("info@mail.example", country="GB"), any_of=False
        )[:1]
    assert one.score < 5
    assert one.common


def test_a_search_of_oneself_is_flagged_on_the_command_line_too(filled):
    showing.search(factories.viewer(filled), "finch@esx.example")

    assert last_search(filled)["flagged"] == "self"


def test_hits_are_refused_to_a_role_that_works_on_none(db):
    admin = factories.officer(factories.agency("ESX"), "heron@esx.example", "administrator")
    with pytest.raises(Refused):
        list(showing.hits(factories.viewer(admin), with_common=True))


def hits_of(officer):
    with acting(factories.viewer(officer)):
        return list(Hit.objects.order_by("reference"))


@pytest.fixture
def other(filled):
    with acting(factories.viewer(filled)):
        agency = Agency.objects.get(code="NMR")
    return factories.officer(agency, "rail@nmr.example", "analyst")


def test_a_hit_is_found_by_its_own_reference(browser, filled):
    (one,) = hits_of(filled)
    page = text_of(ask(browser, f"They quoted {one.reference.lower()}."))
    results = page.partition('id="results"')[2]
    assert f'href="/hits/{one.id}/">{one.reference}</a>' in results
    assert "Not settled" in results
    assert f"see=hit%3A{one.id}" in page
    assert str(one.id) in last_search(filled)["returned"]

    preview = text_of(browser.get(f"{ask(browser, one.reference).request['PATH_INFO']}?see=hit:{one.id}"))
    assert "Open the hit" in preview
    assert "NMR Police" in preview
    assert showing.search(factories.viewer(filled), one.reference)[0]["reference"] == one.reference


def test_a_hit_of_another_agency_and_none_are_one_answer(browser, filled, other):
    (own,), (theirs,) = hits_of(filled), hits_of(other)
    assert own.id != theirs.id
    pages = [
        text_of(ask(browser, reference)).partition('id="results"')[2].partition("</section>")[0]
        for reference in (theirs.reference, "CETS-NMR-H-999999")
    ]
    assert "Nothing that you may see" in pages[0]
    assert pages[0] == pages[1]
    address = ask(browser, theirs.reference).request["PATH_INFO"]
    seen = browser.get(f"{address}?see=hit:{theirs.id}", headers={"hx-request": "true"})
    assert seen.status_code == 404


def test_who_sees_no_hits_finds_none_by_reference(filled):
    (one,) = hits_of(filled)
    secondee = factories.viewer(factories.officer(filled.agency, "wren@esx.example", "secondee"))
    with acting(secondee):
        understood = queries.understand(one.reference, country="GB")
        try:
            found = queries.run(secondee, understood)
        except Refused:
            found = []
    assert found == []


@pytest.mark.parametrize("query", ["\U0001f693", "%", '"', "*", '"\U0001f693 %"', "% _ * \u2026"])
def test_signs_alone_are_nothing_to_search_for(browser, query):
    page = text_of(ask(browser, query))
    assert "There is nothing to search for" in page
    assert "Nothing that you may see holds any of these" not in page
    assert "0 results" not in page
    assert "Nothing that you may see holds any of these" in text_of(ask(browser, f"{query} absent"))
