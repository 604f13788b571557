"""The labelled corpus says the truth about its text, whatever an extractor makes of it."""

import ipaddress
import itertools
import re
from collections import Counter
from random import Random

import pytest
from bench.extraction_corpus import WORST_CASES, Labels, read, worst_case, write
from bench.extraction_corpus.decoys import DECOYS, DOUBTFUL
from bench.extraction_corpus.documents import _CELLS, LANGUAGES, PHRASES, Source
from bench.extraction_corpus.forms import FORMS
from bench.extraction_corpus.score import BACKGROUND, Found, score

from cets.domains.identifiers.kinds import KINDS, clean
from cets.domains.identifiers.kinds.base import Context, NotValid

SEED, MEGABYTES = 7, 1.5
MOST_PER_KB = 33
#: What the value alone tells; of the others the words around it are needed.
PLAIN = set(KINDS) - {"account", "group", "device", "hash", "wallet"}
RESERVED_PHONE = re.compile(r"\+44(7700900|1632960)\d{3}|\+120255501\d\d")
NETWORKS = [
    ipaddress.ip_network(t) for t in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> tuple[str, Labels]:
    path = tmp_path_factory.mktemp("corpus") / "corpus.txt"
    labels = write(path, MEGABYTES, SEED)
    return read(path), labels


@pytest.mark.parametrize("country", ["GB", "US"])
def test_the_same_seed_gives_the_same_bytes_and_labels(tmp_path, country) -> None:
    one, other, another = (tmp_path / name for name in ("one", "other", "another"))
    labels = write(one, 0.1, SEED, country)
    assert write(other, 0.1, SEED, country) == labels
    assert one.read_bytes() == other.read_bytes()
    write(another, 0.1, SEED + 1, country)
    assert another.read_bytes() != one.read_bytes()


def test_sizes_are_those_of_the_text(corpus) -> None:
    text, labels = corpus
    assert labels.characters == len(text)
    assert labels.size == len(text.encode()) >= MEGABYTES * 1_000_000


def test_places_hold_something_and_none_stands_over_another(corpus) -> None:
    text, labels = corpus
    for places in (labels.identifiers, labels.decoys, labels.doubtful):
        assert [place.start for place in places] == sorted(place.start for place in places)
    everything = sorted(
        [*labels.identifiers, *labels.decoys, *labels.doubtful], key=lambda place: place.start
    )
    assert all(one.end <= other.start for one, other in itertools.pairwise(everything))
    for place in everything:
        written = text[place.start : place.end]
        assert written
        assert written == written.strip(), place


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_is_read_by_its_kind_as_its_normal_form(kind) -> None:
    for name, form in FORMS[kind].items():
        for seed in range(40):
            written = form.make(Random(seed))
            value = clean(kind, written.read_as or written.raw, Context(country=form.country or "GB"))
            assert value.value == written.value, (name, written)


def test_what_stands_at_a_place_is_read_as_its_normal_form(corpus) -> None:
    text, labels = corpus
    for label in labels.identifiers:
        if label.kind not in PLAIN:
            continue
        between = " " if label.form.startswith("wrapped") else ""
        raw = re.sub(r"\r?\n[> ]*", between, text[label.start : label.end])
        assert clean(label.kind, raw, Context(country="GB")).value == label.value, label


def test_values_that_go_over_a_line_do(corpus) -> None:
    text, labels = corpus
    for label in labels.identifiers:
        written = text[label.start : label.end]
        assert ("\n" in written) == label.form.startswith(("cut", "wrapped")), (label, written)
        assert ("\n>" in written.replace("\r", "")) == label.form.endswith("_quoted"), (label, written)


def test_every_kind_form_and_class_occurs(corpus) -> None:
    _, labels = corpus
    found = {(label.kind, label.form) for label in labels.identifiers}
    readable = {
        (kind, name)
        for kind, forms in FORMS.items()
        for name, form in forms.items()
        if form.country in {None, "GB"}
    }
    placed = {("email", "mail_header"), ("display_name", "mail_header"), ("ip", "log_line")}
    cells = {
        (kind, form)
        for _, kind, _, is_headed in _CELLS
        for form in ("provider_field", "table_headed" if is_headed else "table_cell")
    }
    assert found == readable | placed | cells
    assert {kind for kind, _ in found} == set(KINDS)
    assert {decoy.sort for decoy in labels.decoys} == set(DECOYS)
    assert {decoy.sort for decoy in labels.doubtful} == set(DOUBTFUL) | {
        "chat_sender",
        "name_beside_address",
        "national_of_elsewhere",
    }


def test_numbers_of_the_other_country_are_doubtful(tmp_path) -> None:
    labels = write(tmp_path / "us.txt", 0.5, SEED, "US")
    forms = {label.form for label in labels.identifiers if label.kind == "phone"}
    assert "us_national_dots" in forms
    assert "national_mobile" not in forms


def test_every_language_has_every_sort_of_phrase(corpus) -> None:
    text, _ = corpus
    wanted = set(PHRASES["en"])
    for language in LANGUAGES:
        phrases = PHRASES[language]
        assert wanted <= set(phrases), language
        assert any(sentence in text for sentence in phrases["sentences"]), language
        for name in wanted - {"sentences"}:
            assert all(phrase.count("{}") == 1 for phrase in phrases[name]), (language, name)


def test_documents_are_clean_to_dense_and_never_denser_than_said() -> None:
    documents = Source(SEED).documents()
    made = [next(documents) for _ in range(1500)]
    long = [sheet for sheet in made if sheet.labels.size >= 1000]
    per_kb = [1000 * len(sheet.labels.identifiers) / sheet.labels.size for sheet in long]
    assert sum(count == 0 for count in per_kb) > len(long) / 20
    assert MOST_PER_KB / 2 < max(per_kb) <= MOST_PER_KB


def test_only_reserved_values_are_used(corpus) -> None:
    _, labels = corpus
    for label in labels.identifiers:
        if label.kind in {"email", "domain"}:
            assert label.value.endswith(".example"), label
        elif label.kind == "phone":
            assert RESERVED_PHONE.fullmatch(label.value), label
        elif label.kind == "ip":
            assert any(ipaddress.ip_address(label.value) in network for network in NETWORKS), label
        elif label.kind == "url":
            assert re.match(
                r"[a-z]+://([^/:]+\.example|(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+)[:/]", label.value
            ), label


def test_between_the_labels_stands_nothing_to_find(corpus) -> None:
    text, labels = corpus
    everything = sorted(
        [*labels.identifiers, *labels.decoys, *labels.doubtful], key=lambda place: place.start
    )
    begin, rest = 0, []
    for place in everything:
        rest.append(text[begin : place.start])
        begin = place.end
    assert not [left for left in rest if re.search(r"\d{6}|\w@\w|\w\.example|://\w", left)]


def test_a_wrong_check_digit_is_wrong() -> None:
    kinds = ("imei", "bank_account", "wallet", "onion")
    for seed in range(200):
        written = DECOYS["wrong_check"](Random(seed)).raw
        said = [kind for kind in kinds if _is_read(kind, written)]
        assert said in ([], ["bank_account"]), written  # any digits may be an account that has no check
        assert "bank_account" not in said or not clean("bank_account", written, Context()).value.startswith(
            "iban:"
        )


def _is_read(kind: str, text: str) -> bool:
    try:
        clean(kind, text, Context())
    except NotValid:
        return False
    return True


@pytest.mark.parametrize("name", WORST_CASES)
def test_a_slow_text_is_as_long_as_asked_for(name) -> None:
    text = worst_case(name, 0.05)
    assert 0 <= 50_000 - len(text.encode()) < 4
    assert worst_case(name, 0.05) == text


def test_findings_are_counted_as_the_readme_says(corpus) -> None:
    _, labels = corpus
    everything = [Found(one.kind, one.value, one.start, one.end) for one in labels.identifiers]
    perfect = score(labels, everything)
    assert perfect.recall() == perfect.precision() == 1.0
    assert perfect.found == Counter((one.kind, one.form) for one in labels.identifiers)

    date = next(one for one in labels.decoys if one.sort == "date")
    doubt, url = labels.doubtful[0], next(one for one in labels.identifiers if one.kind == "url")
    others = [
        Found("phone", "+1", date.start + 1, date.end),
        Found("handle", "x", doubt.start, doubt.end),
        Found("domain", "x.example", url.start + 8, url.end),
        Found("imei", "1", url.start, url.end),
    ]
    counted = score(labels, others)
    assert counted.wrong == {("date", "phone"): 1, (f"in url {url.form}", "imei"): 1}
    assert counted.decoys_taken == {"date": 1}
    assert (counted.doubtful, counted.implied, counted.right, counted.recall()) == (1, 1, 0, 0.0)


def test_what_stands_nowhere_is_background() -> None:
    counted = score(Labels(), [Found("ip", "192.0.2.1", 5, 14)])
    assert counted.wrong == {(BACKGROUND, "ip"): 1}
    assert counted.precision() == 0.0
