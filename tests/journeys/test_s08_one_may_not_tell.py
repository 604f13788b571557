"""S8: two agencies hit the same identifier; what each learns follows the table of sharing levels, all nine cells."""

import itertools

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.deconfliction import queries
from cets.domains.deconfliction.models import SilentPair

LEVELS = ("open", "contact", "silent")


@pytest.mark.parametrize(("mine", "theirs"), list(itertools.product(LEVELS, LEVELS)))
def test_each_side_learns_what_the_other_record_allows(db, as_process, mine, theirs):
    factories.agency("ESX", phone="+44 7700 900188")
    factories.agency("NMR", phone="+44 7700 900177")
    with as_process("worker"), factories.intake() as intake:
        (ours,) = intake.take("ESX", "Seen with kestrel.blue@mail.example at the game lobby.", sharing=mine)
        (others,) = intake.take("NMR", "Written by kestrel.blue@mail.example last week.", sharing=theirs)

    for code, level, reference in (("ESX", theirs, others.reference), ("NMR", mine, ours.reference)):
        _, viewer = factories.service(code)
        with acting(viewer):
            told = queries.tell(viewer, list(queries.listed(viewer)))
        if level == "silent":
            assert told == []
            continue
        (hit,) = told
        (side,) = hit.theirs
        assert side.agency_code == ("NMR" if code == "ESX" else "ESX")
        assert side.reference == (reference if level == "open" else None)
        assert side.contact.phone in {"+44 7700 900188", "+44 7700 900177"}

    centre = factories.officer(_centre(), "linnet@centre.example", "deconfliction_officer")
    with acting(factories.viewer(centre)):
        assert SilentPair.objects.count() == (1 if mine == theirs == "silent" else 0)


def _centre():
    from cets.domains.agencies.models import Agency
    from cets.sites.console.founding import founder

    with acting(founder()):
        return Agency.objects.get(is_centre=True)


def test_the_deconfliction_desk_learns_whom_to_call_and_closes_the_pair(db, as_process):
    from cets.domains.deconfliction import actions

    factories.agency("ESX", phone="+44 7700 900188")
    factories.agency("NMR", phone="+44 7700 900177")
    with as_process("worker"), factories.intake() as intake:
        for code in ("ESX", "NMR"):
            intake.take(code, f"{code} saw kestrel.blue@mail.example", sharing="silent")
    desk = factories.viewer(factories.officer(_centre(), "linnet@centre.example", "deconfliction_officer"))

    with acting(desk):
        (pair,) = queries.silent_pairs(desk)
        contacts = queries.silent_contacts([pair.id])[pair.id]
    actions.settle_pair(pair=pair, outcome="Each leads its own", by=desk, at=pair.found_at)

    assert {c.phone for c in contacts} == {"+44 7700 900188", "+44 7700 900177"}
    with acting(desk):
        assert queries.silent_pair(desk, pair.id).entry.outcome == "Each leads its own"
    with pytest.raises(actions.PairSettled):
        actions.settle_pair(pair=pair, outcome="Again", by=desk, at=pair.found_at)
    _, officer = factories.service("ESX")
    with acting(officer):
        assert queries.silent_contacts([pair.id]) == {}
