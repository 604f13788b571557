"""The page for integrators states the limits that the sources have."""

from pathlib import Path

from cets.domains.intake import xml_walk
from cets.domains.intake.containers import limits as containers
from cets.domains.intake.parser import walls
from cets.domains.intake.parser.client import MOST_CRASHES, Limits
from cets.domains.intake.sources.csv_table import source as csv_table
from cets.domains.intake.sources.cybertip_json import source as cybertip_json
from cets.domains.intake.sources.cybertip_xml import source as cybertip_xml
from cets.domains.intake.sources.xlsx import source as xlsx

ROOT = Path(__file__).parents[4]
SOURCES = Path(csv_table.__file__).parents[1]


def page(name: str) -> str:
    return (ROOT / "docs" / "integrating" / name).read_text()


def test_limits_of_each_source_are_as_stated() -> None:
    rows = {line.split("`")[1]: line for line in page("formats.md").splitlines() if line.startswith("| [`")}
    assert f"{cybertip_json.LARGEST >> 20} MB, {cybertip_json.MOST_PARTS:,} parts" in rows["cybertip_json"]
    assert f"{cybertip_xml.LARGEST >> 20} MB, {cybertip_xml.MOST_ELEMENTS:,} elements" in rows["cybertip_xml"]
    assert (
        f"a cell {csv_table.LONGEST_CELL >> 20} MB, a line {csv_table.LONGEST_LINE >> 20} MB" in rows["csv"]
    )
    assert f"{xlsx.LARGEST_UNPACKED >> 30} GB and" in rows["xlsx"]
    assert f"{xlsx.LARGEST_STRINGS >> 20} MB of shared texts, {xlsx.MOST_SHEETS} sheets" in rows["xlsx"]
    inside = next(line for line in page("formats.md").splitlines() if line.startswith("| inside archives |"))
    assert f"{containers.MOST_MEMBERS:,} members, {containers.MOST_MEMBER // 10**6} MB each" in inside
    assert f"{containers.MOST_BYTES // 10**9} GB in all, {containers.MOST_RATIO} times its size" in inside
    assert f"{containers.DEEPEST} levels, {containers.MOST_DICTIONARY >> 20} MB of dictionary" in inside
    for name in ("cellebrite_xml", "c4all"):
        assert f"{xml_walk.MOST_PARTS:,} elements of one record, {xml_walk.DEEPEST} levels" in rows[name]


def test_limits_of_the_reading_process_are_as_stated() -> None:
    text, limits = page("formats.md"), Limits()
    assert f"| memory of the reading process | {limits.memory // 10**6} MB |" in text
    assert f"| time | {limits.seconds:.0f} s and {limits.seconds_per_megabyte:.0f} s a megabyte |" in text
    packed = f"{limits.seconds:.0f} s and {limits.seconds_per_packed_megabyte:.0f} s a megabyte, at most {limits.most_seconds:.0f} s"
    assert f"| time of a workbook or archive | {packed} |" in text
    assert f"| rows | {limits.rows:,} |" in text


def test_the_page_for_operators_states_the_same() -> None:
    text, limits = (ROOT / "docs" / "operating" / "limits.md").read_text(), Limits()
    for row in (
        f"| memory of the parser | {limits.memory // 10**6} MB of address space |",
        (
            f"| time | {limits.seconds:.0f} s and {limits.seconds_per_megabyte:.0f} s for each MB;"
            f" {limits.seconds_per_packed_megabyte:.0f} s for each MB of a workbook or archive; {limits.most_seconds / 60:.0f} min at most |"
        ),
        f"| rows | {limits.rows:,} |",
        f"| output | {limits.output // 10**9} GB of rows |",
        f"| one member of an archive | {containers.MOST_MEMBER // 10**6} MB unpacked |",
        f"| members of an archive | {containers.MOST_MEMBERS:,}, all depths together |",
        f"| all members together | {containers.MOST_BYTES // 10**9} GB unpacked |",
        f"| ratio | {containers.MOST_RATIO} times its packed size, from {containers.RATIO_FROM // 10**6} MB on |",
        f"| depth of archives in archives | {containers.DEEPEST} |",
        f"| members that end the parser's process | {MOST_CRASHES} of one archive,",
        f"| unpacked at one moment | {limits.scratch / 10**9} GB in the parser's scratch folder",
        f"| files for one parser process | {limits.files_per_process:,}; then a fresh one takes over, as after {limits.resident // 10**6} MB that it keeps |",
    ):
        assert row in text
    assert f"goes on as user {walls.NOBODY}" in text


def test_the_sources_own_pages_state_the_same() -> None:
    said = f"Limit: {cybertip_json.LARGEST >> 20} MB and {cybertip_json.MOST_PARTS:,} parts."
    assert said in (SOURCES / "cybertip_json" / "README.md").read_text()
    said = f"Limits: {cybertip_xml.LARGEST >> 20} MB, {cybertip_xml.MOST_ELEMENTS:,} elements"
    assert said in (SOURCES / "cybertip_xml" / "README.md").read_text()
