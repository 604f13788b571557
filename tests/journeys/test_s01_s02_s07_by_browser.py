"""S1, S2 and S7 by browser, and every screen of the desk: sound, quiet, and usable without a mouse."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Browser, Page, expect

from journeys.desk_live import Visitor, browsing, fill, served

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW_RULES = ["target-size", "region", "color-contrast", "scrollable-region-focusable"]


@dataclass
class Desk:
    address: str
    password: str
    browser: Browser

    def visit(self, login: str, *, width: int = 1600) -> Visitor:
        return Visitor(self.browser, self.address, width=width).sign_in(login, self.password)


@pytest.fixture(scope="module")
def desk(
    server: str, template: str, request: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    root = next(p for p in request.config.pluginmanager.get_plugins() if hasattr(p, "_as_process"))
    fresh = root._fresh(server, template)
    next(fresh)
    nation = fill(root._as_process, tmp_path_factory.mktemp("nation"))
    with served() as address, browsing() as browser:
        yield Desk(address, nation["password"], browser)
    next(fresh, None)


@pytest.fixture
def visit(desk: Desk) -> Iterator[Any]:
    visitors: list[Visitor] = []

    def come(login: str, **more: Any) -> Visitor:
        visitors.append(desk.visit(login, **more))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.close()
        assert visitor.heard == []


def open_hit(page: Page, value: str, kind: str) -> None:
    """Find a hit in the list by its value, on whichever page, and open it."""
    page.get_by_role("link", name="Hits", exact=False).first.click()
    row = page.get_by_role("row").filter(has_text=value).filter(has_text=kind)
    page.wait_for_url("**/hits/")
    while not row.count():
        here = page.url
        page.get_by_role("link", name="Next page").click()
        page.wait_for_url(lambda url, here=here: url != here)  # type: ignore[misc]
    row.get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Why this is a hit")).to_be_visible()


def test_s1_eastshire_learns_who_else_holds_the_account_and_whom_to_call(visit: Any) -> None:
    page = visit("adeyemi@esx.example").page
    open_hit(page, "kitechat/kestrel_blue", "Account")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Northmoor Police")
    expect(page.get_by_text("Do not approach, arrest or warn anyone")).to_be_visible()
    expect(page.get_by_text("Not shown at this level").first).to_be_visible()
    assert "CETS-NMR-" not in page.content()
    page.get_by_role("link", name=re.compile("CETS-ESX-2")).first.click()
    expect(page.get_by_role("heading", name="What it says")).to_be_visible()
    expect(page.get_by_role("link", name="Nereland Child Protection Centre").first).to_be_visible()
    assert "Child A" in page.content()


def test_s2_three_forces_are_told_of_each_other_about_one_man(visit: Any) -> None:
    northmoor = visit("brandt@nmr.example").page
    open_hit(northmoor, "c0ffee00-5a5a-4b0b-8d8d-0a00000000c2", "Device")
    expect(northmoor.get_by_role("heading", level=1)).to_contain_text("Westvale Constabulary")
    open_hit(northmoor, "+1 202-555-0117", "Phone")
    expect(northmoor.get_by_role("heading", level=1)).to_contain_text("Norland Federal Police")
    northmoor.get_by_role("link", name="Read their summary").first.click()
    expect(northmoor.get_by_role("heading", level=1)).to_contain_text("CETS-NFP-")
    westvale = visit("teal@wvl.example").page
    open_hit(westvale, "blackcap.dj@mail.example", "E-mail")
    expect(westvale.get_by_role("heading", level=1)).to_contain_text("Norland Federal Police")
    open_hit(westvale, "c0ffee00-5a5a-4b0b-8d8d-0a00000000c2", "Device")
    expect(westvale.get_by_role("heading", level=1)).to_contain_text("Northmoor Police")


def test_s7_the_first_enquiry_of_the_new_force_alerts_both(visit: Any) -> None:
    westvale = visit("teal@wvl.example").page
    open_hit(westvale, "+44 7700 900163", "Phone")
    expect(
        westvale.get_by_text("Do not approach, arrest or warn anyone before you have spoken to Northmoor")
    ).to_be_visible()
    northmoor = visit("ochre@nmr.example").page
    open_hit(northmoor, "QX21 KTE", "Vehicle")
    expect(northmoor.get_by_role("heading", level=1)).to_contain_text("Westvale Constabulary")
    expect(northmoor.get_by_role("button", name="Record the contact")).to_be_visible()


# --- by keyboard alone ----------------------------------------------------------------------------------------------

_NAME = """() => { const e = document.activeElement;
  return [e.tagName, (e.labels && e.labels[0] ? e.labels[0].innerText : '') || e.innerText || e.value || '', e.value || '']; }"""


def tab_to(page: Page, words: str, *, most: int = 150) -> None:
    """Press Tab until what has the focus is named so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if words in page.evaluate(_NAME)[1]:
            return
    pytest.fail(f"no way to “{words}” by Tab")


def test_a_contact_is_recorded_without_a_mouse(desk: Desk) -> None:
    visitor = Visitor(desk.browser, desk.address)
    page, keys = visitor.page, visitor.page.keyboard
    page.goto("/")
    tab_to(page, "Username")
    keys.type("russet@esx.example")
    tab_to(page, "Password")
    keys.type(desk.password)
    keys.press("Enter")
    page.wait_for_url(f"{desk.address}/")
    tab_to(page, "Hits")
    keys.press("Enter")
    page.wait_for_url("**/hits/")
    keys.press("j")
    keys.press("o")
    page.wait_for_url(re.compile(r"/hits/[0-9a-f-]{36}/$"))
    address = page.url
    tab_to(page, "Whom did you speak to?")
    keys.type("Duty sergeant D. Rook")
    tab_to(page, "When?")
    keys.press("Tab")
    keys.press("Space")
    tab_to(page, "Record the contact")
    keys.press("Enter")
    page.wait_for_load_state()
    assert page.url == address
    expect(page.get_by_text("The contact is recorded.")).to_be_visible()
    expect(page.get_by_text("Spoken to Duty sergeant D. Rook")).to_be_visible()
    visitor.close()
    assert visitor.heard == []


# --- every screen ---------------------------------------------------------------------------------------------------

#: Between them they come to every screen there is.
WALKERS = (
    "cobalt@esx.example",
    "amber@esx.example",
    "linnet@ndc.example",
    "umber@esx.example",
    "sable@esx.example",
)


#: Where a walk begins beside the home page: a report with something to settle, what only the centre's desk is told.
STARTS = {"cobalt@esx.example": "/reports/?state=doubt", "linnet@ndc.example": "/silent-pairs/"}


def walk(visitor: Visitor, known: set[str], *, begin: str = "/") -> Iterator[str]:
    """Follow links from where it begins and from the home page; come to each kind of screen once."""
    starts = [begin, "/"]
    todo, seen = list(starts), set()
    while todo:
        path = todo.pop(0)
        if path in seen or path.startswith(("/static", "/tour")):
            continue
        seen.add(path)
        name = resolve(path.partition("?")[0]).view_name
        if name in known and path not in starts:
            continue
        answer = visitor.page.goto(path)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, path
        known.add(name)
        yield name
        links = visitor.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        todo.extend(link.partition("#")[0] for link in links if link.startswith("/"))


SQUEEZED = """all => all.filter(one => one.offsetWidth < one.closest("table").offsetWidth / 2)
    .map(one => one.innerText)"""


@pytest.mark.parametrize("width", [1600, 320])
def test_every_screen_is_accessible_quiet_and_fits(desk: Desk, width: int) -> None:
    rules = {"type": "tag", "values": TAGS} if width > 320 else {"type": "rule", "values": NARROW_RULES}
    known: set[str] = set()
    faults = []
    for login in WALKERS:
        visitor = desk.visit(login, width=width)
        for name in walk(visitor, known, begin=STARTS.get(login, "/")):
            found = Axe().run(visitor.page, options={"runOnly": rules}).response["violations"]
            faults += [(name, rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]
            wide = visitor.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            faults += [(name, "wider than the screen", str(wide))] if wide else []
            squeezed = visitor.page.eval_on_selector_all("main caption:not(.govuk-visually-hidden)", SQUEEZED)
            faults += [(name, "a caption narrower than its table", words) for words in squeezed]
        faults += [(login, "said or left", heard) for heard in visitor.heard]
        visitor.close()
    assert faults == []
    assert {"home", "reports", "report", "report_identifiers", "report_places", "report_messages", "report_hits", "report_custody",
            "report_history", "grade", "sharing", "assign", "secondees", "settle", "original", "identifier", "reveal", "hits", "hit",
            "hit_not_same", "hit_no_action", "silent_pairs", "recorded", "shortcuts", "accessibility"} <= known  # fmt: skip
