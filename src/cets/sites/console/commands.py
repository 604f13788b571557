"""`cets`: everything but the browser. Exit status 0 all done, 1 something was refused or found wrong, 2 wrong use."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from cets.kernel import clock
from cets.kernel.texts import shows_something
from cets.sites.console import runtime, words
from cets.sites.console.output import Printer, notes
from cets.sites.console.telling import fail, stop_told

if TYPE_CHECKING:
    from cets.access.viewer import Viewer
    from cets.domains.agencies.models import Agency
    from cets.settings.types import Instance

app = typer.Typer(
    no_args_is_help=True, help="Child Exploitation Tracking System", pretty_exceptions_enable=False
)
agency_app = typer.Typer(no_args_is_help=True, help="Agencies")
report_app = typer.Typer(no_args_is_help=True, help="Reports")
app.add_typer(agency_app, name="agency")
app.add_typer(report_app, name="report")

Home = Annotated[Path | None, typer.Option("--home", envvar="CETS_HOME", help="Folder of the instance")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output")]
AgencyCode = Annotated[str | None, typer.Option("--agency", help="Act as this agency's service account")]
As = Annotated[str | None, typer.Option("--as", help="Act as this officer (login)")]
PurposeText = Annotated[str, typer.Option("--purpose", help="Why you look; recorded")]
Port = Annotated[int, typer.Option(help="Port of the desk", min=1, max=65_535)]
Ref = Annotated[str, typer.Option("--ref", help="Case or report you look for; recorded")]

#: Of an `ingest` that Ctrl-C ended.
INGEST_STOPPED = "Stopped. What was sealed by then is kept, and the worker reads it; so does the same command, given again."
#: Of a `reread` that Ctrl-C ended.
REREAD_STOPPED = (
    "Stopped. What was queued by then is read again by the worker; the same command takes up the rest."
)


def _say_version(asked: bool) -> None:
    if asked:
        version = metadata.version("cets")
        Printer(as_json=False).record({"version": version}, f"cets {version}")
        raise typer.Exit


@app.callback()
def _before_every_command(
    _version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_say_version, help="Print the version and stop"),
    ] = False,
) -> None:
    """Options of `cets` itself."""


@app.command()
def init(
    home: Home = None,
    demo_keys: Annotated[
        bool,
        typer.Option("--demo-keys", help="Invented data only: keys inside the home folder, nothing asked"),
    ] = False,
    keys: Annotated[Path | None, typer.Option(help="Folder for the keys, outside the home folder")] = None,
    as_json: Json = False,
) -> None:
    """Make an empty instance."""
    from cets.sites.console import asking, founding, homes

    folder = runtime.home_of(home)
    homes.check_free(folder)
    url = os.environ.get("DATABASE_URL") or None
    if not demo_keys and keys is None:
        keys = Path(
            typer.prompt("Folder for the keys (outside the home folder, better on another medium)", err=True)
        )
    if keys is not None and keys.resolve().is_relative_to(folder) and not demo_keys:
        fail("Keys of real data do not lie in the home folder. Choose another folder.", 2)
    if not demo_keys and url is None:
        fail(
            "Real data needs a PostgreSQL server of your own: set DATABASE_URL (docs/operating/database.md).",
            2,
        )
    founding.check_places(keys, url)
    administrators = _demo_administrators() if demo_keys else asking.administrators()
    with founding.whole_or_nothing(folder, keys_dir=keys, database_url=url):
        instance = founding.make_home(folder, demo=demo_keys, keys_dir=keys, database_url=url)
        with runtime.database(instance):
            try:
                founding.make_database(instance)
                founding.found(
                    at=clock.now(), centre="National centre", country="GB", administrators=administrators
                )
                runtime.sequence(instance)
            finally:
                runtime.close()
    Printer(as_json=as_json).record(
        {"home": str(folder), "mode": instance.mode}, f"An empty instance is in {folder}."
    )


def _demo_administrators() -> tuple[tuple[str, str, str], ...]:
    return (
        ("first@centre.example", "First Administrator", "demo"),
        ("second@centre.example", "Second Administrator", "demo"),
    )


@app.command()
def migrate(home: Home = None, as_json: Json = False) -> None:
    """Bring the tables of an instance up to date with this version, as the owner."""
    with _started(home, "owner") as instance:
        from cets.sites.console import founding

        founding.migrate(instance)
    Printer(as_json=as_json).state(
        {"state": "migrated", "home": str(instance.home)}, "The tables are up to date."
    )


@agency_app.command("add")
def agency_add(
    code: str,
    name: Annotated[str, typer.Option(help="Name as the others see it")],
    country: Annotated[
        str, typer.Option(help="ISO 3166 code of two letters: national phone numbers are read with it")
    ],
    phone: Annotated[str, typer.Option(help="Duty team's telephone, told in hits")] = "",
    email: Annotated[str, typer.Option(help="Duty team's e-mail, told in hits")] = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make an agency with its duty team and its command-line service account."""
    with _started(home, "owner") as instance:
        from cets.domains.agencies import actions
        from cets.sites.console.founding import founder

        made = actions.add_agency(
            code=code, name=name, country=country, phone=phone, email=email, by=founder(), at=clock.now()
        )
        runtime.sequence(instance)
    if not phone.strip() and not email.strip():
        notes.print(
            f"Nobody can reach the duty team of {made.code} yet: others who learn of a hit are told neither telephone nor e-mail."
            " Give both next time (--phone, --email), and now at the desk, on the page of the agency.",
            markup=False,
        )
    Printer(as_json=as_json).record(
        {"agency": made.code, "name": made.name, "country": made.country},
        f"{made.code} is there: {made.name}.",
    )


@app.command()
def ingest(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input")],
    agency: AgencyCode = None,
    as_: As = None,
    sharing: Annotated[str, typer.Option(help="open, contact or silent")] = "contact",
    one_report: Annotated[
        bool, typer.Option("--one-report", help="Each folder is one report, its files the parts")
    ] = False,
    purpose: PurposeText = "command line",
    ref: Ref = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take files in: sealed, read, matched. Returns when every hit is known."""
    if sharing not in {"open", "contact", "silent"}:
        fail("--sharing is open, contact or silent.", 2)
    if one_report and not all(map(os.path.isdir, paths)):
        fail("--one-report takes folders: each becomes one report. Leave it out for single files.", 2)
    printer, refused = Printer(as_json=as_json), 0
    with stop_told(INGEST_STOPPED), _started(home, "worker") as instance:
        from cets.domains.intake.parser.client import Parser
        from cets.domains.intake.reader import Reading
        from cets.domains.sharing.levels import Level
        from cets.sites.console.ingesting import Session
        from cets.sites.console.ingesting import ingest as run
        from cets.sites.console.ingesting_together import ingest_folder

        chosen, viewer = _viewer(agency, as_, purpose, ref)
        with Parser() as parser:
            session = Session(
                Reading(runtime.vault(instance), parser),
                chosen,
                viewer,
                Level.of(sharing),
                instance.max_file_bytes,
            )
            folders = (line for path in paths for line in ingest_folder(session, path))
            for line in folders if one_report else run(session, paths):
                refused += line["error"] is not None
                printer.record(line, _ingest_words(line))
        runtime.sequence(instance)
    raise typer.Exit(1 if refused else 0)


@app.command()
def watch(
    folder: Annotated[
        Path, typer.Argument(help="Where files and folders are dropped; made if it is not there")
    ],
    agency: AgencyCode = None,
    as_: As = None,
    sharing: Annotated[str, typer.Option(help="open, contact or silent")] = "contact",
    rest: Annotated[
        float,
        typer.Option(min=0.1, max=86_400, help="Seconds without a change after which a thing is complete"),
    ] = 5.0,
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is left to take in")] = False,
    purpose: PurposeText = "command line",
    ref: Ref = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take in what is dropped into a folder, a folder in it as one report, and put it away with its receipt."""
    if sharing not in {"open", "contact", "silent"}:
        fail("--sharing is open, contact or silent.", 2)
    printer, refused, stop = Printer(as_json=as_json), 0, threading.Event()
    with _started(home, "worker") as instance:
        from cets.domains.intake.parser.client import Parser
        from cets.domains.intake.reader import Reading
        from cets.domains.sharing.levels import Level
        from cets.sites.console.ingesting import Session
        from cets.sites.console.watching import Watch, words_of

        with Parser() as parser:
            reading = Reading(runtime.vault(instance), parser)

            def session() -> Session:
                chosen, viewer = _viewer(agency, as_, purpose, ref)
                return Session(reading, chosen, viewer, Level.of(sharing), instance.max_file_bytes)

            session()  # nobody there is said before anything is waited for
            watching = Watch(folder.absolute(), session, rest, stop)
            with runtime.stopped_in_order(stop):
                printer.state({"state": "watching", "folder": str(folder)}, f"Watching {folder}.")
                for record in watching.run(once=once):
                    refused += record["state"] == "refused"
                    printer.record(record, words_of(record))
                    runtime.sequence(instance)
            printer.state({"state": "stopped", "folder": str(folder)}, f"{folder} is no longer watched.")
            refused += len(watching.waiting)
    raise typer.Exit(1 if once and refused else 0)


@app.command()
def reread(
    agency: AgencyCode = None,
    as_: As = None,
    source: Annotated[
        str | None, typer.Option(help="Only what this source read, as `cets ingest` names it")
    ] = None,
    older_than_version: Annotated[
        bool, typer.Option("--older-than-version", help="Only what an older version of its source read")
    ] = False,
    purpose: PurposeText = "command line",
    ref: Ref = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Have files read again by the readers of this version; the worker does it, and tells what came and what went."""
    printer = Printer(as_json=as_json)
    with stop_told(REREAD_STOPPED), _started(home, "worker") as instance:
        from cets.sites.console import rereading

        _, viewer = _viewer(agency, as_, purpose, ref)
        for record, said in rereading.reread(viewer, source=source, only_older=older_than_version):
            (printer.record if record["state"] == "queued" else printer.state)(record, said)
        runtime.sequence(instance)


def _ingest_words(line: dict[str, object]) -> str:
    if line["error"]:
        return f"refused  {line['file']}: {line['error']}"
    if line["duplicate_of"]:
        return f"held     {line['file']}: already in {line['duplicate_of']}"
    if not line["report"]:
        return f"empty    {line['file']}: nothing in it to take in"
    found = f"{line['identifiers']} identifiers, {line['hits']} hits"
    match line["not_understood"]:
        case [first]:
            found += f". Not understood: {first}"
        case [first, *others]:
            found += f". Not understood: {first} And {len(others)} more on its receipt"
    return f"in       {line['file']}: {line['report']}, {line['source'] or 'not understood'}, {found}"


@report_app.command("show")
def report_show(
    reference: str,
    agency: AgencyCode = None,
    as_: As = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show victims' values; recorded")] = False,
    purpose: PurposeText = "command line",
    ref: Ref = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show one report with its identifiers and their places."""
    with _started(home, "worker") as instance:
        from cets.sites.console import showing

        _, viewer = _viewer(agency, as_, purpose, ref)
        record = showing.report(viewer, reference, reveal=reveal)
        runtime.sequence(instance)
    printer = Printer(as_json=as_json)
    printer.record(record, f"{record['reference']} {record['title']}\n{record['next']}, due {record['due']}")
    rows = [
        (i["kind"], i["value"], i["role"], str(len(i["places"])), i["common"] or "")
        for i in record["identifiers"]
    ]
    printer.table("Identifiers", ("kind", "value", "role", "places", "common"), rows)


@report_app.command("shape")
def report_shape(
    reference: str,
    agency: AgencyCode = None,
    as_: As = None,
    purpose: PurposeText = "command line",
    ref: Ref = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Print the shape of what was not understood, for who maintains a source: key paths, types, counts; no value."""
    with _started(home, "worker") as instance:
        from cets.sites.console import showing

        _, viewer = _viewer(agency, as_, purpose, ref)
        shape = showing.shape(viewer, reference)
        runtime.sequence(instance)
    printer = Printer(as_json=as_json)
    printer.record(shape, f"{len(shape['files'])} files")
    rows = [
        (
            str(one["file"]),
            one["source"] or "not understood",
            field["path"],
            field["type"] or "",
            str(field["times"]),
        )
        for one in shape["files"]
        for field in one["fields"]
    ]
    printer.table("Fields", ("file", "source", "path", "type", "times"), rows)


@app.command()
def hits(
    agency: AgencyCode = None,
    as_: As = None,
    all_: Annotated[bool, typer.Option("--all", help="Common values too")] = False,
    purpose: PurposeText = "command line",
    ref: Ref = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the agency's hits: who else holds the same identifier, as far as it may be told."""
    printer = Printer(as_json=as_json)
    with _started(home, "worker") as instance:
        from cets.sites.console import showing

        _, viewer = _viewer(agency, as_, purpose, ref)
        for record in showing.hits(viewer, with_common=all_):
            who = ", ".join(t["agency"] for t in record["theirs"]) or "own reports"
            printer.record(
                record,
                f"{record['bits']:>5} {record['identifier']['kind']} {record['identifier']['value']}: {who}",
            )
        runtime.sequence(instance)


@app.command()
def search(
    query: str,
    agency: AgencyCode = None,
    as_: As = None,
    purpose: PurposeText = "command line",
    ref: Ref = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Search identifiers, references and words in what the agency holds."""
    if not shows_something(query):
        fail("There is nothing to search for: give an identifier, a reference or words.", 2)
    printer = Printer(as_json=as_json)
    with _started(home, "worker") as instance:
        from cets.sites.console import showing

        _, viewer = _viewer(agency, as_, purpose, ref)
        for record in showing.search(viewer, query):
            shown = record.get("identifier") or record.get("snippet")
            printer.record(
                record, f"{record['score']:>6} {record['type']:<10} {record['reference'] or ''} {shown or ''}"
            )
        runtime.sequence(instance)


@app.command("verify-audit")
def verify_audit(home: Home = None, as_json: Json = False) -> None:
    """Compare the record of who saw what with its second place; name every row that is not what it was."""
    printer = Printer(as_json=as_json)
    with _started(home, "owner") as instance:
        from cets.sites.console import proving

        report = proving.verify_audit(instance)
    for problem in report.problems:
        printer.record(
            {
                "problem": str(problem.kind),
                "text": problem.text,
                "seq": problem.seq,
                "number": problem.number,
            },
            problem.text,
        )
    summary = {
        "intact": report.is_intact, "chained": report.chained, "unchained": report.unchained, "witnessed": report.witnessed,
        "erased": report.erased, "problems": len(report.problems),
    }  # fmt: skip
    state = "intact" if report.is_intact else f"{len(report.problems)} problems"
    printer.record(
        summary,
        f"Audit {state}: {report.chained} rows chained, {report.unchained} not yet, {report.erased} erased.",
    )
    raise typer.Exit(0 if report.is_intact else 1)


@app.command("verify-vault")
def verify_vault(home: Home = None, as_json: Json = False) -> None:
    """Re-hash every sealed original; name each that is not what came in."""
    printer, checked, bad = Printer(as_json=as_json), 0, 0
    with _started(home, "owner") as instance:
        from cets.sites.console import proving

        for finding in proving.verify_vault(instance, runtime.vault(instance)):
            checked += 1
            if not finding.is_sound:
                bad += 1
                printer.record(
                    {
                        "original": str(finding.held.binding.object_id),
                        "problem": finding.problem,
                        "text": finding.detail,
                    },
                    finding.detail,
                )
    printer.record({"checked": checked, "bad": bad}, f"{checked} originals checked, {bad} not what came in.")
    raise typer.Exit(1 if bad else 0)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where the backup goes; - for standard output")],
    to: Annotated[
        list[str], typer.Option("--to", help="age recipient (age1...) whose identity is not on this machine")
    ],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write the whole instance, encrypted to a key that is not here."""
    with _started(home, "owner") as instance:
        from cets.domains.vault.keys import Recipients
        from cets.sites.console import keeping

        recipients = Recipients(to)
        if str(file) == "-":
            contents = keeping.backup(instance, sys.stdout.buffer, recipients=recipients, at=clock.now())
        else:
            contents = keeping.backup_to_file(instance, file, recipients=recipients, at=clock.now())
    if str(file) != "-":
        Printer(as_json=as_json).record(
            {"file": str(file), "blobs": contents.blobs},
            f"{file} holds the instance with {contents.blobs} originals.",
        )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The backup; - for standard input")],
    identity: Annotated[Path, typer.Option(help="age identity file that opens it")],
    keys: Annotated[
        Path,
        typer.Option(
            help="Folder with the instance's own keys, which are in no backup and travel by another way"
        ),
    ],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Bring an instance back into an empty folder; it verifies itself before you are told that it is there."""
    folder = runtime.home_of(home)
    with _opened(file) as source:
        from cets.sites.console import keeping

        keeping.restore(folder, source, identity=identity, keys_dir=keys)
    with _started(folder, "owner") as instance:
        from cets.sites.console import proving

        report = proving.verify_audit(instance)
        findings = list(proving.verify_vault(instance, runtime.vault(instance)))
    bad = [f for f in findings if not f.is_sound]
    record = {
        "home": str(folder),
        "audit_intact": report.is_intact,
        "originals": len(findings),
        "bad_originals": len(bad),
    }
    words = f"{folder} is restored: audit {'intact' if report.is_intact else 'NOT intact'}, {len(findings)} originals, {len(bad)} bad."
    notes.print(
        f"The keys were not in the backup: this instance uses those in {keys.resolve()}.", markup=False
    )
    Printer(as_json=as_json).record(record, words)
    raise typer.Exit(0 if report.is_intact and not bad else 1)


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    if str(file) == "-":
        if sys.stdin is None:
            fail("Standard input is closed: there is no backup to read.", 2)
        yield sys.stdin.buffer
        return
    try:
        source = file.open("rb")
    except OSError as error:
        fail(f"{file} could not be opened: {error.strerror}.", 1)
    with source:
        yield source


@app.command()
def explain(
    text: Annotated[str, typer.Argument(help="The text, or - for standard input")],
    country: Annotated[
        str | None,
        typer.Option(help="Country of the reading agency (ISO 3166), for national telephone numbers"),
    ] = None,
    platform: Annotated[str | None, typer.Option(help="Platform that the text comes from")] = None,
    home: Home = None,  # noqa: ARG001 - every command takes it; nothing of an instance is read here
    as_json: Json = False,
) -> None:
    """Say why something in a text is taken for an identifier. Nothing is kept."""
    from cets.sites.console import explaining

    explaining.run(text, country=country, platform=platform, printer=Printer(as_json=as_json))


@app.command()
def doctor(home: Home = None, as_json: Json = False) -> None:
    """Check what CETS stands on; each failure prints the fix."""
    from cets.sites.console import doctor as checks

    printer, failed = Printer(as_json=as_json), 0
    for check in checks.run(runtime.home_of(home)):
        failed += check.state == "failed"
        printer.record(
            {"check": check.name, "state": check.state, "found": check.found, "fix": check.fix or None},
            str(check),
        )
    raise typer.Exit(1 if failed else 0)


@app.command()
def up(
    home: Home = None,
    port: Port = 8000,
    host: Annotated[
        str, typer.Option(help="Address the desk listens on; put a TLS proxy before it")
    ] = "127.0.0.1",
    as_json: Json = False,
) -> None:
    """Start database, desk and worker here, until Ctrl-C."""
    from cets.settings import types
    from cets.sites.console import upping

    folder, printer = runtime.home_of(home), Printer(as_json=as_json)
    instance = types.load(folder)
    upping.check_built()
    address = upping.free_port(upping.Address(host, port))
    with runtime.database(instance) as database:
        upping.up(
            instance,
            address,
            database=database,
            ready=lambda: printer.state(
                {"state": "ready", "desk": str(address), "home": str(folder)},
                f"The desk is at {address}  Ctrl-C stops everything.",
            ),
        )
    printer.state({"state": "stopped", "desk": str(address), "home": str(folder)}, "")


@app.command()
def demo(
    home: Home = None,
    port: Port = 8000,
    only_load: Annotated[bool, typer.Option("--only-load", help="Load the nation and stop")] = False,
    as_json: Json = False,
) -> None:
    """Start an invented nation: agencies, officers and post, all made up."""
    from cets.sites.console import demonstrating

    demonstrating.run(runtime.home_of(home), port=port, only_load=only_load, printer=Printer(as_json=as_json))


def _viewer(agency: str | None, as_: str | None, purpose: str, ref: str) -> "tuple[Agency, Viewer]":
    """Return as whom a command acts. Wrong use ends it: nobody named, nobody there, two that do not agree, no purpose."""
    from cets.access.viewer import Purpose
    from cets.domains.agencies import queries

    if not shows_something(purpose):
        fail('The purpose is recorded: say it, or leave --purpose out and it is "command line".', 2)
    why = Purpose(purpose.strip(), ref.strip() if shows_something(ref) else "")
    try:
        if not as_ and not agency:
            fail("Say as whom: --agency CODE, or --as OFFICER.", 2)
        if not as_:
            return queries.service_account(str(agency), purpose=why)
        chosen, viewer = queries.officer_by_login(as_, purpose=why)
    except queries.NobodyThere as error:
        fail(str(error), 2)
    if agency and agency.strip().upper() != chosen.code:
        fail(f"{as_} acts for {chosen.code}, not for {agency}. Name one of --as and --agency.", 2)
    return chosen, viewer


@contextmanager
def _started(home: Path | None, process: runtime.Process) -> "Iterator[Instance]":
    with runtime.started(runtime.home_of(home), process) as instance:
        yield instance


for _group in (app, agency_app, report_app):
    for _one in _group.registered_commands:
        if _one.callback:
            _one.callback = words.of_text(_one.callback)
