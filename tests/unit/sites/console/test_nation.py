"""The demo nation: repeatable, invented throughout, and true to what its truth file says."""

import csv
import email
import email.policy
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from itertools import combinations, islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

import cets
from cets.domains.identifiers.commons import reason
from cets.domains.identifiers.kinds import KINDS, clean
from cets.domains.identifiers.kinds.base import Context, Value
from cets.sites.console.nation import generate, stream_reports
from cets.sites.console.nation.agencies import AGENCIES, ROLES
from cets.sites.console.nation.draw import Draw, bitcoin_address, iban, imei
from cets.sites.console.nation.model import Calendar, Delivery, Planted, Story
from cets.sites.console.nation.stories.common_values import BY_VALUE
from cets.sites.console.nation.truth import work_out
from cets.sites.console.nation.writing import tell

BASE = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SEED = 7
XSD = Path(__file__).parents[5] / "shared" / "data" / "cybertip" / "cyber_tipline.xsd"
TOUR = Path(__file__).parents[4] / "docs" / "officers" / "tour.md"
LEVELS = ("open", "contact", "silent")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("nation"), seed=SEED, base=BASE).parent


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "nation.json").read_text())
    return content


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "truth.json").read_text())
    return content


@pytest.fixture(scope="module")
def story() -> Story:
    return tell(seed=SEED, base=BASE)


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def unpacked(content: bytes, suffix: str) -> Iterator[bytes]:
    """Yield what a person would read: the members of an archive, else the file."""
    if suffix not in {".zip", ".xlsx"}:
        yield content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            yield archive.read(entry)


def words(delivery: Delivery) -> str:
    parts = unpacked(delivery.document.content, delivery.document.suffix)
    return "\n".join(part.decode("utf-8", "replace") for part in parts)


class TestFolder:
    def test_the_same_seed_gives_the_same_bytes(self, folder: Path, tmp_path: Path) -> None:
        generate(tmp_path / "again", seed=SEED, base=BASE)
        assert all_bytes(tmp_path / "again") == all_bytes(folder)

    def test_the_bytes_do_not_depend_on_the_process(self, folder: Path, tmp_path: Path) -> None:
        program = (
            "import sys; from datetime import datetime, UTC; from pathlib import Path;"
            "from cets.sites.console.nation import generate;"
            f"generate(Path(sys.argv[1]), seed={SEED}, base=datetime(2026, 11, 21, 8, tzinfo=UTC))"
        )
        environment = {**os.environ, "PYTHONHASHSEED": "4242", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
        environment["PYTHONPATH"] = str(Path(cets.__file__).parents[1])
        subprocess.run([sys.executable, "-c", program, str(tmp_path / "n")], check=True, env=environment)
        assert all_bytes(tmp_path / "n") == all_bytes(folder)

    def test_another_seed_gives_other_post_and_the_same_stories(self, story: Story) -> None:
        other = tell(seed=SEED + 1, base=BASE)
        mine = {one.id: one.document.content for one in story.deliveries}
        theirs = {one.id: one.document.content for one in other.deliveries}
        assert mine["s1-provider"] == theirs["s1-provider"]
        assert sum(mine[name] != theirs.get(name) for name in mine if name.startswith("b-")) > 100

    def test_a_folder_that_holds_files_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").write_text("keep")
        with pytest.raises(FileExistsError):
            generate(tmp_path, seed=SEED, base=BASE)
        assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

    def test_a_base_without_zone_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="time zone"):
            generate(tmp_path, seed=SEED, base=datetime(2026, 11, 21))  # noqa: DTZ001

    def test_the_manifest_names_every_file_and_no_other(self, folder: Path, manifest: dict[str, Any]) -> None:
        named = [delivery["file"] for delivery in manifest["deliveries"]]
        assert Counter(named) == Counter(set(named))
        assert set(named) == {name for name in all_bytes(folder) if name.startswith("files/")}

    def test_the_post_is_a_demonstration_s_worth(self, folder: Path, manifest: dict[str, Any]) -> None:
        assert 150 <= len(manifest["deliveries"]) <= 250
        assert max(len(content) for content in all_bytes(folder).values()) < 200_000

    def test_scale_multiplies_the_everyday_post(self) -> None:
        small, large = (tell(seed=SEED, base=BASE, scale=scale) for scale in (0, 5))
        assert len(large.deliveries) - len(small.deliveries) == 550
        assert {one.story for one in small.deliveries} == {
            "S1", "S2", "S7", "S8", "common", "addresses", "oddities",
        }  # fmt: skip

    def test_deliveries_come_in_order_and_before_the_base(self, manifest: dict[str, Any]) -> None:
        times = [datetime.fromisoformat(delivery["received"]) for delivery in manifest["deliveries"]]
        assert times == sorted(times)
        assert times[-1] < BASE
        assert len({delivery["id"] for delivery in manifest["deliveries"]}) == len(times)

    def test_each_delivery_comes_from_a_person_or_a_channel(self, manifest: dict[str, Any]) -> None:
        for delivery in manifest["deliveries"]:
            assert bool(delivery["officer"]) != bool(delivery["channel"]), delivery["id"]
            assert delivery["sharing"] in LEVELS
            assert delivery["about"]

    def test_an_officer_brings_in_only_for_his_own_agency(self, manifest: dict[str, Any]) -> None:
        homes = {o["login"]: a["code"] for a in manifest["agencies"] for o in a["officers"]}
        by_hand = [one for one in manifest["deliveries"] if one["officer"]]
        assert by_hand
        assert all(homes[one["officer"]] == one["agency"] for one in by_hand)


class TestPeople:
    def test_six_agencies_in_three_countries(self) -> None:
        assert [agency.code for agency in AGENCIES] == ["ESX", "NMR", "WVL", "NFP", "NCC", "NDC"]
        assert {agency.country for agency in AGENCIES} == {"GB", "US", "IE"}

    def test_every_role_is_held_and_every_login_is_made_up(self) -> None:
        officers = [officer for agency in AGENCIES for officer in agency.officers]
        assert {role for officer in officers for role in officer.roles} == set(ROLES)
        assert len({officer.login for officer in officers}) == len(officers)
        assert all(officer.login.endswith(".example") for officer in officers)

    def test_each_agency_has_a_duty_team_to_call(self) -> None:
        for agency in AGENCIES:
            assert any(team.duty and team.phone and team.mail for team in agency.teams)
            assert {officer.team for officer in agency.officers} <= {team.code for team in agency.teams}

    def test_the_centre_has_the_deconfliction_desk_and_a_secondee(self) -> None:
        officers = [officer for agency in AGENCIES for officer in agency.officers]
        desks = {officer.team for officer in officers if "deconfliction_officer" in officer.roles}
        assert desks == {"NDC-DESK"}
        assert [officer.seconded_to for officer in officers if "secondee" in officer.roles] == ["NDC"]

    def test_two_administrators_can_start(self) -> None:
        officers = [officer for agency in AGENCIES for officer in agency.officers]
        assert sum("administrator" in officer.roles for officer in officers) >= 2


def formats(story: Story, source: str) -> list[bytes]:
    return [one.document.content for one in story.deliveries if one.document.source == source]


class TestFormats:
    def test_every_format_of_the_contract_is_there(self, manifest: dict[str, Any]) -> None:
        sources = Counter(delivery["source"] for delivery in manifest["deliveries"])
        assert set(sources) == {
            "cybertip_json", "cybertip_xml", "csv", "xlsx", "whatsapp", "eml", "mbox", "text", "note", "zip", None,
        }  # fmt: skip
        assert min(sources.values()) >= 2

    def test_both_shapes_of_json_are_there(self, story: Story) -> None:
        reports = [json.loads(content.decode("utf-8-sig")) for content in formats(story, "cybertip_json")]
        assert {type(report["reportId"]) for report in reports} == {int, str}
        flat = [one for one in reports if isinstance(one["reportId"], str)]
        assert all(isinstance(one["reportedInformation"]["uploadedFiles"], list) for one in flat)
        assert any(content.startswith(b"\xef\xbb\xbf") for content in formats(story, "cybertip_json"))

    @pytest.mark.skipif(not XSD.exists(), reason="the provider schema is not in ../shared/data")
    def test_the_provider_xml_is_valid(self, story: Story) -> None:
        schema = etree.XMLSchema(etree.parse(str(XSD)))
        roots = []
        for one in story.deliveries:
            for part in unpacked(one.document.content, one.document.suffix):
                if part.startswith(b"<?xml") and (b"<report>" in part or b"<fileDetails>" in part):
                    root = etree.fromstring(part)
                    schema.assertValid(root)
                    roots.append(root.tag)
        assert Counter(roots)["report"] > 10
        assert Counter(roots)["fileDetails"] >= 2

    def test_tables_open_with_an_ordinary_reader(self, story: Story) -> None:
        for one in story.deliveries:
            content = one.document.content
            if one.document.source == "xlsx":
                book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
                rows = list(book.worksheets[0].iter_rows(values_only=True))
                assert len(rows) > 2, one.id
                book.close()
            if one.document.source == "csv":
                text = content.decode("utf-8-sig")
                rows = list(csv.reader(io.StringIO(text), csv.Sniffer().sniff(text.splitlines()[0])))
                assert len({len(row) for row in rows}) == 1, one.id

    def test_the_heading_in_row_two_is_there(self, story: Story) -> None:
        one = next(one for one in story.deliveries if one.id == "odd-heading-row-two")
        sheet = openpyxl.load_workbook(io.BytesIO(one.document.content)).worksheets[0]
        assert [cell.value for cell in sheet[2]][:2] == ["Email", "Phone"]
        assert sheet["C3"].value == "03/04/2026"

    def test_mail_can_be_read_back(self, story: Story) -> None:
        for content in formats(story, "eml"):
            letter = email.message_from_bytes(content, policy=email.policy.default)
            assert not letter.defects
            assert letter["From"]
            assert letter["Date"].datetime.tzinfo is not None
        assert all(content.count(b"\nFrom ") == 2 for content in formats(story, "mbox"))

    def test_chats_come_in_three_styles(self, story: Story) -> None:
        heads: Counter[str] = Counter()
        for content in formats(story, "whatsapp"):
            line = content.decode().splitlines()[1]
            heads["ios"] += bool(re.match(r"\u200e?\[\d\d/\d\d/\d{4}, \d\d:\d\d:\d\d\] ", line))
            heads["android"] += bool(re.match(r"\d\d/\d\d/\d{4}, \d\d:\d\d - ", line))
            heads["us"] += bool(re.match(r"\d+/\d+/\d\d, \d+:\d\d\u202f[AP]M - ", line))
        assert sum(heads.values()) == len(formats(story, "whatsapp"))
        assert heads["ios"]
        assert heads["android"]

    def test_noon_and_midnight_have_the_right_half_of_the_day(self) -> None:
        from cets.sites.console.nation.formats.chat import Said, export

        said = [Said(BASE.replace(hour=hour, minute=5), "x", "W") for hour in (0, 11, 12, 23)]
        lines = export("android_us", said, (), notice=False).content.decode().splitlines()
        clocks = [line.partition(", ")[2].partition(" - ")[0].replace("\u202f", " ") for line in lines]
        assert clocks == ["12:05 AM", "11:05 AM", "12:05 PM", "11:05 PM"]

    def test_archives_have_fixed_dates(self, story: Story) -> None:
        for source in ("zip", "xlsx"):
            for content in formats(story, source):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    assert {entry.date_time for entry in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}

    def test_check_digits_are_right(self) -> None:
        nowhere = Context(country="GB")
        for serial in range(0, 1000, 37):
            assert clean("imei", imei(serial), nowhere).value == imei(serial)
            assert clean("bank_account", iban(serial), nowhere).value == f"iban:{iban(serial)}"
        assert re.fullmatch(r"1[1-9A-HJ-NP-Za-km-z]{25,33}", bitcoin_address("s8"))

    def test_what_must_link_is_no_placeholder_or_test_number(self, truth: dict[str, Any]) -> None:
        strong = {(link["kind"], link["value"]) for link in truth["links"] if link["strength"] == "strong"}
        linked = [(kind, value) for kind, value in strong if kind in KINDS]
        assert {"imei", "device", "phone", "email"} <= {kind for kind, _value in linked}
        held_back = {one: why for one in linked if (why := reason(Value(*one, one[1])))}
        assert held_back == {}

    def test_it_knows_nothing_of_how_files_are_read(self) -> None:
        program = (
            "import sys, cets.sites.console.nation;"
            "print([name for name in sys.modules if name.startswith(('cets.domains', 'django', 'lxml', 'faker'))])"
        )
        environment = {**os.environ, "PYTHONPATH": str(Path(cets.__file__).parents[1])}
        done = subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment
        )
        assert done.stdout.strip() == "[]"


RESERVED = [
    ip_network(block) for block in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
ON_PURPOSE = {"9.9.9.9", "127.0.0.1", "192.168.1.20", "100.72.3.9", "4.12.0.7"}


class TestInvented:
    def test_addresses_are_reserved_ones(self, story: Story) -> None:
        found = set()
        for one in story.deliveries:
            found |= set(re.findall(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])", words(one)))
            found |= {value.value for value in one.document.planted if value.kind == "ip"}
        outside = {text for text in found if not any(ip_address(text) in block for block in RESERVED)}
        assert outside == ON_PURPOSE

    def test_mail_and_web_hosts_are_examples(self, story: Story) -> None:
        hosts = set()
        for one in story.deliveries:
            if one.document.suffix != ".xlsx":  # its parts name the addresses of the format itself
                hosts |= set(re.findall(r"(?:https?://|@)([a-z0-9.-]+\.[a-z]+)", words(one)))
        assert len(hosts) > 5
        assert all(host.endswith(".example") for host in hosts)

    def test_phones_are_reserved_ones(self, story: Story) -> None:
        phones = {v.value for one in story.deliveries for v in one.document.planted if v.kind == "phone"}
        assert len(phones) > 20
        allowed = re.compile(r"\+447700900\d{3}|\+441632960\d{3}|\+120255501\d\d")
        assert [phone for phone in phones if not allowed.fullmatch(phone)] == []

    def test_categories_are_named_and_nothing_is_told(self, story: Story) -> None:
        from cets.sites.console.nation.draw import TALK

        telling = re.compile(r"\b(sex|nude|naked|kiss|touch|body|abus|rape)", re.IGNORECASE)
        assert not [line for line in TALK if telling.search(line)]
        by_hand = [
            one for one in story.deliveries if one.document.source in {"note", "text", "eml", "whatsapp"}
        ]
        assert not [one.id for one in by_hand if telling.search(words(one))]

    def test_the_pools_of_reserved_numbers_run_dry_without_repeating(self) -> None:
        draw = Draw("x")
        pools: tuple[Callable[[], str | None], ...] = (
            lambda: draw.phone("GB"), lambda: draw.phone("US"), draw.ipv4,
        )  # fmt: skip
        for take, least in zip(pools, (1500, 50, 400), strict=True):
            drawn = list(iter(take, None))
            assert len(drawn) == len(set(drawn)) > least
            assert take() is None

    def test_no_two_people_have_one_name(self) -> None:
        draw = Draw("x")
        names = [draw.name() for _ in range(40_000)]
        assert len(set(names)) == len(names)

    def test_the_everyday_post_leaves_the_stories_their_numbers(self) -> None:
        draw = Draw("x")
        drawn = set(iter(lambda: draw.phone("GB"), None)) | set(iter(lambda: draw.phone("US"), None))
        kept = {team.phone.replace(" ", "").replace("-", "") for agency in AGENCIES for team in agency.teams}
        kept |= {"+447700900142", "+12025550117", "+447700900163", "+447700900151", "+447700900171"}
        assert not drawn & kept


class TestPlanted:
    def test_what_is_said_to_be_planted_stands_in_the_file(self, story: Story) -> None:
        missing = []
        for one in story.deliveries:
            text = words(one).casefold()
            missing += [(one.id, v.raw) for v in one.document.planted if v.raw.casefold() not in text]
        assert missing == []

    def test_receipt_texts_stand_in_the_file(self, story: Story) -> None:
        for one in story.deliveries:
            for name in ("ambiguous", "not_understood"):
                expected = one.expects.get(name)
                for raw in expected if isinstance(expected, list) else []:
                    assert raw in words(one), one.id

    def test_every_story_file_plants_something_or_is_meant_to_be_bare(self, story: Story) -> None:
        bare = {one.id for one in story.deliveries if not one.document.planted}
        assert bare == {
            "odd-unreadable", "odd-foreign-json", "odd-impossible-number", "odd-decoys-esx", "odd-decoys-nfp",
        }  # fmt: skip


def linked(truth: dict[str, Any], a: str, b: str) -> list[dict[str, Any]]:
    return [link for link in truth["links"] if {link["a"], link["b"]} == {a, b}]


def joined(truth: dict[str, Any], names: set[str], *, strength: str = "strong") -> set[str]:
    """Return all that hang together with any one of the names, by links among them."""
    reached = {min(names)}
    while True:
        more = {
            link[far]
            for link in truth["links"]
            for near, far in (("a", "b"), ("b", "a"))
            if link["strength"] == strength and link[near] in reached and link[far] in names
        }
        if more <= reached:
            return reached
        reached |= more


class TestTruth:
    def test_one_child_s_four_reports_hang_together(self, truth: dict[str, Any], story: Story) -> None:
        four = {"s1-provider", "s1-parent", "s1-school", "s1-friend"}
        assert joined(truth, four) == four
        assert {one.agency for one in story.deliveries if one.id in four} == {"ESX", "NMR", "WVL", "NCC"}
        values = {v.value for one in story.deliveries if one.id in four for v in one.document.planted}
        assert {"kitechat/kestrel_blue", "larkline/tall_heron", "otherapp/kesblue77"} <= values

    def test_the_supplement_joins_the_first_report(self, truth: dict[str, Any]) -> None:
        assert {one["delivery"]: one["report"] for one in truth["same_report"]} == {
            "s1-supplement": "s1-provider",
            "odd-same-file-again": "odd-same-file",
        }
        assert not [link for link in truth["links"] if "s1-supplement" in (link["a"], link["b"])]

    def test_three_forces_hold_pieces_of_one_man(self, truth: dict[str, Any]) -> None:
        pieces = {"s2-subscriber", "s2-larkline", "s2-kitechat"}
        assert joined(truth, pieces) == pieces
        kinds = {link["kind"] for link in linked(truth, "s2-larkline", "s2-kitechat")}
        assert kinds == {"device", "hash", "ip"}
        assert [link["kind"] for link in linked(truth, "s2-subscriber", "s2-kitechat")] == ["email"]
        assert [link["kind"] for link in linked(truth, "s2-subscriber", "s2-larkline")] == ["phone"]
        assert sum(one["delivery"] == "s2-approached" for one in truth["masked"]) == 150

    def test_the_first_enquiry_hits_the_older_note(self, truth: dict[str, Any]) -> None:
        kinds = {link["kind"] for link in linked(truth, "s7-first-enquiry", "s7-home-visit")}
        assert kinds == {"phone", "vehicle"}

    def test_all_nine_cells_are_there_and_true(self, manifest: dict[str, Any], truth: dict[str, Any]) -> None:
        cells = {(cell["mine"], cell["theirs"]): cell for cell in manifest["cells"]}
        assert set(cells) == {(mine, theirs) for mine in LEVELS for theirs in LEVELS}
        assert len({cell["identifier"]["kind"] for cell in cells.values()}) == 9
        sharing = {one["id"]: (one["sharing"], one["agency"]) for one in manifest["deliveries"]}
        for (mine, theirs), cell in cells.items():
            my_report, their_report = cell["reports"]
            assert [sharing[name][0] for name in cell["reports"]] == [mine, theirs]
            assert [sharing[name][1] for name in cell["reports"]] == cell["agencies"]
            (link,) = linked(truth, my_report, their_report)
            assert (link["kind"], link["value"]) == tuple(cell["identifier"].values())
            assert link["strength"] == "strong"
            assert cell["desk_told"] == (mine == theirs == "silent")

    def test_a_cell_s_reports_touch_nobody_else(
        self, truth: dict[str, Any], manifest: dict[str, Any]
    ) -> None:
        pairs = {frozenset(cell["reports"]) for cell in manifest["cells"]}
        touching = [link for link in truth["links"] if "s8-" in link["a"] + link["b"]]
        assert {frozenset((link["a"], link["b"])) for link in touching} == pairs

    def test_addresses_meet_by_time_and_port(self, truth: dict[str, Any]) -> None:
        strengths = {
            (link["a"], link["b"]): link["strength"] for link in truth["links"] if link["a"].startswith("ip-")
        }
        assert strengths == {
            ("ip-nat-a", "ip-nat-same-port"): "strong",
            ("ip-nat-a", "ip-nat-no-port"): "weak",
            ("ip-nat-no-port", "ip-nat-same-port"): "weak",
            ("ip-nat-no-port", "ip-nat-other-port"): "weak",
            ("ip-day-0", "ip-day-100"): "weak",
            ("ip-day-0", "ip-no-time"): "weak",
            ("ip-day-100", "ip-day-250"): "weak",
            ("ip-day-100", "ip-no-time"): "weak",
            ("ip-day-250", "ip-no-time"): "weak",
        }

    def test_no_link_is_both_right_and_forbidden(self, truth: dict[str, Any]) -> None:
        for rule in truth["must_not"]:
            for link in truth["links"]:
                same = (link["kind"], link["value"]) == (rule["kind"], rule["value"])
                pair = rule["a"] is None or {link["a"], link["b"]} == {rule["a"], rule["b"]}
                assert not (same and pair), rule

    def test_common_values_are_named_and_link_nothing(self, truth: dict[str, Any]) -> None:
        common = {(one["kind"], one["value"]): one for one in truth["common"]}
        assert set(BY_VALUE) <= set(common)
        assert ("display_name", "kes") in common
        assert ("ip", "192.0.2.200") in common
        assert sum(key[0] == "hash" for key in common) == 3
        assert not [link for link in truth["links"] if (link["kind"], link["value"]) in common]

    def test_look_alikes_are_weak(self, truth: dict[str, Any]) -> None:
        found = linked(truth, "odd-alias-esx", "odd-alias-nmr")
        assert {(link["kind"], link["strength"]) for link in found} == {("alias", "weak"), ("email", "weak")}

    def test_nobody_meets_by_accident(self, story: Story) -> None:
        """Whatever two everyday reports share, they share all of one thing that was passed on by hand."""
        holders: dict[tuple[str, str], set[str]] = {}
        for one in story.deliveries:
            for value in one.document.planted:
                holders.setdefault((value.kind, value.value), set()).add(one.id)
        crossing = {
            key
            for key, names in holders.items()
            if {name[:2] for name in names} >= {"b-", "s1"} or ({name[:2] for name in names} > {"b-"})
        }
        assert crossing == set()

    def test_the_everyday_post_has_hits_but_not_everywhere(self, truth: dict[str, Any]) -> None:
        touched = {
            link[side] for link in truth["links"] for side in ("a", "b") if link[side].startswith("b-")
        }
        assert 5 <= len(touched) <= 60

    def test_a_victim_of_one_report_is_masked_there_only(self, truth: dict[str, Any]) -> None:
        holders = {one["delivery"] for one in truth["masked"] if one["value"] == "wren.draws@post.example"}
        assert holders == {"s1-provider"}


def planted_report(name: str, agency: str, *values: Planted) -> Delivery:
    from cets.sites.console.nation.model import Document

    return Delivery(name, agency, "open", BASE, "test", Document(b"", ".txt", "text", values))


class TestRules:
    """The oracle itself: each rule fails when it is turned round."""

    @pytest.mark.parametrize(
        ("apart", "strength"),
        [
            (timedelta(seconds=120), "strong"),
            (timedelta(seconds=121), "weak"),
            (timedelta(days=180), "weak"),
            (timedelta(days=180, seconds=1), None),
        ],
    )
    def test_time_decides_on_addresses(self, apart: timedelta, strength: str | None) -> None:
        reports = [
            planted_report(name, "ESX", Planted("ip", "192.0.2.1", "192.0.2.1", at=(at,)))
            for name, at in (("a", BASE), ("b", BASE - apart))
        ]
        assert [link["strength"] for link in work_out(reports, [])["links"]] == (
            [strength] if strength else []
        )

    def test_any_candidate_of_a_doubtful_day_may_meet(self) -> None:
        doubtful = Planted("ip", "192.0.2.1", "192.0.2.1", at=(BASE, BASE - timedelta(days=30)))
        certain = Planted("ip", "192.0.2.1", "192.0.2.1", at=(BASE - timedelta(days=30),))
        links = work_out([planted_report("a", "ESX", doubtful), planted_report("b", "NMR", certain)], [])[
            "links"
        ]
        assert [link["strength"] for link in links] == ["strong"]

    @pytest.mark.parametrize(
        ("reports", "agencies", "is_common"), [(20, 3, False), (21, 3, True), (40, 2, False)]
    )
    def test_a_value_of_too_many_is_common(self, reports: int, agencies: int, is_common: bool) -> None:
        codes = [agency.code for agency in AGENCIES[:agencies]]
        held = [
            planted_report(f"r{number}", codes[number % agencies], Planted("email", "x@mail.example", "x"))
            for number in range(reports)
        ]
        result = work_out(held, [])
        assert bool(result["common"]) is is_common
        assert bool(result["links"]) is not is_common

    def test_a_bare_handle_meets_an_account_weakly(self) -> None:
        mine = planted_report("a", "ESX", Planted("handle", "sooty_tern", "sooty_tern"))
        theirs = planted_report("b", "NMR", Planted("account", "otherapp/sootytern", "sootytern"))
        assert [link["strength"] for link in work_out([mine, theirs], [])["links"]] == ["weak"]


class TestCalendar:
    @pytest.mark.parametrize("month", [1, 3, 4, 5, 12])
    def test_the_swappable_day_has_passed_both_ways(self, month: int) -> None:
        calendar = Calendar(datetime(2027, month, 4, tzinfo=UTC))
        april, march = calendar.swappable_day()
        assert (april.day, april.month) == (march.month, march.day) == (3, 4)
        assert max(april, march) < calendar.base

    def test_a_plain_day_cannot_be_swapped(self) -> None:
        for day in range(1, 29):
            assert Calendar(datetime(2027, 3, day, tzinfo=UTC)).plain_day(1).day > 12


class TestStream:
    def test_the_same_seed_gives_the_same_bytes(self) -> None:
        assert list(islice(stream_reports(3), 50)) == list(islice(stream_reports(3), 50))
        assert list(islice(stream_reports(3), 5)) != list(islice(stream_reports(4), 5))

    def test_each_is_a_report_with_about_ten_identifiers(self) -> None:
        for content in islice(stream_reports(3), 200):
            values = identifiers(json.loads(content))
            assert len(values) == 11

    @pytest.mark.parametrize("overlap", [0.0, 0.1, 0.5])
    def test_the_overlap_is_the_share_that_was_held_before(self, overlap: float) -> None:
        seen: set[str] = set()
        again = total = 0
        for content in islice(stream_reports(3, overlap), 2000):
            values = identifiers(json.loads(content))
            again += len(values & seen)
            total += len(values)
            seen |= values
        assert again / total == pytest.approx(overlap, abs=0.02)

    def test_report_numbers_never_come_twice(self) -> None:
        numbers = [json.loads(content)["reportId"] for content in islice(stream_reports(3), 500)]
        assert len(set(numbers)) == 500

    def test_addresses_are_reserved_ones(self) -> None:
        for content in islice(stream_reports(3), 100):
            for capture in captures(json.loads(content)):
                if capture["captureType"] == "IP Address":
                    assert ip_address(capture["value"]) in RESERVED[-1]


def captures(report: dict[str, Any]) -> list[dict[str, Any]]:
    person = report["reportedInformation"]["reportedPeople"]["reportedPersons"][0]
    found: list[dict[str, Any]] = person["sourceInformation"]["sourceCaptures"]
    return found


def identifiers(report: dict[str, Any]) -> set[str]:
    told = report["reportedInformation"]
    people = told["reportedPeople"]["reportedPersons"] + told["intendedRecipients"]["intendedRecipients"]
    values = {capture["value"] for capture in captures(report)}
    for person in people:
        values |= {person["espUserId"], person["screenName"]["value"]}
        values |= {mail["value"] for mail in (person["emails"] or {"emails": []})["emails"]}
    return values | {file["verificationHash"] for file in told["uploadedFiles"]["uploadedFiles"]}


def test_no_two_reports_of_the_stories_share_a_file_by_accident(story: Story) -> None:
    same = [
        (a.id, b.id) for a, b in combinations(story.deliveries, 2) if a.document.content == b.document.content
    ]
    assert sorted(map(sorted, same)) == sorted(
        sorted(pair)
        for pair in combinations(("odd-same-file", "odd-same-file-again", "odd-same-file-elsewhere"), 2)
    )


class TestTour:
    """The tour names only what the demonstration, at its own seed and base, really holds."""

    def test_its_logins_exist(self) -> None:
        logins = set(re.findall(r"`([a-z]+@(?:esx|nmr|wvl|nfp|ncc|ndc)\.example)`", TOUR.read_text()))
        assert len(logins) == 6
        assert logins <= {officer.login for agency in AGENCIES for officer in agency.officers}

    def test_its_nine_values_stand_in_the_reports_of_their_cells(
        self, manifest: dict[str, Any], story: Story
    ) -> None:
        rows = re.findall(
            r"^\| \*\*(\w+)\*\* \| `(.+)` \| `(.+)` \| `(.+)` \|$", TOUR.read_text(), re.MULTILINE
        )
        shown = {
            (mine, theirs): value for mine, *row in rows for theirs, value in zip(LEVELS, row, strict=True)
        }
        text = {one.id: words(one) for one in story.deliveries}
        for cell in manifest["cells"]:
            for name in cell["reports"]:
                assert shown[cell["mine"], cell["theirs"]].casefold() in text[name].casefold(), name

    def test_its_other_values_are_planted(self, story: Story) -> None:
        page, text = TOUR.read_text(), "\n".join(words(one) for one in story.deliveries)
        for value in ("kestrel_blue", "o77oo 9oo142", "tall_heron", "kesblue77", "blackcap_dj", "QX21 KTE",
                      "Kes", "192.0.2.92", "03/04", "100.72.3.9"):  # fmt: skip
            assert f"`{value}`" in page
            assert value in text
