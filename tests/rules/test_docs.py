"""The documents say what is so: their commands run, their links lead somewhere, their tables match the code."""

import ast
import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
import typer.main

from cets.adapters.postgres import Cluster
from cets.domains.identifiers.kinds import KINDS, clean
from cets.domains.identifiers.kinds.base import Context
from cets.domains.intake.sources import all_sources
from cets.settings.types import Instance
from cets.sites.console.commands import app

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
CONTRACT = "docs/integrating/command-line.md"
#: In the order in which a reader meets them: what one makes, the next may use.
WITH_COMMANDS = (
    "README.md",
    CONTRACT,
    "docs/operating/install.md",
    "docs/operating/running.md",
    "docs/operating/audit.md",
)

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
#: Where a path in a document may begin.
BASES = (
    ROOT,
    SRC,
    SRC / "cets",
    SRC / "cets/domains",
    SRC / "cets/domains/intake",
    SRC / "cets/domains/identifiers",
)
#: In an instance's home folder, in another project's repository, or in every folder of a kind.
NOT_HERE = ("blobs/", "secrets/", "heads/", "postgres/", "lists/", "cybertipline/generate/", "examples/")
SETTINGS = [f.name for f in fields(Instance) if f.name not in {"home", "process"}]


def documents() -> list[Path]:
    """Return every document that a reader may meet, but for those of test data."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in sorted(done.stdout.split()) if (ROOT / name).is_file()]


def name_of(document: Path) -> str:
    return str(document.relative_to(ROOT))


DOCUMENTS = documents()
TEXT = {name_of(document): document.read_text() for document in DOCUMENTS}
EVERYTHING = "\n".join(TEXT.values())
each_document = pytest.mark.parametrize("name", TEXT)


def spans(text: str) -> set[str]:
    """Return what stands in backticks outside fenced examples."""
    return set(SPAN.findall(FENCE.sub("", text)))


def lines_of_code(text: str) -> list[str]:
    """Return every line that shows something to type: fenced, indented or within a sentence."""
    fenced = [line for _, body in FENCE.findall(text) for line in body.splitlines()]
    rest = FENCE.sub("", text)
    indented = [line.strip() for line in rest.splitlines() if line.startswith("    ")]
    return [*fenced, *indented, *spans(text)]


def shell_lines(text: str) -> list[str]:
    return [
        line
        for kind, body in FENCE.findall(text)
        if kind == "sh"
        for line in body.splitlines()
        if line.strip()
    ]


# --- commands -------------------------------------------------------------------------------------


def commands() -> dict[str, set[str]]:
    """Return the options of every command of `cets`."""

    def walk(command, words) -> Iterator[tuple[str, set[str]]]:
        for word, below in getattr(command, "commands", {}).items():
            yield from walk(below, (*words, word))
        if not hasattr(command, "commands"):
            yield " ".join(words), options_of(command)

    return dict(walk(ROOT_COMMAND, ()))


def options_of(command) -> set[str]:
    return {option for one in command.params for option in one.opts if option.startswith("-")}


ROOT_COMMAND = typer.main.get_command(app)
COMMANDS = commands()
OPTIONS = set().union(*COMMANDS.values()) | options_of(ROOT_COMMAND) | {"--help"}


def problem_of(line: str) -> str | None:
    """Say what a shown command has that `cets` does not."""
    words = shlex.split(line, comments=True)
    wanted = {word.partition("=")[0] for word in words if word.startswith("--") and word != "--"}
    if len(words) < 2 or words[1] in {"...", "COMMAND"} or words[1].startswith("-"):
        unknown = wanted - OPTIONS
    else:
        command = next((c for c in COMMANDS if words[1 : 1 + len(c.split())] == c.split()), None)
        if command is None:
            return f"there is no command {' '.join(words[:3])}"
        unknown = wanted - COMMANDS[command] - {"--help"}
    return f"no option {', '.join(sorted(unknown))}" if unknown else None


@each_document
def test_every_command_and_option_that_is_shown_exists(name):
    shown = [re.sub(r"^(\$ |\.venv/bin/|ExecStart=\S*/)", "", line) for line in lines_of_code(TEXT[name])]
    problems = [f"{line}: {why}" for line in shown if line.startswith("cets ") and (why := problem_of(line))]
    problems += [
        f"`{span}` is no option of cets" for span in spans(TEXT[name]) if is_unknown_option(span, name)
    ]
    assert not problems, f"{name}:\n" + "\n".join(problems)


def is_unknown_option(span: str, name: str) -> bool:
    if not name.startswith(("README", "SECURITY", "docs/")) or not re.fullmatch(r"--[a-z-]+( .*)?", span):
        return False
    return span.split(maxsplit=1)[0] not in OPTIONS


def test_the_check_of_commands_finds_what_is_not_there():
    assert problem_of("cets brew --home DIR") == "there is no command cets brew --home"
    assert problem_of("cets hits --agency ESX --json --colour") == "no option --colour"
    assert problem_of("cets report show REF --reveal") is None


def test_every_command_is_explained_in_the_contract():
    missing = [command for command in COMMANDS if f"cets {command}" not in TEXT[CONTRACT]]
    assert not missing, f"{CONTRACT} says nothing of: {', '.join(missing)}. Write a paragraph each."


def test_every_option_is_explained_in_the_contract():
    common = {"--home", "--json"}
    missing = sorted(
        option for options in COMMANDS.values() for option in options - common if option not in TEXT[CONTRACT]
    )
    assert not missing, f"{CONTRACT} does not show: {', '.join(missing)}"


# --- commands that run ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Ran:
    document: str
    line: str
    status: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> list[Ran]:
    """Everything that the documents show to be typed, in order, as one reader would."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "src").symlink_to(SRC)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CETS_", "DJANGO_", "MAKE", "MFLAGS")) and name != "DATABASE_URL"
    }
    ran: list[Ran] = []
    with ExitStack() as servers:
        for document in WITH_COMMANDS:
            for line in shell_lines(TEXT[document]):
                words = shlex.split(line, comments=True)
                if words[:2] == ["cets", "init"]:
                    home = folder / f"home-{len(ran)}"
                words = [str(home) if word == "demo-home" else word for word in words]
                ran.append(run(document, line, words, folder, {**environment, "CETS_HOME": str(home)}))
                if words[:2] == ["cets", "init"] and not ran[-1].status:
                    # Held until the end, so that each command need not start and stop it: it does so in other tests.
                    servers.enter_context(Cluster(home).use())
    return ran


def run(document: str, line: str, words: list[str], folder: Path, environment: dict[str, str]) -> Ran:
    if words[0] == "cets":
        words, where = [sys.executable, "-m", "cets.sites.console.main", *words[1:]], folder
    else:
        assert words[:2] == ["make", "-n"], (
            f"{document}: {line} is marked as shell and is neither cets nor make -n"
        )
        where = ROOT
    done = subprocess.run(
        words, cwd=where, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    return Ran(document, line, done.returncode, done.stdout, done.stderr)


def test_every_command_of_the_documents_runs(session):
    failed = [
        f"{one.document}: {one.line}\n{one.out[-500:]}{one.err[-1500:]}" for one in session if one.status
    ]
    assert not failed, "\n\n".join(failed)
    assert {one.document for one in session} == set(WITH_COMMANDS)


def test_the_first_session_ends_with_a_hit(session):
    last = [one for one in session if one.document == "README.md"][-1]
    assert "cets hits" in last.line
    assert "ESX" in last.out


def test_every_key_that_is_printed_is_in_the_contract(session):
    known = spans(TEXT[CONTRACT])
    printed = {
        key for one in session if "--json" in one.line for record in one.records for key in keys_of(record)
    }
    assert {"identifiers", "theirs", "contact", "candidates"} <= printed
    missing = sorted(printed - known)
    assert not missing, f"{CONTRACT} does not name these keys: {', '.join(missing)}"


def keys_of(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from keys_of(below)
    elif isinstance(value, list):
        for below in value:
            yield from keys_of(below)


def test_every_key_of_the_contracts_tables_is_printed(session):
    by_command = {"ingest": {"joins", "remarks"}, "report show": set(), "hits": set()}
    for command, not_here in by_command.items():
        text = TEXT[CONTRACT].split(f"## `cets {command}`")[1].split("\n## ")[0]
        named = {key for row in re.findall(r"^\| (`.+?) \|", text, re.MULTILINE) for key in SPAN.findall(row)}
        lines = [
            one for one in session if one.document == CONTRACT and one.line.startswith(f"cets {command} ")
        ]
        printed = {key for one in lines for record in one.records for key in record}
        assert named - not_here <= printed, f"{command} prints no {named - printed}"
        assert len(named) > 5


# --- links and paths ------------------------------------------------------------------------------


def test_every_link_leads_somewhere():
    spec = importlib.util.spec_from_file_location("links_script", ROOT / "scripts/links.py")
    assert spec
    assert spec.loader
    links = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(links)
    assert not [problem for document in DOCUMENTS for problem in links.problems(document)]


@each_document
def test_every_path_that_is_named_is_there(name):
    missing = [span for span in spans(TEXT[name]) if is_a_path(span) and not is_there(span, ROOT / name)]
    assert not missing, f"{name} names what is not there: {', '.join(missing)}"


def is_a_path(span: str) -> bool:
    """Say whether this is meant as a file or folder of ours: by its shape, without what stands for a name."""
    if (
        not re.fullmatch(r"[\w.@/-]+", span)
        or re.search(r"\b[A-Z]{3,}\b(?!\.md)", span)
        or span.startswith(("/", "http"))
    ):
        return False
    return "/" in span and span.endswith((".py", ".md", ".txt", ".toml", ".xsd", ".ts", "/"))


def is_there(span: str, document: Path) -> bool:
    if span.startswith(NOT_HERE):
        return True
    return any((base / span).exists() for base in (*BASES, document.parent))


# --- tables that repeat the code ------------------------------------------------------------------


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_documented(setting):
    assert f"`{setting}`" in EVERYTHING, f"Say in docs/operating/settings.md what {setting} does."


def variables_read() -> dict[str, str]:
    """Return every environment variable that the product reads or sets, with the place."""
    found: dict[str, str] = {}
    for path in sorted(SRC.rglob("*.py")):
        text = path.read_text()
        if "environ" not in text and "getenv" not in text:
            continue
        tree = ast.parse(text)
        constants = {
            target.id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for key in environment_keys(tree):
            named = key.value if isinstance(key, ast.Constant) else constants.get(getattr(key, "id", ""))
            if isinstance(named, str):
                found.setdefault(named, str(path.relative_to(ROOT)))
    return found


def environment_keys(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield node.slice
        elif (
            isinstance(node, ast.Call)
            and node.args
            and ast.unparse(node.func).startswith(("os.environ.", "os.getenv"))
        ):
            yield node.args[0]


def test_every_environment_variable_is_documented():
    read = variables_read()
    assert {"DATABASE_URL", "CETS_HOME", "CETS_POSTGRES_BIN"} <= set(read)
    missing = [f"{name} ({place})" for name, place in read.items() if f"`{name}`" not in EVERYTHING]
    assert not missing, f"docs/operating/running.md says nothing of: {', '.join(missing)}"


def test_every_kind_of_identifier_is_in_its_table_with_its_worth_and_a_true_example():
    rows = re.findall(
        r"^\| `(\w+)` \| .+ \| `([^`]+)` \| ([\d.]+) \|$",
        TEXT["docs/integrating/identifiers.md"],
        re.MULTILINE,
    )
    assert {kind: float(bits) for kind, _, bits in rows} == {kind.name: kind.bits for kind in KINDS.values()}
    for kind, example, _ in rows:
        assert clean(kind, example, Context(country="GB")).value == example


def test_every_source_is_in_the_table_of_formats():
    rows = re.findall(r"^\| \[`(\w+)`\]", TEXT["docs/integrating/formats.md"], re.MULTILINE)
    assert sorted(rows) == sorted(all_sources())


def test_the_nine_cells_are_told_alike_everywhere():
    def cells(name):
        rows = re.findall(r"^\| \*\*(open|contact|silent)\*\* \|(.+)\|$", TEXT[name], re.MULTILINE)
        return [(mine, [cell.strip() for cell in row.split("|")]) for mine, row in rows]

    told = cells("docs/integrating/sharing.md")
    assert [mine for mine, _ in told] == ["open", "contact", "silent"]
    assert [len(row) for _, row in told] == [3, 3, 3]
    assert cells("SECURITY.md") == told


def test_every_direct_dependency_is_accounted_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    package = json.loads((ROOT / "frontend/package.json").read_text())
    names = {re.split(r"[^\w.-]", one, maxsplit=1)[0] for one in wanted}
    names |= {*package["dependencies"], *package["devDependencies"]}
    rows = re.findall(r"^\| ([^|]+) \|", TEXT["docs/dependencies.md"], re.MULTILINE)
    told = {re.sub(r" \(`\w+`\)", "", one).strip() for row in rows for one in row.split(",")}
    told -= {"Package", "---"}
    assert told == names, f"not told: {sorted(names - told)}; told and not there: {sorted(told - names)}"


def test_every_decision_is_in_their_list():
    pages = {path.name for path in (ROOT / "docs/adr").glob("0*.md")}
    assert pages == set(re.findall(r"\((0\d{3}-[\w-]+\.md)\)", TEXT["docs/adr/README.md"]))
    assert all(len((ROOT / "docs/adr" / page).read_text().splitlines()) <= 45 for page in pages), (
        "half a page each"
    )


def test_every_domain_says_what_it_owns():
    folders = [path.parent for path in (SRC / "cets/domains").glob("*/__init__.py")]
    folders += [SRC / "cets" / name for name in ("kernel", "access", "audit")]
    assert not [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "README.md").is_file()]


def test_the_people_of_the_first_pages_are_of_the_demo():
    from cets.sites.console.nation.agencies import AGENCIES

    logins = {officer.login for agency in AGENCIES for officer in agency.officers}
    shown = {
        word
        for name in ("README.md", "docs/officers/tour.md")
        for word in spans(TEXT[name])
        if word.endswith(".example")
    }
    named = {word for word in shown if re.fullmatch(r"[a-z]+@(esx|nmr|wvl|nfp|ncc|ndc)\.example", word)}
    assert len(named) > 3
    assert named <= logins
