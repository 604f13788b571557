"""S1, S2 and S7 by browser, and every screen of the desk: sound, quiet, and usable without a mouse."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser

from journeys.desk_live import BROWSER, Visitor, browsing, fill, served

pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium or Chrome found; name one in CETS_TEST_BROWSER"
)

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


def test_see(desk, visit):
    import time

    v = visit("adeyemi@esx.example")
    t = time.time()
    for u in ("/", "/hits/", "/reports/"):
        v.page.goto(u)
        print(u, v.page.inner_text("main")[:3000])
    v = visit("brandt@nmr.example")
    v.page.goto("/hits/")
    print(v.page.inner_text("main")[:3000])
    v = visit("teal@wvl.example")
    v.page.goto("/hits/")
    print(v.page.inner_text("main")[:3000])
    v = visit("ochre@nmr.example")
    v.page.goto("/hits/")
    print(v.page.inner_text("main")[:3000])
