"""The receipt of several files: no noisy one hides what the others say, and each line names its file."""

import io
import re
import zipfile
from typing import Any

import pytest
from django.test import Client
from lxml import html

import factories
from cets.access.viewer import acting
from cets.domains.reports.models import Remark
from unit.sites.desk.desk_nation import Nation, client, nation, process_switch

NOISY = "phone,email\n" + "".join(f"+5241637{n:05},kestrel.{n}@mail.example\n" for n in range(1200))
CHAT = """[13/04/2026, 20:01:10] Kestrel: are you there
[13/04/2026, 20:02:00] Wren: are you
"""
VICTIMS = "number,victim phone\n1,1 555-555-0107\n"
FOREIGN = "number,phone\n1,1 555-521-5554\n"


def zipped(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture(scope="module")
def made(module_db: str, request: Any) -> Nation:
    switch = process_switch(request)
    found = nation(switch)
    content = zipped(
        **{"a_noisy.csv": NOISY, "b_chat.txt": CHAT, "c_foreign.csv": FOREIGN, "d_cut.json": '{"id": 1, "x'}
    )
    with switch("worker"), factories.intake() as intake:
        found.reports["victims"] = intake.take("ESX", VICTIMS.encode(), name="victims.csv")[0].report_id
        found.reports["many"] = intake.take("ESX", content, name="many.zip")[0].report_id
    return found


@pytest.fixture
def browser(made: Nation) -> Client:
    return client("analyst@esx.example")


def get(browser: Client, url: str) -> Any:
    answer = browser.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return html.document_fromstring(answer.content.decode())


def text(node: Any) -> str:
    return " ".join(node.text_content().split())


def test_no_file_hides_what_was_not_understood_in_another(made: Nation, browser: Client) -> None:
    for url in (f"/reports/{made.reports['many']}/", f"/reports/{made.reports['many']}/custody/"):
        page = get(browser, url)
        (told,) = page.xpath("//details[contains(., 'What was not understood')]")
        lines = [text(one) for one in told.xpath(".//li")]
        assert len(lines) == 100, url
        assert any("a_noisy.csv" in one for one in lines), lines[:2]
        assert any("d_cut.json" in one for one in lines), (
            "each line names its file, and each file has its lines"
        )
        assert re.search(r"100 of \d,\d\d\d", text(told)), "the number has its comma"


def listed(page: Any) -> list[str]:
    return [text(one) for one in page.xpath("//main//ol[@class='govuk-list govuk-list--number']/li")]


def test_every_line_that_was_not_understood_can_be_reached_by_links_alone(
    made: Nation, browser: Client
) -> None:
    """What the receipt shows the beginning of goes on in pages: plain links, no script, nothing twice, nothing left out."""
    report = made.reports["many"]
    with acting(factories.viewer(made.officers["analyst"])):
        all_of_it = Remark.objects.filter(report=report, kind="not_understood").count()
    page = get(browser, f"/reports/{report}/")
    (url,) = page.xpath("//main//a[contains(., 'All that was not understood')]/@href")
    found: list[str] = []
    while url:
        page = get(browser, url)
        starts = page.xpath("//main//ol[@start]/@start")
        assert starts == [str(len(found) + 1)], "the numbers go on from page to page"
        found += listed(page)
        url = next(iter(page.xpath("//a[@rel='next']/@href")), "")
        address = f"/reports/{report}/receipt/"
        url = f"{address}{url}" if url.startswith("?") else url
    assert len(found) == all_of_it > 1_000
    assert all(one.startswith("many.zip") for one in found), "each line names its file"
    assert [one for one in found if "d_cut.json" in one], "also the last file's"


def test_the_lines_of_one_file_alone(made: Nation, browser: Client) -> None:
    report = made.reports["many"]
    page = get(browser, f"/reports/{report}/receipt/?sort=file")
    (one,) = page.xpath("//main//li[contains(., 'd_cut.json')]")
    (url, *_more) = one.xpath(".//a[contains(., 'not understood')]/@href")
    lines = listed(get(browser, url))
    assert lines
    assert all("d_cut.json" in line for line in lines)
    assert "Of all files" in text(get(browser, url))


def test_the_lists_of_the_receipt_are_told_with_their_numbers(made: Nation, browser: Client) -> None:
    report = made.reports["many"]
    page = get(browser, f"/reports/{report}/receipt/?sort=ambiguous")
    (current,) = page.xpath("//nav//a[@aria-current='true']")
    assert re.fullmatch(r"All that is ambiguous \([1-9]\d*\)", text(current))
    assert any("c_foreign.csv" in text(one) for one in page.xpath("//div[@class='cets-doubt']"))
    assert "Back to the receipt" in text(page)


@pytest.mark.parametrize(
    "query", ["?sort=x", "?file=9999999999", "?file=%C2%B2", "?page=-1", "?page=999999", "?file=77"]
)
def test_an_address_made_by_hand_shows_a_list(made: Nation, browser: Client, query: str) -> None:
    page = get(browser, f"/reports/{made.reports['many']}/receipt/{query}")
    assert len(listed(page)) == 100


def test_a_victims_value_is_hidden_on_every_page_of_the_receipt(made: Nation, browser: Client) -> None:
    victims = made.reports["victims"]
    for sort in ("not_understood", "ambiguous", "note", "file"):
        assert "555-0107" not in text(get(browser, f"/reports/{victims}/receipt/?sort={sort}")), sort
    page = get(browser, f"/reports/{victims}/receipt/?sort=ambiguous")
    assert page.xpath("//div[@class='cets-doubt'][contains(., 'victim')]")


def test_of_another_agencys_report_there_is_no_receipt(made: Nation) -> None:
    foreign = client("foreign@nmr.example")
    assert foreign.get(f"/reports/{made.reports['many']}/receipt/").status_code == 404


def test_what_can_mean_two_things_names_its_file(made: Nation, browser: Client) -> None:
    page = get(browser, f"/reports/{made.reports['many']}/custody/")
    doubts = [text(one) for one in page.xpath("//div[@class='cets-doubt']")]
    assert any("c_foreign.csv" in one for one in doubts), doubts


def test_a_reason_is_no_reading(made: Nation, browser: Client) -> None:
    """Of a number of which nobody knows the country nothing can be chosen, and nobody is made to say that it is a sentence."""
    report = made.reports["many"]
    with acting(factories.viewer(made.officers["analyst"])):
        remark = Remark.objects.get(report=report, kind="ambiguous", text="1 555-521-5554")
    page = get(browser, f"/reports/{report}/custody/")
    (doubt,) = [text(one) for one in page.xpath("//div[@class='cets-doubt']") if "555" in text(one)]
    assert "could be" not in doubt
    assert "It is not possible as" in doubt
    way = f"/reports/{report}/settle/{remark.id}/"
    (asked,) = get(browser, way).xpath("//form[.//input[@name='reading']]")
    assert "It cannot be told" in text(asked)
    answer = browser.post(way, {"reading": "0", "reason": "asked the provider"})
    assert answer.status_code == 302
    page = get(browser, f"/reports/{report}/custody/")
    (doubt,) = [text(one) for one in page.xpath("//div[@class='cets-doubt']") if "555" in text(one)]
    assert "Settled: it cannot be told" in doubt


def test_the_number_of_identifiers_is_the_same_everywhere(made: Nation, browser: Client) -> None:
    page = get(browser, f"/reports/{made.reports['many']}/")
    (tab,) = page.xpath("//a[contains(., 'Identifiers (')]")
    number = text(tab).removeprefix("Identifiers (").removesuffix(")")
    assert int(number.replace(",", "")) > 1_001
    assert f"8 of {number}" in text(page)
