"""Every value that the agency holds is found as it is held, as the desk shows it and as its source writes it."""

import json

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.identifiers.kinds import KINDS
from cets.domains.identifiers.models import Holding
from cets.domains.search import queries
from cets.kernel import clock
from cets.sites.console.nation import generate


@pytest.fixture
def finch(db, as_process, tmp_path):
    """Hold all the post of the demo nation in one agency."""
    officer = factories.officer(factories.agency("ESX"), "finch@force.example", "analyst")
    generate(tmp_path / "nation", seed=7, base=clock.now(), scale=0.2)
    manifest = json.loads((tmp_path / "nation" / "nation.json").read_text())
    files = [tmp_path / "nation" / one["file"] for one in manifest["deliveries"]]
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", *files)
    return factories.viewer(officer)


def spellings(holding):
    """Return the texts by which an officer may ask for it."""
    return {holding.value, KINDS[holding.kind].show(holding.value), holding.raw.strip()}


def is_understood(holding, query):
    asked = queries.understand(query, country="GB")
    values = {(t.kind, t.value) for t in (*asked.terms, *asked.tried)}
    by_name = holding.kind in {"account", "group"} and holding.value.partition("/")[2] in asked.names
    return (holding.kind, holding.value) in values or by_name


def test_all_holdings_of_the_demo_nation_are_understood(finch):
    with acting(finch):
        holdings = list(Holding.objects.order_by("kind", "value").distinct("kind", "value"))
    assert len({h.kind for h in holdings}) >= 10
    missed = [
        (h.kind, text)
        for h in holdings
        for text in spellings(h)
        if len(text) < queries.MOST_LETTERS and not is_understood(h, text)
    ]
    assert not missed, (len(missed), missed[:40])


def test_one_of_each_kind_is_found_alone_quoted_and_amid_words(finch):
    with acting(finch):
        first = list(Holding.objects.order_by("kind", "value").distinct("kind"))
        missed = []
        for holding in first:
            for text in spellings(holding):
                asked = [text, f"seen {text}, they said", *([] if '"' in text else [f'"{text}" lobby'])]
                for query in asked:
                    found = queries.run(finch, queries.understand(query, country="GB"), any_of=True)
                    if holding.key not in {one.key for one in found}:
                        missed.append((holding.kind, query))
    assert not missed, missed
