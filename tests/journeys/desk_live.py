"""The desk as a browser meets it: served on loopback by threads of the test's process, filled with the demo nation."""

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

import cets
import factories
from cets.sites.console.nation import generate

MANIFEST = Path(cets.__path__[0]) / "static/built/.vite/manifest.json"
FINDER = Path(__file__).resolve().parents[2] / "scripts" / "browser.py"
SEED = 7


def chosen_browser() -> str:
    """Return the browser to drive, as `scripts/browser.py` finds it. Without one the test fails with the line to type."""
    if named := os.environ.get("CETS_TEST_BROWSER"):
        return named
    done = subprocess.run(
        [sys.executable, FINDER, "--no-install"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def fill(switch: Any, folder: Path) -> dict[str, Any]:
    """Take the stories of the demo nation in, as `cets up` does for the demo; return its manifest."""
    from cets.sites.console import demo

    now = datetime.now(UTC)
    nation: dict[str, Any] = json.loads(
        generate(folder, seed=SEED, base=now - timedelta(minutes=5), scale=0).read_text()
    )
    with switch("owner"):
        demo.add_people(nation, at=now)
    with switch("worker"), factories.intake() as intake:
        demo.deliver(nation, folder, intake.reading, now=now, told=lambda *_: None)
    return nation


class _Threads(socketserver.ThreadingMixIn, WSGIServer):
    """Ends when the last request has: a database cannot be dropped while a thread is in it."""


class _Quiet(WSGIRequestHandler):
    timeout = 5  # seconds; a browser opens connections in advance and may never use them

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing: the test tells what went wrong."""


@contextmanager
def served(host: str = "127.0.0.1") -> Iterator[str]:
    """Serve the desk and give its address; `host` is a name of this machine."""
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Threads, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Give a browser. Nothing is skipped for want of one, or of the front end: it fails with the line to type."""
    assert MANIFEST.exists(), "The front end is not built. Type: make front-end"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs a loop in this thread, and what tests do in between waits for nobody.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=chosen_browser(), args=quiet)
        yield opened
        opened.close()
        connections.close_all()  # those opened beside Playwright's loop are not found after it


class Visitor:
    """Somebody with a browser of his own; hears what the page says and where it turns to."""

    def __init__(self, browser: Browser, address: str, *, width: int = 1600) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": width, "height": 900}, base_url=address)
        self.page: Page = self.context.new_page()
        self.heard: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.heard.append(f"error: {error}"))
        self.page.on("request", lambda request: self._asked(request, address))

    def _console(self, message: ConsoleMessage) -> None:
        self.heard.append(f"console {message.type}: {message.text}")

    def _asked(self, request: Request, address: str) -> None:
        if not request.url.startswith(address):
            self.heard.append(f"left the origin: {request.url}")

    def sign_in(self, login: str, password: str) -> "Visitor":
        self.page.goto("/")
        self.page.get_by_label("Username").fill(login)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(f"{self.address}/")
        return self

    def close(self) -> None:
        self.context.close()


def drop(page: Page, folder: Path) -> None:
    """Drop a folder onto the form, as the browser does when it is dragged from the file manager."""
    box = page.locator("[data-drop]").bounding_box()
    assert box is not None
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 20}
    data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})
