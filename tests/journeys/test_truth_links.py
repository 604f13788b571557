"""What a careful reader knows of two authored reports, and of the whole demo nation: right links found, wrong ones not."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

import factories
from cets.access.viewer import acting
from cets.domains.deconfliction import queries as hits
from cets.domains.deconfliction.queries import Told
from cets.domains.deconfliction.strength import WEAK
from cets.domains.identifiers.kinds import KINDS
from cets.domains.intake.reader import Reading
from cets.sites.console import demo, runtime
from cets.sites.console.nation import generate
from unit.sites.desk.desk_nation import client

# --- the two authored reports ------------------------------------------------------------------------------------------


@pytest.fixture(params=["one agency", "two agencies"])
def authored(request: Any, db: str, as_process: Any, shared_data: Path) -> list[list[Told]]:
    """Take both reports in, and return what each side is told: of one agency there is one side."""
    folder = shared_data / "cybertip"
    factories.agency("ESX")
    factories.agency("NMR", phone="+44 7700 900188")
    second = "ESX" if request.param == "one agency" else "NMR"
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", folder / "authored_le_report_A.json")
        intake.take(second, folder / "authored_le_report_B.json")
    return [told_to(code) for code in sorted({"ESX", second})]


def told_to(code: str) -> list[Told]:
    _, viewer = factories.service(code)
    with acting(viewer):
        return hits.tell(viewer, list(hits.listed(viewer)))


def bits(told: list[Told], kind: str, value: str) -> float | None:
    """Return how strong the hit on a value is for this side, or None when there is none."""
    found = [t.strength.bits for t in told if t.kind == kind and value.lower() in t.value.lower()]
    return max(found) if found else None


def test_the_same_person_is_found_by_what_is_his_alone(authored: list[list[Told]]) -> None:
    for side in authored:
        device = bits(side, "device", "A1B2C3D4-0000-4E5F-8A9B-001122334455")
        file = bits(side, "hash", "d35c785545392755e7e4164457657269")
        assert device is not None
        assert device >= WEAK
        assert file is not None
        assert file >= WEAK


#: What is only alike, as each report writes it. "bluebridge77" is not among them: both reports write it.
ALIKE = {
    "an address 100 days apart": (("ip", "203.0.113.24"), ("ip", "203.0.113.24")),
    "plus tag and dots": (
        ("email", "sam.placeholder+chat@mail.example"),
        ("email", "samplaceholder@mail.example"),
    ),
    "another spelling of the alias": (("account", "bluebridge_77"), None),
    "a number without a country": (("phone", "+447700900123"), ("phone", "+447700900123")),
}


@pytest.mark.parametrize("what", ALIKE)
def test_what_is_only_alike_is_found_and_marked_weak(authored: list[list[Told]], what: str) -> None:
    places = ALIKE[what]
    if len(authored) == 1:
        found = {value: bits(authored[0], kind, value) for kind, value in filter(None, places)}
    else:
        found = {p[1]: bits(side, *p) for side, p in zip(authored, places, strict=True) if p}
    seen = [b for b in found.values() if b is not None]
    told = [[(t.kind, t.value, t.strength.bits) for t in side] for side in authored]
    assert seen, f"{what}: nothing was found among {told}"
    assert max(seen) < WEAK, f"{what}: {found} bits are not weak"


def test_what_must_link_nothing_links_nothing(authored: list[list[Told]], shared_data: Path) -> None:
    truth = json.loads(
        (shared_data / "cybertip" / "authored_truth_links.json").read_text(encoding="utf-8-sig")
    )
    forbidden = [line.split(" (")[0] for line in truth["must_not_link_on"]]
    assert len(forbidden) == 3
    for side in authored:
        for told in side:
            assert told.value not in forbidden, f"{told.value} links: {told.strength.why}"


# --- the demo nation ------------------------------------------------------------------------------------------------------


class Nation:
    """The nation taken in through its own doors, with what the owner knows of which report came from which delivery."""

    def __init__(self, folder: Path, owner: psycopg.Connection[Any]) -> None:
        self.manifest = json.loads((folder / "nation.json").read_text())
        self.truth = json.loads((folder / "truth.json").read_text())
        self.deliveries = {one["id"]: one for one in self.manifest["deliveries"]}
        self.owner = owner
        self.reports = self._reports(folder)
        self.told: dict[str, dict[UUID, Told]] = {}

    def _reports(self, folder: Path) -> dict[str, tuple[UUID, str]]:
        import hashlib

        found = {}
        for key, one in self.deliveries.items():
            digest = hashlib.sha256((folder / one["file"]).read_bytes()).hexdigest()
            row = self.owner.execute(
                "select coalesce(j.id, r.id), coalesce(j.reference, r.reference) from vault_original o join reports_part p on p.original_id = o.id"
                " join reports_report r on r.id = p.report_id left join reports_report j on j.id = r.joined_to_id"
                " join agencies_agency a on a.id = o.agency_id where o.sha256 = %s and a.code = %s limit 1",
                [digest, one["agency"]],
            ).fetchone()
            assert row, f"The delivery {key} is in no report."
            found[key] = row
        return found

    def agency(self, delivery: str) -> str:
        return str(self.deliveries[delivery]["agency"])

    def learns(self, theirs: str) -> str:
        """Return the level that a delivery's report has."""
        return str(self.deliveries[theirs]["sharing"])

    def key(self, delivery: str, kind: str, value: str) -> UUID | None:
        row = self.owner.execute(
            "select key from identifiers_holding where report_id = %s and kind = %s and value = %s",
            [self.reports[delivery][0], kind, value],
        ).fetchone()
        return row[0] if row else None

    def side(self, code: str) -> dict[UUID, Told]:
        """Return what an agency is told, by identifier, the suppressed ones too."""
        if code not in self.told:
            _, viewer = factories.service(code)
            with acting(viewer):
                told = hits.tell(viewer, list(hits.listed(viewer, with_common=True)))
            self.told[code] = {t.hit.key: t for t in told}
        return self.told[code]

    def met(self, mine: str, theirs: str, kind: str, value: str) -> set[str]:
        """Return how the second report meets what the first one's agency holds of this value: "own" within one agency."""
        # A kind that is none says that two values are alike: any of the first report's may be the one.
        keys = [self.key(mine, kind, value)] if kind in KINDS else self.keys(mine)
        if keys == [None]:
            return set()
        rows = self.owner.execute(
            "select relation from cets_overlaps((select id from agencies_agency where code = %s), %s, '120 s', '180 d', 3000)"
            " where report = %s",
            [self.agency(mine), keys, self.reports[theirs][0]],
        ).fetchall()
        return {relation for (relation,) in rows}

    def keys(self, delivery: str) -> list[UUID | None]:
        rows = self.owner.execute(
            "select key from identifiers_holding where report_id = %s", [self.reports[delivery][0]]
        )
        return [key for (key,) in rows.fetchall()]

    def expected(self) -> dict[tuple[str, str, str, str], set[str]]:
        """Return what the truth says of each (agency, other report, kind, value): how strong its links are."""
        said: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
        for link in self.truth["links"]:
            for mine, theirs in ((link["a"], link["b"]), (link["b"], link["a"])):
                said[self.agency(mine), theirs, link["kind"], link["value"]].add(link["strength"])
        return said


@pytest.fixture(scope="module")
def nation(module_db: str, as_process: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nation]:
    from django.conf import settings

    from cets.domains.intake.parser.client import Parser
    from cets.kernel import clock

    folder = tmp_path_factory.mktemp("nation") / "nation"
    now = clock.now()
    generate(folder, seed=7, base=now, scale=0.2)
    manifest = json.loads((folder / "nation.json").read_text())
    with psycopg.connect(module_db, autocommit=True) as owner:
        described = demo.centre(manifest)
        # The template's centre takes the nation's name: its code is what deliveries name.
        owner.execute(
            "update agencies_agency set code = %s, name = %s where is_centre",
            [described["code"], described["centre"]],
        )
        demo.add_people(manifest, at=now)
        with as_process("worker"), Parser() as parser:
            demo.deliver(
                manifest, folder, Reading(runtime.vault(settings.CETS), parser), now=now, told=lambda *_: None
            )
        yield Nation(folder, owner)


def is_told(nation: Nation, mine: str, theirs: str) -> bool:
    return nation.agency(mine) == nation.agency(theirs) or nation.learns(theirs) != "silent"


_STRONG = {"exact", "ip_same_time", "ip_candidate_time"}


def test_every_link_is_found_as_strong_as_it_is(nation: Nation) -> None:
    missed: list[Any] = []
    expected = nation.expected()
    for link in nation.truth["links"]:
        seen = False
        for mine, theirs in ((link["a"], link["b"]), (link["b"], link["a"])):
            met = nation.met(mine, theirs, link["kind"], link["value"])
            if not is_told(nation, mine, theirs):
                assert not met, f"A silent record is told: {link}"
                seen = True
                continue
            if not met:
                continue  # the weak half of a pair stands under its own spelling: asked from the other side
            seen = True
            strengths = expected[nation.agency(mine), theirs, link["kind"], link["value"]]
            if (
                met != {"own"}
                and link["kind"] != "display_name"
                and ("strong" in strengths) != bool(met & _STRONG)
            ):
                missed.append((link, sorted(met)))
        if not seen:
            missed.append((link, "not found"))
    assert not missed, f"{len(missed)} of {len(nation.truth['links'])}: {missed[:5]}"


def test_each_side_is_told_of_the_hit_and_only_what_the_level_allows(nation: Nation) -> None:
    checked = 0
    for link in nation.truth["links"]:
        for mine, theirs in ((link["a"], link["b"]), (link["b"], link["a"])):
            key = nation.key(mine, link["kind"], link["value"])
            if key is None or not link["across"] or not nation.met(mine, theirs, link["kind"], link["value"]):
                continue
            told = nation.side(nation.agency(mine)).get(key)
            sides = [t for t in told.theirs if t.agency_code == nation.agency(theirs)] if told else []
            is_named = nation.reports[theirs][1] in {t.reference for t in sides}
            assert is_named == (nation.learns(theirs) == "open"), link
            if nation.learns(theirs) == "contact":
                assert any(t.contact.phone or t.contact.email for t in sides), link
            checked += 1
    assert checked > 50


def test_the_silent_side_finds_in_its_list_whom_to_call(nation: Nation) -> None:
    (cell,) = [c for c in nation.manifest["cells"] if (c["mine"], c["theirs"]) == ("contact", "silent")]
    assert cell["identifier"]["kind"] == "imei"
    value = cell["identifier"]["value"]
    plover = client("plover@ncc.example", nation.manifest["password"])

    listed = plover.get("/hits/").content.decode()
    rows = [row for row in listed.split("<tr") if value in row]
    assert len(rows) == 1
    assert "Eastshire" in rows[0]
    place = re.search(r'href="(/hits/[0-9a-f-]{36}/)"', rows[0])
    assert place
    page = plover.get(place[1]).content.decode()
    assert "Call Eastshire" in page
    (eastshire,) = [a for a in nation.manifest["agencies"] if a["code"] == "ESX"]
    assert eastshire["teams"][0]["phone"] in page

    adeyemi = client("adeyemi@esx.example", nation.manifest["password"])
    assert value not in adeyemi.get("/hits/").content.decode()


def test_weak_ones_are_below_five_bits(nation: Nation) -> None:
    by_key: dict[tuple[str, UUID], set[str]] = defaultdict(set)
    for link in nation.truth["links"]:
        for mine, theirs in ((link["a"], link["b"]), (link["b"], link["a"])):
            key = nation.key(mine, link["kind"], link["value"])
            if key and is_told(nation, mine, theirs):
                by_key[nation.agency(mine), key].add(link["strength"])
    only_weak = [(code, key) for (code, key), strengths in by_key.items() if strengths == {"weak"}]
    assert only_weak
    for code, key in only_weak:
        told = nation.side(code).get(key)
        # A side may know of further records by other spellings; those exact ones are links of their own.
        if told and all(t.relation not in _STRONG for t in told.theirs):
            assert told.strength.bits < WEAK or told.strength.common, (
                code,
                told.kind,
                told.value,
                told.strength,
            )


def test_nothing_forbidden_links(nation: Nation) -> None:
    expected = nation.expected()
    for rule in nation.truth["must_not"]:
        if rule["a"]:
            # Another record of the same agency may rightly meet it.
            if (nation.agency(rule["a"]), rule["b"], rule["kind"], rule["value"]) not in expected:
                assert not nation.met(rule["a"], rule["b"], rule["kind"], rule["value"]), rule
            continue
        shown = nation.owner.execute(
            "select a.code, h.reference from deconfliction_hit h join agencies_agency a on a.id = h.agency_id where h.common = '' and h.state <> 'withdrawn'"
            " and h.key in (select key from identifiers_holding where kind = %s and value = %s)",
            [rule["kind"], rule["value"]],
        ).fetchall()
        assert not shown, (rule, shown)


def test_common_values_do_not_shout(nation: Nation) -> None:
    assert nation.truth["common"]
    for common in nation.truth["common"]:
        loud = nation.owner.execute(
            "select count(*) from deconfliction_hit h where h.common = '' and h.state <> 'withdrawn'"
            " and h.key in (select key from identifiers_holding where kind = %s and value = %s)",
            [common["kind"], common["value"]],
        ).fetchone()
        assert loud == (0,), common


def test_victims_are_masked(nation: Nation) -> None:
    assert nation.truth["masked"]
    for masked in nation.truth["masked"]:
        row = nation.owner.execute(
            "select pseudonym from identifiers_holding where report_id = %s and kind = %s and value = %s",
            [nation.reports[masked["delivery"]][0], masked["kind"], masked["value"]],
        ).fetchone()
        assert row, masked
        assert row[0], masked
        key = nation.key(masked["delivery"], masked["kind"], masked["value"])
        assert key
        told = nation.side(nation.agency(masked["delivery"])).get(key)
        assert told is None or masked["value"] not in told.shown, masked
