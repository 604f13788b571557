"""The built desk in a browser: sound for assistive technology, quiet under its content policy, usable by keyboard."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, expect

import cets
from cets.sites.desk import pages
from cets.sites.desk.pages import Tag
from journeys.desk_live import browsing
from unit.sites.desk import account_samples, rendering, samples

STATIC = Path(cets.__path__[0]) / "static"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Everything on the wide screen; on the narrow one what the width changes (a full pass twice is slow).
RULES: dict[int, dict[str, Any]] = {
    1440: {"type": "tag", "values": TAGS},
    320: {
        "type": "rule",
        "values": ["target-size", "region", "color-contrast", "scrollable-region-focusable"],
    },
}
ALL = [*samples.SCREENS, *account_samples.NAMES]


class _Desk(http.server.BaseHTTPRequestHandler):
    """Serves the sample screens, the built files, and an upload that answers as the desk does."""

    received: list[str]

    def do_GET(self) -> None:
        name = self.path.strip("/").split("?")[0]
        if name.startswith("static/"):
            file = STATIC / name.removeprefix("static/")
            kinds = {
                ".css": "text/css",
                ".js": "text/javascript",
                ".svg": "image/svg+xml",
                ".woff2": "font/woff2",
            }
            self._send(file.read_bytes(), kinds[file.suffix])
        elif name == "upload/states":
            self._send(self._states().encode(), "text/html; charset=utf-8")
        elif name in samples.SCREENS:
            self._send(rendering.render_page(*samples.SCREENS[name]).encode(), "text/html; charset=utf-8")
        else:
            self._send(account_samples.rendered(name).encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name = body.split(b'filename="')[1].split(b'"')[0].decode()
        if name == "huge.bin":
            self.send_error(413)
            return
        type(self).received.append(name)
        self._send(self._states().encode(), "text/html; charset=utf-8")

    def _states(self) -> str:
        tag = Tag("In", "green")
        files = tuple(pages.FileState(name, "1 kB", tag) for name in type(self).received)
        page = pages.FileStates(files, "/upload/states/")
        return rendering.render("desk/file_states.html", page=page)

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def desk() -> Iterator[str]:
    _Desk.received = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Desk)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as opened:
        yield opened


@pytest.fixture(scope="module")
def heard() -> list[str]:
    return []


@pytest.fixture(scope="module", params=[1440, 320])
def sized(browser: Browser, desk: str, heard: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": request.param, "height": 900}, base_url=desk)
    _listen(page, desk, heard)
    yield page
    page.close()


@pytest.fixture
def page(browser: Browser, desk: str, heard: list[str]) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=desk)
    _listen(page, desk, heard)
    yield page
    page.close()


def _listen(page: Page, desk: str, heard: list[str]) -> None:
    def console(message: ConsoleMessage) -> None:
        heard.append(f"console {message.type}: {message.text}")

    def request(sent: Request) -> None:
        if not sent.url.startswith(desk):
            heard.append(f"left the origin: {sent.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", request)


@pytest.mark.parametrize("name", ALL)
def test_screen_is_accessible_quiet_and_fits(sized: Page, heard: list[str], name: str) -> None:
    heard.clear()
    sized.goto(f"/{name}", wait_until="load")
    width = sized.evaluate("window.innerWidth")
    found = Axe().run(sized, options={"runOnly": RULES[width]}).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    wide = sized.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
    assert heard == []


#: Puts one word of 200 signs into each place in turn that holds a record's words; returns where the page became too wide.
_TOO_WIDE = """() => {
  const root = document.documentElement, wide = [];
  for (const one of document.querySelectorAll("main td, main tbody th, main .govuk-summary-list__value, main .cets-card__list > li")) {
    // Times, kinds, tags and due clocks are our own short words and stay on one line.
    if (one.matches(".cets-table__inline, .cets-table__risk, .cets-table__group th") || getComputedStyle(one).whiteSpace === "nowrap") continue;
    if (one.querySelector("input, select, textarea, button, table, form")) continue;
    const before = one.innerHTML;
    one.textContent = "W".repeat(200);
    if (root.scrollWidth > root.clientWidth) wide.push(one.className + " in " + one.parentElement.outerHTML.slice(0, 120));
    one.innerHTML = before;
  }
  return wide;
}"""


@pytest.mark.parametrize("name", samples.SCREENS)
def test_one_long_word_anywhere_makes_no_page_too_wide(sized: Page, name: str) -> None:
    sized.goto(f"/{name}", wait_until="load")
    assert sized.evaluate(_TOO_WIDE) == []


@pytest.mark.parametrize("name", ["home", "hit", "upload"])
def test_each_tab_stop_shows_its_focus(sized: Page, name: str) -> None:
    sized.route("**/upload/states/", lambda route: route.fulfill(status=204))  # nothing moves under the focus
    sized.goto(f"/{name}", wait_until="load")
    sized.evaluate("document.activeElement.blur()")
    unseen, stops = [], 0
    while stops < _MOST_STOPS and (place := _next_stop(sized)):
        stops += 1
        box = place["box"]
        focused = sized.screenshot(clip=box) if min(box["width"], box["height"]) > _HALO * 2 else b""
        sized.evaluate("document.activeElement.blur()")
        if not focused or sized.screenshot(clip=box) == focused:
            unseen.append(place["html"])
    assert unseen == []
    assert stops > _FEWEST_STOPS


def test_the_list_of_files_renews_itself_under_the_focus(page: Page) -> None:
    page.goto("/upload")
    files = page.locator("[data-file-states]")
    same = files.evaluate("one => one.outerHTML")
    page.route("**/upload/states/", lambda route: route.fulfill(body=same))
    files.evaluate("one => one.classList.add('is-the-old-one')")
    files.get_by_role("link").last.focus()
    expect(page.locator(".is-the-old-one")).to_have_count(0, timeout=15_000)
    expect(files.get_by_role("link").last).to_be_focused()


#: A focus may be drawn so far around its element.
_HALO = 6
_FEWEST_STOPS, _MOST_STOPS = 10, 90


def _next_stop(page: Page) -> dict[str, Any] | None:
    """Press Tab; return what then has the focus with the part of the window it takes up, or nothing at the end."""
    page.keyboard.press("Tab")
    found: dict[str, Any] | None = page.evaluate(
        """halo => {
          const one = document.activeElement;
          if (one === null || one === document.body) return null;
          const seen = one.getBoundingClientRect();
          const x = Math.max(seen.x - halo, 0), y = Math.max(seen.y - halo, 0);
          const width = Math.min(seen.right + halo, innerWidth) - x, height = Math.min(seen.bottom + halo, innerHeight) - y;
          return { html: one.outerHTML.slice(0, 200), box: { x, y, width, height } };
        }""",
        _HALO,
    )
    return found


def test_slash_goes_to_the_search_and_typing_stays_typing(page: Page) -> None:
    page.goto("/home")
    page.keyboard.press("/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    page.keyboard.type("jkoc/")
    expect(box).to_have_value("jkoc/")


def test_rows_are_walked_and_opened_by_key(page: Page) -> None:
    page.goto("/home")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="CETS-ESX-H-000031", exact=True)).to_be_focused()
    with page.expect_request("**/records/CETS-ESX-H-000031/"):
        page.keyboard.press("o")


def test_answers_of_a_hit_are_one_key(page: Page) -> None:
    page.goto("/hit")
    page.keyboard.press("2")
    expect(page.get_by_label("They lead")).to_be_checked()


def test_a_key_with_a_modifier_is_the_browsers(page: Page) -> None:
    page.goto("/hit")
    page.keyboard.press("Alt+2")
    expect(page.get_by_label("They lead")).not_to_be_checked()


def test_question_mark_lists_the_keys_and_they_can_be_switched_off(page: Page) -> None:
    page.goto("/hit")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Use single keys on this computer").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page.get_by_label("They lead")).not_to_be_checked()
    page.reload()
    page.keyboard.press("2")
    expect(page.get_by_label("They lead")).not_to_be_checked()


def test_ctrl_enter_sends_from_inside_a_field(page: Page) -> None:
    page.goto("/hit")
    page.get_by_label("Whom did you speak to?").focus()
    with page.expect_request("**/contact/") as sent:
        page.keyboard.press("Control+Enter")
    assert sent.value.method == "POST"


def test_focus_starts_at_the_title_or_at_what_is_wrong(page: Page) -> None:
    page.goto("/hit")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.goto("/hit-refused")
    expect(page.locator(".govuk-error-summary")).to_be_focused()


def test_files_go_up_one_by_one_and_a_refusal_says_why(page: Page) -> None:
    page.goto("/upload")
    files = [
        {"name": name, "mimeType": "text/plain", "buffer": b"a"} for name in ("a.txt", "huge.bin", "b.txt")
    ]
    page.locator("#id_uploads").set_input_files(files)
    page.get_by_role("button", name="Add the files").click()
    states = page.locator("[data-file-states]")
    expect(states.get_by_text("a.txt")).to_be_visible()
    expect(states.get_by_text("b.txt")).to_be_visible()
    expect(page.get_by_text("Refused: too large", exact=True).first).to_be_visible()


def test_a_folder_that_is_one_report_goes_a_few_files_at_a_time(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "seized"
    (folder / "in").mkdir(parents=True)
    for n in range(24):
        (folder / "in" / f"{n:02}.txt").write_text(f"file {n}")
    sent: list[tuple[int, str]] = []

    def answer(route: Route) -> None:
        body = (route.request.post_data_buffer or b"").decode()
        report = body.split('name="report"')[1].split("\r\n\r\n")[1].split("\r\n")[0]
        sent.append((body.count('name="paths"\r\n\r\nseized/in/'), report))
        route.fulfill(body="<div data-file-states></div>", headers={"CETS-Report": "the-report"})

    page.goto("/upload")
    page.route("**/upload/", answer)
    page.get_by_label("These files are one report").check()
    page.get_by_label("Or choose a folder").set_input_files(folder)
    page.get_by_role("button", name="Add the files").click()
    expect(page.locator("[data-upload-live]")).to_contain_text("received")
    expect(page.locator("[data-sending-list] li")).to_have_count(0)
    assert sent == [(20, ""), (4, "the-report")]


def test_a_dropped_folder_is_walked(page: Page) -> None:
    page.goto("/upload")
    paths: list[str] = []

    def answer(route: Route) -> None:
        body = (route.request.post_data_buffer or b"").decode()
        paths.extend(part.split("\r\n")[0] for part in body.split('name="paths"\r\n\r\n')[1:])
        route.fulfill(body="<div data-file-states></div>")

    page.route("**/upload/", answer)
    page.get_by_label("These files are one report").check()
    page.evaluate("""() => {
      const leaf = (path) => ({ isFile: true, isDirectory: false, fullPath: path, name: path.split("/").pop(),
        file: (done, failed) => path.endsWith("locked") ? failed(new Error()) : done(new File(["x"], path.split("/").pop())) });
      const folder = (path, inside) => ({ isFile: false, isDirectory: true, fullPath: path, name: path.split("/").pop(), createReader: () => {
        const rounds = [inside.slice(0, 1), inside.slice(1), []];
        return { readEntries: (done) => done(rounds.shift() ?? []) }; } });
      const root = folder("/seized", [leaf("/seized/b.txt"), folder("/seized/in", [leaf("/seized/in/c.txt")]), leaf("/seized/locked")]);
      const event = new Event("drop", { bubbles: true, cancelable: true });
      event.dataTransfer = { types: ["Files"], items: [{ webkitGetAsEntry: () => root }], files: [] };
      document.querySelector("[data-drop]").dispatchEvent(event);
    }""")
    expect(page.get_by_text("Your browser could not read it").first).to_be_visible()
    page.get_by_role("button", name="Add the files").click()
    expect(page.locator("[data-upload-live]")).to_contain_text("received")
    assert paths == ["seized/b.txt", "seized/in/c.txt"]


def test_nothing_is_sent_before_it_is_settled_what_others_learn(page: Page) -> None:
    page.add_init_script(
        "window.sent = []; const send = XMLHttpRequest.prototype.send;"
        "XMLHttpRequest.prototype.send = function (body) {"
        " if (body) window.sent.push([body.get('uploads').name, body.get('level')]); send.call(this, body); };"
    )
    page.goto("/upload")
    level, files = page.get_by_label("What others learn of what you add"), page.locator("#id_uploads")
    assert level.bounding_box()["y"] < files.bounding_box()["y"]
    for name in ("a.txt", "b.txt"):
        files.set_input_files({"name": name, "mimeType": "text/plain", "buffer": b"a"})
    waiting = page.locator("[data-sending-list] li")
    expect(waiting).to_have_count(2)
    expect(waiting.first).to_contain_text("Not added yet")
    expect(page.locator("[data-upload-live]")).to_contain_text("b.txt: Not added yet")
    page.wait_for_timeout(300)
    assert page.evaluate("window.sent") == []

    level.select_option("silent")
    page.get_by_role("button", name="Add the files").click()
    level.select_option("open")
    expect(waiting).to_have_count(0)
    assert page.evaluate("window.sent") == [["a.txt", "silent"], ["b.txt", "silent"]]


def test_a_chosen_file_can_be_taken_out_again(page: Page) -> None:
    page.goto("/upload")
    page.locator("#id_uploads").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    page.locator("[data-sending-list]").get_by_role("button", name="Cancel").click()
    expect(page.locator("[data-sending-list] li")).to_have_count(0)
    missing = page.locator("[data-none-chosen]")
    expect(missing).to_be_hidden()
    page.get_by_role("button", name="Add the files").click()
    expect(missing).to_be_visible()
    expect(page.locator("#id_uploads")).to_be_focused()


def test_the_file_list_asks_again_by_itself(page: Page) -> None:
    with page.expect_response("**/upload/states/") as asked:
        page.goto("/upload")
    assert asked.value.ok
    expect(page.get_by_text("You may leave this page.")).to_be_hidden()


def test_upload_without_script_is_a_plain_form(browser: Browser, desk: str) -> None:
    page = browser.new_page(java_script_enabled=False, base_url=desk)
    page.goto("/upload")
    expect(page.get_by_role("button", name="Add the files")).to_be_visible()
    page.close()


def test_a_key_that_does_not_answer_says_so(page: Page) -> None:
    page.goto("/confirm-key")
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("alert")).to_contain_text("The key did not answer")


def test_a_new_key_is_asked_for_and_sent(page: Page, desk: str) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    authenticator = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    options = {**authenticator, "isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(
        f"{desk.replace('127.0.0.1', 'localhost')}/key-add"
    )  # a key is bound to a name, never to an address
    with page.expect_request("**/mfa_add_webauthn/") as sent:
        page.get_by_role("button", name="Add the key").click()
    assert b"attestationObject" in (sent.value.post_data_buffer or b"")


def test_print_shows_who_printed_and_no_navigation(page: Page) -> None:
    page.goto("/report-overview")
    page.emulate_media(media="print")
    expect(page.locator(".cets-onprint")).to_contain_text("CETS-ESX-2026-000123")
    expect(page.locator(".cets-onprint")).to_contain_text("Printed by R. Adeyemi")
    expect(page.get_by_role("link", name="Contact the holder")).to_be_hidden()
    expect(page.get_by_text("Child A · account").first).to_be_visible()


def test_what_is_read_is_searched_and_walked_by_key(page: Page) -> None:
    page.goto("/report-messages-here")
    page.keyboard.press("f")
    expect(page.get_by_label("Find in this conversation")).to_be_focused()
    page.keyboard.type("n")
    expect(page.get_by_label("Find in this conversation")).to_have_value("n")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("j")
    expect(page.locator("#message-1 a").first).to_be_focused()
    with page.expect_request("**/m/?at=1-20"):
        page.keyboard.press("n")


def test_every_sheet_of_a_long_conversation_says_who_printed_it(page: Page) -> None:
    """As the head of a table it has room of its own on each sheet: no line lies under it."""
    page.goto("/report-messages-sheet")
    page.emulate_media(media="print")
    head = page.locator(".cets-onprint")
    expect(head).to_contain_text("Printed by R. Adeyemi")
    expect(page.get_by_role("link", name="Contact the holder")).to_be_hidden()
    expect(page.locator(".cets-find")).to_have_count(0)
    box, first = head.bounding_box(), page.get_by_role("heading", level=1).bounding_box()
    assert box is not None
    assert first is not None
    assert box["y"] + box["height"] <= first["y"]
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.cets-onprint')).display")
        == "table-header-group"
    )
