"""Every screen is sound HTML that keeps the house rules of the desk."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import TemplateDoesNotExist
from django.test import override_settings
from django.utils import timezone, translation
from lxml import html

from cets.sites.desk import pages
from cets.sites.desk.forms_renderer import DeskRenderer
from cets.sites.desk.pages import Bits, forms
from cets.sites.desk.templatetags import desk
from unit.sites.desk import account_samples, rendering, samples

VOID = {"meta", "link", "input", "br", "hr", "img", "rect", "circle", "path", "line"}
ALL = [*samples.SCREENS, *account_samples.NAMES]


@pytest.fixture(autouse=True)
def _built_front_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The templates are tested without Node: the manifest is what a build writes."""
    manifest = {"main.ts": {"file": "assets/main-1.js", "css": ["assets/main-1.css"]}}
    monkeypatch.setattr(desk, "_manifest", lambda: manifest)
    monkeypatch.setattr(desk, "_kept_manifest", lambda: manifest)


@pytest.fixture(autouse=True)
def _londons_zone() -> Iterator[None]:
    with timezone.override("Europe/London"), translation.override("en-gb"):
        yield


def markup(name: str) -> str:
    if name in samples.SCREENS:
        return rendering.render_page(*samples.SCREENS[name])
    return account_samples.rendered(name)


class Balance(HTMLParser):
    """Complains about a tag that closes nothing or stays open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")


def faults(text: str) -> list[str]:
    """List what breaks a rule of the desk in one page."""
    tree = html.document_fromstring(text)
    return [*structure(text, tree), *policy(text, tree), *labels(tree), *references(tree), *sending(tree)]


def structure(text: str, tree: Any) -> Iterator[str]:
    balance = Balance()
    balance.feed(text)
    yield from balance.faults + balance.open
    if len(tree.findall(".//h1")) != 1:
        yield "not exactly one h1"
    if not tree.findtext(".//title").replace("CETS", "").strip(" ·\n"):
        yield "no title"
    levels = [
        int(heading.tag[1])
        for heading in tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")
    ]
    yield from (f"h{a} then h{b}" for a, b in itertools.pairwise(levels) if b > a + 1)
    green = tree.xpath(
        "//main//*[contains(concat(' ',@class,' '),' govuk-button ')][not(contains(@class,'--secondary'))]"
    )
    if len(green) > 1:
        yield f"{len(green)} green buttons"
    yield from (f"disabled {node.tag}" for node in tree.xpath("//*[@disabled]"))


def policy(text: str, tree: Any) -> Iterator[str]:
    yield from (f"style on {node.tag}" for node in tree.xpath("//*[@style] | //style"))
    yield from ("inline script" for _ in tree.xpath("//script[not(@src)][not(@type='application/json')]"))
    yield from (
        f"{name} on {node.tag}" for node in tree.iter() for name in node.attrib if name.startswith("on")
    )
    yield from (
        f"picture: {node.tag}" for node in tree.xpath("//img | //video | //iframe | //object | //embed")
    )
    for address in tree.xpath("//@href | //@src | //@action | //@formaction"):
        if re.match(r"(?i)\s*(javascript|data|https?):", address):
            yield f"address {address}"
    if "{{" in text or "{%" in text:
        yield "template code in the page"


def labels(tree: Any) -> Iterator[str]:
    for control in tree.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        named = control.get("aria-label") or control.xpath("ancestor::label")
        if not named and not tree.xpath("//label[@for=$id]", id=control.get("id") or ""):
            yield f"no label: {control.get('name')}"
    yield from (
        "button without words"
        for b in tree.xpath("//button")
        if not (b.text_content().strip() or b.get("aria-label"))
    )
    yield from ("link without words" for a in tree.xpath("//a") if not a.text_content().strip())
    yield from ("header cell without scope" for th in tree.xpath("//th[not(@scope)]"))


def references(tree: Any) -> Iterator[str]:
    ids = tree.xpath("//@id")
    yield from (f"id twice: {name}" for name in set(ids) if ids.count(name) > 1)
    for node in tree.iter():
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form"):
            for name in (node.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute} points nowhere: {name}"
    yield from (
        f"{name} points nowhere"
        for name in tree.xpath("//a/@href")
        if name.startswith("#") and name[1:] not in ids
    )


def sending(tree: Any) -> Iterator[str]:
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() == "post":
            if not form.xpath(".//input[@name='csrfmiddlewaretoken']"):
                yield f"no form token: {form.get('action')}"
        elif form.xpath(
            ".//input[not(@type) or @type='text' or @type='search' or @type='email'] | .//textarea"
        ):
            yield f"a typed value would stand in the address: {form.get('action')}"


@pytest.mark.parametrize("name", ALL)
def test_screen_keeps_the_rules_of_the_desk(name: str) -> None:
    assert faults(markup(name)) == []


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ("<main><h1>a</h1><h1>b</h1></main>", "not exactly one h1"),
        ("<h1>a</h1><p style='color:red'>x</p>", "style on p"),
        ("<h1>a</h1><script>1</script>", "inline script"),
        ("<h1>a</h1><input name='q'>", "no label: q"),
        ("<h1>a</h1><p id='x'></p><p id='x'></p>", "id twice: x"),
        ("<h1>a</h1><img src='/x'>", "picture: img"),
        ("<h1>a</h1></div>", "</div> at (1, 51)"),
        ("<h1>a</h1><form method='post' action='/x'></form>", "no form token: /x"),
        (
            "<h1>a</h1><form action='/x'><input aria-label='q'></form>",
            "a typed value would stand in the address: /x",
        ),
        (
            "<main><h1>a</h1><a class='govuk-button'>x</a><a class='govuk-button'>y</a></main>",
            "2 green buttons",
        ),
        ("<h1>a</h1><a href='#nowhere'>x</a>", "#nowhere points nowhere"),
    ],
)
def test_the_check_itself_sees_a_fault(broken: str, fault: str) -> None:
    assert fault in faults(f"<html><head><title>t</title></head><body>{broken}</body></html>")


def test_every_page_model_is_sampled_and_has_its_template() -> None:
    models = {
        model for model in vars(pages).values() if isinstance(model, type) and hasattr(model, "template")
    }
    sampled = {type(page) for page, _ in samples.SCREENS.values()} | {pages.FileStates, pages.PreviewPage}
    assert models - sampled == set()
    for model in models:
        rendering.engine().get_template(model.template)


def test_a_missing_template_is_noticed() -> None:
    with pytest.raises(TemplateDoesNotExist):
        rendering.engine().get_template("desk/nowhere.html")


# --- what may not be shown --------------------------------------------------------------------------


def test_a_victims_value_is_masked_wherever_a_value_stands() -> None:
    secret = pages.Value(text="", masked=pages.Masked("Child A", "e-mail", "/reveal/c2/"))
    for shown in ("report-overview", "report-messages", "report-traces", "hit-list", "identifier", "search"):
        text = markup(shown)
        assert "Child A" in text
        assert "Reveal (recorded)" in text
    assert "None" not in rendering.render("desk/parts/value.html", value=secret)


def test_a_value_that_may_not_be_revealed_offers_no_reveal() -> None:
    text = rendering.render(
        "desk/parts/value.html", value=pages.Value(masked=pages.Masked("Child A", "e-mail"))
    )
    assert "Child A" in text
    assert "Reveal" not in text


def test_no_value_stands_in_a_title() -> None:
    for name in ALL:
        title = html.document_fromstring(markup(name)).findtext(".//title") or ""
        assert "kestrel" not in title
        assert "Child" not in title or name == "reveal"


def test_hostile_text_stays_text() -> None:
    hostile = '"><script>alert(1)</script>\u202e'
    page = replace(samples.report_overview(), statement=hostile)
    text = rendering.render_page(page, samples.shell("Reports"))
    assert "<script>alert" not in text
    assert faults(text) == []


def test_no_answer_of_a_judgement_is_preselected() -> None:
    for name in ("hit", "settle", "decide", "sharing"):
        assert not html.document_fromstring(markup(name)).xpath("//main//input[@type='radio'][@checked]")


def test_the_shell_stands_without_a_signed_in_person() -> None:
    text = rendering.render("desk/signed_out.html", page=pages.SignedOut(pages.Link("Sign in", "/")))
    assert faults(text) == []


def test_a_settled_hit_asks_nothing() -> None:
    text = markup("hit-settled")
    assert not html.document_fromstring(text).xpath("//main//form")
    assert "They can read your summary" in text


def test_many_clear_columns_are_folded_and_the_doubtful_one_stays() -> None:
    tree: Any = html.document_fromstring(markup("column-map-long"))
    (folded,) = tree.xpath("//main//details")
    assert len(folded.xpath(".//tbody/tr")) == 20
    assert "Day first or month first?" not in html.tostring(folded, encoding="unicode")
    assert not html.document_fromstring(markup("column-map")).xpath("//main//details")


def test_a_hit_between_own_reports_shows_no_other_side() -> None:
    text = markup("hit-own")
    assert "cets-card--theirs" not in text
    assert text.count("cets-card--mine") == 2


def test_file_list_asks_again_only_while_something_moves() -> None:
    moving, still = samples.file_states(), pages.FileStates((), "/upload/states/")
    assert 'hx-get="/upload/states/"' in rendering.render("desk/file_states.html", page=moving)
    assert "hx-get" not in rendering.render("desk/file_states.html", page=still)


# --- allauth's other screens use our elements -------------------------------------------------------


def test_screens_of_allauth_that_we_do_not_override_use_our_look() -> None:
    backend = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": rendering.engine().template_dirs,
        "OPTIONS": {"libraries": rendering.engine().engine.libraries},
    }
    with override_settings(TEMPLATES=[backend], ROOT_URLCONF="unit.sites.desk.account_urls"):
        text = rendering.render(
            "account/password_change.html",
            shell=samples.shell(),
            form=account_samples.LoginForm({"login": ""}),
        )
    assert faults(text) == []
    assert 'class="govuk-input' in text
    assert "govuk-error-summary" in text


# --- words ------------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), "2 h 05 min late"),
        (datetime(2026, 11, 21, 15, 30, tzinfo=UTC), "1 h 25 min left"),
        (datetime(2026, 11, 21, 14, 5, tzinfo=UTC), "0 min left"),
        (datetime(2026, 11, 22, 15, 5, tzinfo=UTC), "1 day 1 h left"),
        (datetime(2026, 11, 18, 14, 5, tzinfo=UTC), "3 days late"),
    ],
)
def test_clock(due: datetime, words: str) -> None:
    assert desk.clock(due, NOW) == words


def test_moments_name_day_year_and_zone() -> None:
    assert desk.moment(NOW) == "Sat 21 Nov 2026, 14:05 GMT"
    assert desk.moment(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == "Wed 1 Jul 2026, 13:00 BST"
    assert desk.moment_exact(NOW.replace(second=9)) == "Sat 21 Nov 2026, 14:05:09 GMT"


def test_near_moments_are_short_only_while_they_are_near() -> None:
    assert desk.moment_near(NOW.replace(hour=17, minute=0), NOW) == "17:00"
    assert desk.moment_near(NOW.replace(day=23, hour=9, minute=0), NOW) == "Mon 23, 09:00"
    assert desk.moment_near(NOW.replace(year=2027), NOW) == "21 Nov 2027"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Europe/London", "GMT (UTC+0)"),
        ("Asia/Kolkata", "IST (UTC+5:30)"),
        ("America/New_York", "EST (UTC-5)"),
    ],
)
def test_zone(name: str, words: str) -> None:
    with timezone.override(name):
        assert desk.zone(NOW) == words


def test_due_tag_says_late_in_red_and_soon_in_amber() -> None:
    assert "govuk-tag--red" in desk.due(NOW.replace(hour=12), NOW)
    assert "govuk-tag--amber" in desk.due(NOW.replace(hour=15), NOW)
    assert "govuk-tag--grey" in desk.due(NOW.replace(hour=18), NOW)


@pytest.mark.parametrize(("value", "word"), [(4.9, "weak"), (5, "fair"), (9.9, "fair"), (10, "strong")])
def test_strength_words(value: float, word: str) -> None:
    assert Bits(value).word == word
    assert desk.bits(Bits(value))["word"] == word


@pytest.mark.parametrize(("value", "width"), [(-3, "0.0"), (8, "31.0"), (40, "62.0")])
def test_bar_never_leaves_its_frame(value: float, width: str) -> None:
    assert desk.bits(Bits(value))["width"] == width


def test_common_value_says_so_instead_of_its_strength() -> None:
    shown = desk.bits(Bits(12, common="held by too many"))
    assert (shown["word"], shown["weak"], shown["why"]) == ("common", True, "held by too many")


def test_badge_is_capped() -> None:
    assert (desk.badge(7), desk.badge(99), desk.badge(100)) == ("7", "99", "99+")


def test_sum_has_a_real_minus_sign() -> None:
    assert (desk.signed(12), desk.signed(-0.6)) == ("+12.0", "\u22120.6")


# --- the built front end ----------------------------------------------------------------------------


def test_built_links_styles_and_module() -> None:
    text = desk.built("main.ts")
    assert '<link rel="stylesheet" href="/static/built/assets/main-1.css">' in text
    assert '<script type="module" src="/static/built/assets/main-1.js"></script>' in text


def test_missing_build_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(desk, "_BUILT", tmp_path)
    with pytest.raises(desk.NotBuilt, match="npm run build"):
        desk._manifest()


# --- forms ------------------------------------------------------------------------------------------


def contact(**data: str) -> forms.ContactForm:
    return forms.ContactForm(
        {"spoke_to": "A. Finch", "spoke_at": "20 Nov 2026, 14:05", "agreed": "together", **data}
    )


def test_contact_reads_the_time_in_the_pages_zone() -> None:
    form = contact(spoke_at="1 Jul 2026, 13:00")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["spoke_at"] == datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "Say when you spoke to them"),
        ("03/04/2026 14:05", "like 21 Nov 2026"),
        ("31 Feb 2026, 10:00", "like 21 Nov 2026"),
        ("25 Oct 2026, 01:30", "clocks changed"),
        ("29 Mar 2026, 01:30", "clocks changed"),
        ("1 Jan 2999, 10:00", "still to come"),
    ],
)
def test_contact_refuses_a_doubtful_time(text: str, fault: str) -> None:
    assert fault in str(contact(spoke_at=text).errors["spoke_at"])


def test_handling_code_c_needs_conditions() -> None:
    grades = {"source": "1", "information": "B", "handling": "C"}
    assert "conditions" in forms.GradingForm(grades).errors
    assert forms.GradingForm({**grades, "conditions": "Not to the press"}).is_valid()
    assert forms.GradingForm({**grades, "handling": "P"}).is_valid()


def test_upload_takes_many_files_and_an_empty_one() -> None:
    files = [SimpleUploadedFile("a.csv", b"a"), SimpleUploadedFile("empty.txt", b"")]
    form = forms.UploadForm({"level": "contact"}, files=_many(files))
    assert form.is_valid(), form.errors
    assert [file.name for file in form.cleaned_data["uploads"]] == ["a.csv", "empty.txt"]


def test_upload_without_a_file_says_so() -> None:
    assert "Choose at least one file" in str(
        forms.UploadForm({"level": "contact"}, files=_many([])).errors["uploads"]
    )


def _many(files: list[SimpleUploadedFile]) -> Any:
    from django.utils.datastructures import MultiValueDict

    return MultiValueDict({"uploads": files})


def test_a_day_is_three_boxes() -> None:
    good = forms.AuditFilter({"since_day": "3", "since_month": "4", "since_year": "2026"})
    assert good.is_valid()
    assert good.cleaned_data["since"].isoformat() == "2026-04-03"
    assert "Give day, month and year" in str(forms.AuditFilter({"since_day": "3"}).errors)
    assert "There is no such day" in str(
        forms.AuditFilter({"since_day": "31", "since_month": "2", "since_year": "2026"}).errors
    )


def test_doubtful_column_must_be_settled() -> None:
    page = samples.column_map({"read_as_0": "time", "role_0": "unknown"})
    assert "day_first_0" in page.form.errors
    assert "Settle the dates" in markup("column-map-refused")


def test_filters_hold_no_free_text_unless_posted() -> None:
    for form in (forms.ReportFilter(), forms.IdentifierFilter(), forms.HitFilter()):
        assert 'type="text"' not in str(form)


def test_renderer_falls_back_to_djangos_own_templates() -> None:
    assert DeskRenderer().get_template("django/forms/widgets/splitdatetime.html") is not None
