"""An agency's own patterns: what they find and leave alone, their examples tried, and what hostile ones cost."""

import time
from dataclasses import replace
from typing import Any

import pytest

from cets.domains.identifiers import own as own_module
from cets.domains.identifiers.explaining import of_place
from cets.domains.identifiers.extract import Findings, find
from cets.domains.identifiers.kinds.base import Context
from cets.domains.identifiers.own import LONGEST, MOST_MATCHES, Engine, NotUsable, Own, OwnPattern
from cets.domains.identifiers.patterns import Draft, WrongPattern, checked, try_out

GB = Context(country="GB")
SHOP = OwnPattern("1", "Shop customers", r"(?i)\bcustomer (?P<value>[A-Z]{2}[0-9]{6})\b", "account", "Shop")


def read(text: str, *patterns: OwnPattern) -> Findings:
    return find(text, GB, own=Own(patterns))


def found(text: str, *patterns: OwnPattern) -> list[tuple[str, str, int]]:
    return [(one.value.kind, one.value.value, one.pattern) for one in read(text, *patterns).found]


def plain(pattern: str, kind: str = "handle") -> OwnPattern:
    return OwnPattern("2", "Plain", pattern, kind)


# --- what is found --------------------------------------------------------------------------------


def test_the_group_is_the_value_and_has_the_platform_of_the_pattern() -> None:
    (one,) = read("asked for Customer KB200142 twice", SHOP).found

    assert (one.value.kind, one.value.value, one.pattern) == ("account", "shop/kb200142", 1)
    assert "asked for Customer KB200142 twice"[one.start : one.end] == one.raw == "KB200142"


def test_without_a_group_the_whole_match_is_the_value() -> None:
    assert found("it was kb-200142.", plain(r"\bkb-[0-9]{6}\b")) == [("handle", "kb-200142", 1)]


def test_nothing_is_found_without_the_pattern() -> None:
    assert found("asked for Customer KB200142 twice") == []


def test_full_width_letters_and_signs_nobody_sees_are_undone_as_for_every_kind() -> None:
    text = "customer \uff2bB20\u200b0142"
    (one,) = read(text, SHOP).found

    assert one.value.value == "shop/kb200142"
    assert text[one.start : one.end] == one.raw


def test_what_another_finder_read_is_left_to_it() -> None:
    text = "write to wren@post.example or ring +44 7700 900641"

    assert found(text, plain(r"[a-z]+@post|[0-9 ]{8,}")) == [
        ("email", "wren@post.example", 0),
        ("phone", "+447700900641", 0),
    ]


def test_of_two_patterns_the_first_keeps_the_place() -> None:
    first, second = plain("kb[0-9]{6}"), replace_name(plain("kb[0-9]{4}"), "Other")

    assert found("kb200142 kb2001", first, second) == [("handle", "kb200142", 1), ("handle", "kb2001", 2)]


def replace_name(pattern: OwnPattern, name: str) -> OwnPattern:
    return OwnPattern(pattern.id, name, pattern.pattern, pattern.kind)


def test_the_kind_decides_and_what_it_refuses_is_told() -> None:
    findings = read("terminal 490154203237519", plain("terminal (?P<value>[0-9]{15})", "imei"))

    assert findings.found == []
    (doubt,) = findings.not_valid
    assert (doubt.pattern, doubt.kind) == (1, "imei")
    assert "check digit" in doubt.reason


@pytest.mark.parametrize("place", [0, 3_070, 3_584, 3_590, 4_090, 4_096, 9_000])
def test_a_value_is_found_once_wherever_the_windows_end(place: int) -> None:
    text = "." * place + " kb200142 " + "." * 5_000

    (one,) = read(text, plain(r"\bkb[0-9]{6}\b")).found

    assert (one.start, one.raw) == (place + 1, "kb200142")


def test_beginnings_and_ends_are_those_of_the_text_and_not_of_a_window() -> None:
    text = "kb" * 10_000

    assert list(Engine("^kb").matches(text)) == [(0, 2)]
    assert list(Engine("kb$").matches(text)) == [(len(text) - 2, len(text))]
    assert list(Engine(r"\bkb").matches(text)) == [(0, 2)]


def test_half_a_character_is_no_fault() -> None:
    assert found("\ud800 customer KB200142 \udfff", SHOP) == [("account", "shop/kb200142", 1)]


def test_a_value_of_a_pattern_names_it() -> None:
    told = of_place("handle", "kb200142", GB, text="kb200142", start=0, end=8, pattern="Shop customers")

    assert told
    assert "“Shop customers”" in told.sentences()[0]
    assert told.value == "kb200142"


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(a", "missing"),
        (r"(a)\1", "escape"),
        ("(?<=a)b", "RE2"),
        ("(?=a)b", "RE2"),
        ("((a{100}){100}){100}", "repetition"),
        ("(?:[^ab]{300}){3}", "large"),
        ("", "everywhere"),
        ("a*", "everywhere"),
        ("\ud800", "characters"),
        ("a" * 501, "500"),
    ],
)
def test_what_cannot_be_used_says_why(pattern: str, why: str) -> None:
    with pytest.raises(NotUsable, match=why):
        Engine(pattern)


def test_one_that_cannot_be_used_is_told_and_stops_no_other() -> None:
    own = Own([plain("(a"), SHOP])

    (fault,) = own.faults
    assert "“Plain” was not looked for" in fault
    assert [one.pattern for one in find("customer KB200142", GB, own=own).found] == [2]


DRAFT = Draft(
    name="Shop customers", pattern=SHOP.pattern, kind="account", platform="Shop",
    matching=(("customer KB200142 called", "shop/kb200142"),), not_matching=("order KB200142",),
)  # fmt: skip


def test_examples_are_tried() -> None:
    tried = try_out(checked(DRAFT), GB)

    assert [(one.is_right, one.got) for one in tried] == [(True, ("shop/kb200142",)), (True, ())]


@pytest.mark.parametrize(
    ("changed", "wrong", "why"),
    [
        ({"matching": (("order KB200142", "shop/kb200142"),)}, 0, ""),
        ({"matching": (("customer KB200142", "shop/kb200143"),)}, 0, ""),
        ({"not_matching": ("customer KB200142",)}, 1, ""),
        ({"kind": "imei", "matching": (("customer KB200142", "kb200142"),)}, 0, "digits"),
        (
            {"pattern": r"[\w.]+@[\w.]+", "kind": "email", "matching": (("wren@post.example", "wren@post.example"),)},
            0,
            "found without this pattern already",
        ),
    ],
)  # fmt: skip
def test_an_example_that_comes_out_otherwise_is_named(changed: dict[str, Any], wrong: int, why: str) -> None:
    tried = try_out(checked(replace(DRAFT, **changed)), GB)

    assert [number for number, one in enumerate(tried) if not one.is_right] == [wrong]
    assert why in tried[wrong].why


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " \u200b "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"kind": "shoe size"}, "kind"),
        ({"platform": "x" * 61}, "platform"),
        ({"matching": ()}, "matching"),
        ({"matching": (("text", " "),)}, "matching"),
        ({"not_matching": ()}, "not_matching"),
        ({"not_matching": ("x" * 501,)}, "not_matching"),
        ({"not_matching": ("x",) * 21}, "not_matching"),
        ({"pattern": "x" * 501}, "pattern"),
    ],
)
def test_a_draft_of_the_wrong_shape_names_the_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(WrongPattern) as caught:
        checked(replace(DRAFT, **changed))

    assert caught.value.field == field


# --- what it costs --------------------------------------------------------------------------------

#: Each begins a match wherever it can and looks on as far as it can; a backtracking engine would not come back from some.
HOSTILE = (
    "(?s)a.*b|a", "(a+)+b|a", "(?s)(?:a.{0,400}){2}|a", "(?:a?){200}a{200}b|a", "(.*)(.*)(.*)(.*)x", "(?:a|aa)+$",
    "(?s)[a0].{200,500}[^a0]|a",
)  # fmt: skip


@pytest.mark.parametrize("pattern", HOSTILE)
def test_a_hostile_pattern_ends_soon_and_says_what_it_left_out(pattern: str) -> None:
    try:
        own = Own([plain(pattern)])
    except NotUsable:
        return
    began = time.thread_time()

    findings = find("a" * 1_000_000, GB, own=own)

    assert time.thread_time() - began < 20
    assert own.is_over or len(findings.found) <= MOST_MATCHES


def test_time_that_is_spent_ends_all_patterns_and_is_told_once() -> None:
    own = Own([plain("kb[0-9]{6}"), SHOP])
    own._left = -1.0

    first, second = find("kb200142", GB, own=own), find("kb200142", GB, own=own)

    assert own.is_over
    assert [sentence for sentence in first.left_out if "more than their time" in sentence]
    assert second.found == []
    assert second.left_out == []


def test_matches_beyond_the_highest_number_are_told() -> None:
    findings = read("kb200142 " * (MOST_MATCHES + 5), plain(r"\bkb[0-9]{6}\b"))

    assert len(findings.found) == MOST_MATCHES
    assert findings.left_out == [
        f"Own pattern “Plain”: only its first {MOST_MATCHES:,} matches were looked at."
    ]


def test_a_match_too_long_is_told_and_the_next_is_found() -> None:
    findings = read("k" * (LONGEST + 1) + " kk", plain(r"\bk+\b"))

    assert [one.raw for one in findings.found] == ["kk"]
    assert "more than 512 characters" in findings.left_out[0]


@pytest.mark.parametrize(
    "pattern",
    [
        r"\S{2,}",
        r"\b[a-z]{3,}\b",
        r"(?s)[^#]+",
        r"\p{Cyrillic}+",
        r"\p{Arabic}{2,}",
        r"(?P<value>[a-z]{2,}) ?",
    ],
)
def test_a_pattern_that_finds_ordinary_words_is_refused_before_use(pattern: str) -> None:
    with pytest.raises(WrongPattern, match="ordinary words") as caught:
        try_out(replace(DRAFT, pattern=pattern, kind="handle"), GB)

    assert caught.value.field == "pattern"


@pytest.mark.parametrize(
    "pattern", [r"\b[a-z]{2}\d{6}\b", r"(?i)user (\w+)", r"\p{Cyrillic}{2}\d{3}", r"\b[A-Z]\w{7}\b"]
)
def test_a_pattern_with_something_of_its_own_is_tried(pattern: str) -> None:
    assert len(try_out(replace(DRAFT, pattern=pattern, kind="handle"), GB)) == 2


def test_a_pattern_that_strains_is_refused_before_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cets.domains.identifiers.patterns._SECONDS", 0.0)

    with pytest.raises(WrongPattern, match="too long"):
        try_out(DRAFT, GB)


@pytest.mark.parametrize(
    "pattern", [SHOP.pattern, r"\bkb[0-9]{6}\b", r"(?i)(?:ref|kunde)[ :.-]{1,3}(?P<value>[a-z0-9]{4,12})"]
)
def test_an_ordinary_pattern_is_far_below_the_limit(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cets.domains.identifiers.patterns._SECONDS", 0.4)

    try_out(replace(DRAFT, pattern=pattern), GB)


def test_patterns_are_compiled_once() -> None:
    own_module._compiled.cache_clear()
    Own([SHOP])
    Own([SHOP])

    assert own_module._compiled.cache_info().misses == 1
