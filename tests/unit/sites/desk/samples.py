"""Invented page models of every screen, for the tests of the templates and for looking at them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cets.sites.desk import pages
from cets.sites.desk.pages import (
    Alert,
    Bits,
    Cell,
    Column,
    Empty,
    Event,
    Fact,
    Link,
    Masked,
    NextStep,
    PageLink,
    Paging,
    Piece,
    Tab,
    Table,
    Tag,
    Value,
    forms,
)

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
#: A word that a file brings and no line holds.
UNBROKEN = "u" * 180


def at(days: int, hours: int, minutes: int, seconds: int = 0) -> datetime:
    midnight = NOW.replace(hour=0, minute=0)
    return midnight + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def shell(current: str = "", *, signed: bool = True, **more: str) -> pages.Shell:
    names = ("Home", "Reports", "Hits", "Upload", "Search")
    items = tuple(
        pages.Navigation(
            text=name,
            url=f"/{name.lower()}/",
            current=name == current,
            badge=3 if name == "Hits" else 0,
            badge_words="hits wait for a call" if name == "Hits" else "",
            short=name == "Hits",
        )
        for name in names
    )
    return pages.Shell(
        now=NOW,
        home_url="/",
        signed=pages.Signed("R. Adeyemi", "Intake officer", "Eastshire Police (ESX)") if signed else None,
        navigation=items if signed else (),
        demo=True,
        search_url="/search/" if signed else "",
        sign_out_url="/sign-out/" if signed else "",
        shortcuts_url="/shortcuts/",
        accessibility_url="/accessibility/",
        recorded_url="/recorded/" if signed else "",
        security_url="/security/" if signed else "",
        **more,
    )


REPORT = Link("CETS-ESX-2026-000123", "/reports/7d3f/")
HIT = Link("CETS-ESX-H-000031", "/hits/91ab/")
ACCOUNT = Value("Kite Chat / kestrel_blue", "/identifiers/a1/")
CHILD_MAIL = Value(masked=Masked("Child A", "e-mail", "/reveal/c2/"))
PAGING = Paging(
    first=26,
    last=50,
    total=1234,
    previous_url="?page=1",
    next_url="?page=3",
    pages=(
        PageLink(1, "?page=1"),
        PageLink(2, "?page=2", current=True),
        PageLink(3, "?page=3"),
        PageLink(None),
        PageLink(50, "?page=50"),
    ),
)


def home() -> pages.Home:
    def row(
        due: datetime, record: str, about: str, step: str, risk: Tag | None, owner: str = "You"
    ) -> pages.WorkRow:
        return pages.WorkRow(due, Link(record, f"/records/{record}/"), about, Link(step, "/do/"), owner, risk)

    high, medium, low = Tag("High", "red"), Tag("Medium", "blue"), Tag("Low", "grey")
    return pages.Home(
        overdue=1,
        today=3,
        later=4,
        team=Link("Duty team: 17 without a person", "/team/"),
        mine_link=Link("Mine (8)", "/"),
        team_link=Link("My team (25)", "/?team=1"),
        next=NextStep(
            lead="Do this next · overdue",
            step="Contact Northmoor Police about hit CETS-ESX-H-000031",
            why="They hold the same messaging account. Do not approach anyone until you have spoken to them.",
            due=at(0, 12, 0),
            button=Link("Contact the holder", HIT.url),
        ),
        groups=(
            pages.WorkGroup(
                "Overdue (1)",
                (
                    row(
                        at(0, 12, 0),
                        HIT.text,
                        "Hit with Northmoor Police, account",
                        "Contact the holder",
                        high,
                    ),
                ),
                late=True,
            ),
            pages.WorkGroup(
                "Today, Sat 21 Nov (3)",
                (
                    row(
                        at(0, 15, 30),
                        REPORT.text,
                        "Online enticement report, provider",
                        "Settle 2 ambiguous dates",
                        high,
                    ),
                    row(
                        at(0, 17, 0),
                        "CETS-ESX-2026-000119",
                        "Online enticement report, school",
                        "Grade and assess risk",
                        Tag("Not assessed", "amber"),
                    ),
                    row(
                        at(0, 18, 0),
                        "CETS-ESX-H-000034",
                        "Hit with Norland Federal Police, phone",
                        "Contact the holder",
                        medium,
                        "You, for duty team",
                    ),
                ),
            ),
            pages.WorkGroup(
                "Later (4)",
                (
                    row(
                        at(1, 9, 0),
                        "CETS-ESX-2026-000117",
                        "Material report, hash list match",
                        "Assign an investigator",
                        medium,
                        "Duty team",
                    ),
                    row(
                        at(2, 9, 0),
                        "CETS-ESX-2026-000098",
                        "Online enticement report, parent",
                        "Record safeguarding call",
                        high,
                    ),
                    row(
                        at(2, 12, 0),
                        "CETS-ESX-2026-000104",
                        "Bulk hand-over, 1,000 lines",
                        "Review 12 lines not understood",
                        low,
                    ),
                    row(
                        at(3, 17, 0),
                        "CETS-ESX-2026-000088",
                        "Extortion report, provider",
                        "Ask for the zone",
                        None,
                    ),
                ),
            ),
        ),
        hits=(
            pages.WaitingHit(
                Link("Northmoor Police", HIT.url),
                "Messaging account, in 1 of your reports",
                at(0, 12, 0),
                Bits(11.4),
            ),
            pages.WaitingHit(
                Link("Norland Federal Police", "/hits/92/"),
                "Phone number, in 2 of your reports",
                at(0, 18, 0),
                Bits(9.2),
            ),
            pages.WaitingHit(
                Link("Westvale Constabulary", "/hits/93/"),
                "IP address with time, in 1 of your reports",
                at(2, 9, 0),
                Bits(4.1),
            ),
        ),
        all_hits=Link("All hits (3)", "/hits/"),
        alerts=pages.AlertCard(
            alerts=(
                pages.HomeAlert(
                    "1",
                    Tag("Given to you", "blue"),
                    "CETS-ESX-2026-000118: Read and grade the report",
                    "/alerts/1/",
                    at(0, 13, 40),
                ),
                pages.HomeAlert(
                    "2",
                    Tag("Joined", "blue"),
                    "CETS-ESX-2026-000123 got a supplement",
                    "/alerts/2/",
                    at(-1, 18, 0),
                ),
            ),
            read_url="/alerts/read/",
            earlier=Link("Earlier alerts", "/alerts/"),
            read_all="Mark all read",
        ),
        tour=pages.Tour(
            2,
            6,
            "Next: see how two agencies learn that they hold the same account.",
            Link("Continue the tour", "/tour/3/"),
            "/tour/hide/",
        ),
    )


def home_empty() -> pages.Home:
    return pages.Home(
        overdue=0,
        today=0,
        later=0,
        team=None,
        mine_link=Link("Mine (0)", "/"),
        team_link=Link("My team (17)", "/?team=1"),
        groups=(),
        empty=Empty("Nothing is due. 17 wait in your team.", Link("See what waits", "/?team=1"), main=True),
        alerts=pages.AlertCard((), "/alerts/read/", Link("Earlier alerts", "/alerts/")),
    )


def report_list() -> pages.ReportList:
    def row(
        number: int, about: str, tags: tuple[Tag, ...], due: datetime | None, hits: int
    ) -> pages.ReportRow:
        return pages.ReportRow(
            Link(f"CETS-ESX-2026-{number:06}", f"/reports/{number}/"),
            about,
            at(-1, 22, 14),
            "You",
            due,
            "Settle 2 ambiguous dates",
            tags,
            hits,
        )

    return pages.ReportList(
        rows=(
            row(
                123,
                "Online enticement, provider Kite Chat",
                (Tag("Risk: high", "red"), Tag("2 to settle", "amber"), Tag("Contact", "blue")),
                at(0, 12, 0),
                2,
            ),
            row(119, "Online enticement, school", (Tag("Not graded", "amber"),), at(0, 15, 30), 0),
            row(98, "Online enticement, parent", (Tag("Silent", "grey"),), at(2, 9, 0), 1),
            row(71, "Extortion, provider", (Tag("Closed", "green"),), None, 1),
        ),
        filters=forms.ReportFilter(
            {"state": "open"}, owners=[("me", "Me"), ("team", "Duty team")], sources=[("csv", "CSV table")]
        ),
        filter_url="/reports/",
        clear_url="/reports/",
        paging=PAGING,
        upload=Link("Add files", "/upload/"),
    )


def report_list_empty() -> pages.ReportList:
    return pages.ReportList(
        rows=(),
        filters=forms.ReportFilter(),
        filter_url="/reports/",
        empty=Empty("No report fits this filter.", Link("Show all reports", "/reports/")),
    )


def head(current: str) -> pages.ReportHead:
    tabs = (
        ("Overview", None),
        ("Identifiers", 14),
        ("Messages", 38),
        ("Activity", 1204),
        ("Hits", 2),
        ("Custody", None),
        ("History", 9),
    )
    return pages.ReportHead(
        reference=REPORT.text,
        title="Online enticement report",
        tags=(Tag("Risk: high", "red"), Tag("Sharing: contact", "blue"), Tag("Grading 1-B-P", "grey")),
        next=NextStep(
            lead="Next step · owner: you · from hit CETS-ESX-H-000031",
            step="Contact Northmoor Police, they hold the same account",
            due=at(0, 12, 0),
            button=Link("Contact the holder", HIT.url),
            then=Link("settle 2 ambiguous dates, due 15:30 GMT", "/reports/7d3f/settle/1/"),
        ),
        tabs=tuple(
            Tab(name, f"/reports/7d3f/{name.lower()}/", count, name == current) for name, count in tabs
        ),
        list_link=Link("Reports", "/reports/"),
        actions=(
            Link("Grade", "/reports/7d3f/grade/"),
            Link("Change sharing", "/reports/7d3f/sharing/"),
            Link("Assign", "/reports/7d3f/assign/"),
            Link("Download the original", "/reports/7d3f/original/"),
        ),
    )


def identifiers() -> tuple[pages.IdentifierRow, ...]:
    def row(
        kind: str, value: Value, role: str, way: str, places: str, bits: Bits, **more: Any
    ) -> pages.IdentifierRow:
        return pages.IdentifierRow(
            kind, value, role, way, Link(places, "/reports/7d3f/places/"), bits, **more
        )

    return (
        row(
            "Account",
            ACCOUNT,
            "Suspect",
            "declared",
            "3 places",
            Bits(11.4),
            hits=Link("1 to contact", HIT.url),
        ),
        row(
            "E-mail",
            Value("kestrel.blue@mail.example", "/identifiers/a2/"),
            "Suspect",
            "declared",
            "2 places",
            Bits(12),
            hits=Link("1 settled", "/hits/90/"),
            hits_note="settled",
        ),
        row(
            "Phone",
            Value("+44 7700 900142", "/identifiers/a3/", written="o77oo 9oo142"),
            "Suspect",
            "mentioned",
            "message 17",
            Bits(10.3),
        ),
        row(
            "IP address",
            Value("192.0.2.41", "/identifiers/a4/", after="port 50122", doubt="2 candidate times"),
            "Suspect",
            "declared",
            "/logins/0",
            Bits(3.1),
        ),
        row(
            "Account",
            Value(masked=Masked("Child A", "account", "/reveal/c1/")),
            "Victim",
            "declared",
            "4 places",
            Bits(11.9),
        ),
        row("E-mail", CHILD_MAIL, "Victim", "declared", "1 place", Bits(12)),
        row(
            "Display name",
            Value("Kes", "/identifiers/a5/", note="held by 31 reports of 4 agencies"),
            "Suspect",
            "mentioned",
            "6 places",
            Bits(0.8, common="too many unrelated holders"),
            hits_note="Not counted",
        ),
        row(
            "File hash",
            Value("9f2c" * 15 + "41be", "/identifiers/a6/"),
            "Unknown",
            "declared",
            "/files/1",
            Bits(14.2),
        ),
    )


def receipt() -> pages.Receipt:
    return pages.Receipt(
        found="14 identifiers, 31 places",
        not_understood=(
            "Field /extra/legacyFlag: kept as it came",
            "Field /files/2/odd: kept as it came",
            f"{UNBROKEN}: is no user name",
        ),
        doubts=(
            pages.Doubt(
                "03/04/2026 21:10",
                f"could be Fri 3 Apr or Wed 4 Mar 2026; no zone was given. It concerns 1 IP address and {UNBROKEN}.",
                Link("Choose", "/reports/7d3f/settle/1/"),
            ),
        ),
        not_understood_total=1204,
        doubts_total=140,
        all_lines=Link("All that was not understood", "/reports/7d3f/receipt/?sort=not_understood"),
        all_doubts=Link("All that is ambiguous", "/reports/7d3f/receipt/?sort=ambiguous"),
        all_files=Link("All files", "/reports/7d3f/receipt/?sort=file"),
        all_notes=Link("All notes of the reading", "/reports/7d3f/receipt/?sort=note"),
        to_settle=1,
        cut=1,
        skipped=12,
        readers=("cybertip_json 2", "whatsapp 1"),
        files=(
            Fact("kite-chat-88120417.json", "cybertip_json 2; 14 identifiers; 38 messages; 3 not understood"),
            Fact("outer.zip!/" + UNBROKEN, "whatsapp 1; 1 cut off; 12 passed over by a limit"),
        ),
        shape=Link("Shape report", "/reports/7d3f/shape/"),
        original="sealed, 48 kB, 3 hashes",
        full=Link("Full receipt", "/reports/7d3f/custody/"),
        notes=("Not valid by the provider schema; read by local names.", UNBROKEN),
        members=(
            Fact("outer.zip!/chat.txt", "read as WhatsApp export"),
            Fact("outer.zip!/odd.bin", "not understood"),
        ),
    )


def history() -> tuple[Event, ...]:
    return (
        Event(at(0, 13, 58), "Supplement joined", "3 new identifiers", "Kite Chat, by channel"),
        Event(at(0, 8, 51), "Opened", "purpose “intake”", "R. Adeyemi, ESX"),
        Event(at(-1, 22, 14, 9), "Hit told to both sides", "", "Matcher"),
        Event(at(-1, 22, 14, 8), "Received and sealed", "SHA-256", "Provider channel", "b81e…07d2"),
    )


def notes() -> tuple[pages.Note, ...]:
    return (
        pages.Note("R. Adeyemi, Intake", at(0, 10, 5), state="Not read yet."),
        pages.Note(
            "R. Adeyemi, Intake",
            at(0, 9, 30),
            "Spoke to the school.\n\nThe teacher will write.",
            "Call from a school",
            rest=Link("Read all of it", "/reports/7d3f/notes/"),
        ),
    )


def report_traces_of(kind: str) -> pages.ReportTraces:
    """The table of one kind: calls, pages visited, locations."""
    whole = report_traces()
    row = {"call": whole.rows[0], "visit": whole.rows[1], "location": whole.rows[2]}[kind]
    return replace(whole, kind=kind, rows=(row, replace(row, anchor="trace-2-9", here=False)))


def report_notes() -> pages.ReportNotes:
    return pages.ReportNotes(
        head=head("Overview"),
        notes=notes(),
        add_note=Link("Add a note", "/reports/7d3f/note/"),
        paging=PAGING,
    )


def report_receipt() -> pages.ReportReceipt:
    """The lines of the receipt, a further page of them."""
    url = "/reports/7d3f/receipt/"
    return pages.ReportReceipt(
        head=head("Custody"),
        title="All that was not understood",
        lines=receipt().not_understood,
        first=26,
        sorts=(
            pages.Thread("All that was not understood", f"{url}?sort=not_understood", 1234, current=True),
            pages.Thread("All that is ambiguous", f"{url}?sort=ambiguous", 140),
            pages.Thread("All files", f"{url}?sort=file", 212),
        ),
        all_files=Link("Of all files", f"{url}?sort=not_understood"),
        back=Link("Back to the receipt", "/reports/7d3f/custody/"),
        paging=PAGING,
    )


def report_receipt_doubts() -> pages.ReportReceipt:
    settled = pages.Doubt(UNBROKEN, "could be 1 or 2.", settled="Settled as 1 by R. Adeyemi, ESX.")
    return replace(
        report_receipt(), title="All that is ambiguous", lines=(), doubts=(*receipt().doubts, settled)
    )


def report_receipt_files() -> pages.ReportReceipt:
    files = (
        pages.ReceiptFile(
            "kite-chat-88120417.json",
            "cybertip_json 2; 14 identifiers; 3 not understood",
            ways=(
                Link("3 lines not understood", "/reports/7d3f/receipt/?sort=not_understood&file=1"),
                Link(f"Columns of {UNBROKEN}", "/upload/7d3f/columns/"),
            ),
        ),
        pages.ReceiptFile("outer.zip!/" + UNBROKEN, "not understood", error="It breaks off in a record."),
    )
    return replace(report_receipt(), title=f"All files in {UNBROKEN}", lines=(), files=files)


def report_overview() -> pages.ReportOverview:
    return pages.ReportOverview(
        head=head("Overview"),
        facts=(
            Fact("From", "Provider “Kite Chat” (fact, declared)"),
            Fact("Category", "Online enticement of a child"),
            Fact("Their number", "KC-88120417", value=True),
            Fact("People", "victim 1 (Child A), suspect 1, reporter 1"),
            Fact("Received", at=at(-1, 22, 14)),
            Fact("Places", "Eastshire, from the IP register (looked up)"),
            Fact("Incident", "Thu 19 Nov 2026, 20:03 to 21:47 UTC"),
            Fact("Files", "3 hashes, no media kept"),
        ),
        statement="The provider closed one account after a report by another user; log-ins and 38 messages are attached.",
        statement_source="Statement of the provider, field “additionalInfo”.",
        messages=Link("Read 38 messages", "/reports/7d3f/messages/"),
        identifiers=identifiers(),
        identifiers_total=14,
        all_identifiers=Link("Show all", "/reports/7d3f/identifiers/"),
        hits_identifiers=Link("Only with hits", "/reports/7d3f/identifiers/?hits=on"),
        hits=report_hit_rows(),
        matched_at=at(0, 14, 2),
        receipt=receipt(),
        history=history(),
        all_history=Link("All 9, and custody", "/reports/7d3f/history/"),
        notes=notes(),
        all_notes=Link("All notes", "/reports/7d3f/notes/"),
        add_note=Link("Add a note", "/reports/7d3f/note/"),
    )


def report_hit_rows() -> tuple[pages.ReportHit, ...]:
    return (
        pages.ReportHit(
            Link("Northmoor Police", HIT.url),
            "Same account. Call their duty team before any action.",
            "Level contact: nothing more may be shown.",
            at(0, 12, 0),
        ),
        pages.ReportHit(
            Link("Your report CETS-ESX-2026-000071", "/hits/90/"),
            "Same e-mail. Joined by you, Sat 21 Nov 2026, 09:12 GMT.",
            tag=Tag("Settled", "green"),
        ),
    )


def report_identifiers() -> pages.ReportIdentifiers:
    places = (
        pages.PlaceRow("/reportedPerson/account", "declared", "suspect", "Thu 19 Nov 2026, 20:03 UTC"),
        pages.PlaceRow(
            Link("message 17", "/reports/7d3f/messages/#message-17"), "mentioned", "suspect", "", "o77oo"
        ),
    )
    return pages.ReportIdentifiers(
        head=head("Identifiers"),
        identifiers=tuple(
            pages.IdentifierPlaces(row, places, f"identifier-{number}", 3, Link("3 more places", "/places/"))
            for number, row in enumerate(identifiers())
        ),
        total=14,
        filters=forms.IdentifierFilter(kinds=[("email", "E-mail")], roles=[("victim", "Victim")]),
        filter_url="/reports/7d3f/identifiers/",
        paging=PAGING,
    )


def report_messages() -> pages.ReportMessages:
    line = pages.MessageLine
    kestrel = (Piece("kestrel_blue", identifier=True, url="/identifiers/a2/"),)
    grade = Link("Grade", "/reports/7d3f/grade/message/17/")
    graded = pages.Graded(
        "1-B-C",
        "source 1 Reliable; information B Known indirectly, corroborated; handling C",
        conditions="not to be shown to the school",
        by="R. Adeyemi",
        at=NOW,
        way=Link("Grade anew", "/reports/7d3f/grade/message/2/"),
    )
    return pages.ReportMessages(
        head=head("Messages"),
        total=38,
        threads=(
            pages.Thread("Game lobby", "/m/1/", 36, current=True),
            pages.Thread("Mail of the school", "/m/2/", 2),
        ),
        people="Right: Child A.",
        zone_note="Times in UTC, as the source gives them.",
        find=find("In this conversation", several=True),
        print=Link("Print this conversation", "/m/1/?print=1"),
        lines=(
            line(
                "system",
                1,
                (Piece("Messages are end-to-end encrypted"),),
                "line 1",
                "message-1",
                url="/m/?at=1-1",
                sent="20:03",
                day="Thu 19 Nov 2026",
            ),
            line(
                "chat",
                2,
                (Piece("are you in the game lobby tonight"),),
                "line 2",
                "message-2",
                url="/m/?at=1-2",
                sender=kestrel,
                role="Suspect",
                is_holder=True,
                sent="20:03 UTC",
                headers=(
                    pages.Labelled("read", (Piece("no"),)),
                    pages.Labelled("SIM", (Piece("2"),)),
                ),
                graded=graded,
            ),
            line(
                "chat",
                3,
                (Piece("after homework. my mail is "), Piece(value=CHILD_MAIL)),
                "line 3",
                "message-3",
                url="/m/?at=1-3",
                sender=(Piece(value=Value(masked=Masked("Child A", "account", "/reveal/c1/"))),),
                side="right",
                sent="20:05 UTC",
                graded=pages.Graded(
                    before="Graded 3-E-P before the file was read again; it reads otherwise now"
                ),
            ),
            line(
                "chat",
                17,
                (
                    Piece("call me on "),
                    Piece("o77oo 9oo142", identifier=True, url="/identifiers/a3/"),
                    Piece(", the "),
                    Piece("kestrel", found=True),
                    Piece(" picture is "),
                    Piece("there", identifier=True),
                ),
                "line 17",
                "message-17",
                url="/m/?at=1-17",
                sender=kestrel,
                sent="03/04/2026 21:10",
                day="Fri 3 Apr 2026 or Wed 4 Mar 2026, not certain",
                gap="41 minutes without a message",
                doubt="2 candidate times",
                attachments=((pages.Piece("IMG-0001.jpg"),),),
                here=True,
                graded=pages.Graded(way=grade),
            ),
            line(
                "mail",
                37,
                (Piece("Dear officer,\n\nthe pupil told us of a game lobby.\n"),),
                "message 1",
                "message-37",
                url="/m/?at=2-37",
                subject=(Piece("What a pupil told us"),),
                headers=(
                    pages.Labelled(
                        "From", (Piece("office@school.example", identifier=True, url="/identifiers/a4/"),)
                    ),
                    pages.Labelled("To", (Piece("Kim <"), Piece(value=CHILD_MAIL), Piece(">"))),
                    pages.Labelled("X-Long", (Piece("17" * 200),)),
                    pages.Labelled("Date", (Piece("Fri, 20 Nov 2026 09:12:00 +0000"),)),
                ),
                attachments=((pages.Piece("note.pdf, SHA-256 9f2c…41be"),),),
                day="Fri 20 Nov 2026",
            ),
        ),
        paging=PAGING,
    )


def find(label: str, *, several: bool = False, **more: Any) -> pages.Find:
    return pages.Find(forms.FindForm(label=label, several=several), "/reports/7d3f/messages/", **more)


def report_messages_found() -> pages.ReportMessages:
    """What was looked for, in a report of many conversations."""
    first = report_messages().lines[3]
    choices = [(str(n), f"Conversation {n} (3)") for n in range(40)]
    return replace(
        report_messages(),
        threads=(),
        chooser=forms.ChooseForm(choices=choices, initial={"c": "3"}),
        chooser_url="/reports/7d3f/messages/",
        chosen="3",
        people="",
        find=find(
            "Find in this conversation",
            several=True,
            asked=True,
            found="12 messages hold “kestrel”",
            clear=Link("Clear", "/m/"),
        ),
        lines=(replace(first, anchor="found-1-17", thread="Game lobby", here=False, gap=""),),
        print=None,
    )


def report_messages_here() -> pages.ReportMessages:
    """One message of those that were found, in its conversation."""
    return replace(
        report_messages(),
        find=find(
            "Find in this conversation",
            found="Marked: “kestrel”",
            where="3 of 12",
            previous=Link("Previous one", "/m/?at=1-3"),
            next=Link("Next one", "/m/?at=1-20"),
            all=Link("All that was found", "/m/?find=1"),
            clear=Link("Clear", "/m/?at=1-17"),
        ),
    )


def report_messages_sheet() -> pages.ReportMessages:
    """A conversation on paper."""
    return replace(
        report_messages(),
        find=None,
        print=None,
        paging=None,
        sheet=pages.Sheet("Game lobby: all its 36 messages", Link("Back to reading", "/m/1/")),
    )


def report_traces() -> pages.ReportTraces:
    row = pages.TraceRow
    return pages.ReportTraces(
        head=head("Activity"),
        total=1204,
        kinds=(
            pages.Thread("All", "/reports/7d3f/activity/", 1204, current=True),
            pages.Thread("Calls", "/reports/7d3f/activity/?kind=call", 31),
            pages.Thread("Pages visited", "/reports/7d3f/activity/?kind=visit", 1173),
        ),
        zone_note="The oldest first; times in UTC.",
        find=find("Find in this activity"),
        print=Link("Print this list", "/reports/7d3f/activity/?print=1"),
        rows=(
            row(
                "trace-1-1",
                "Call, outgoing",
                "Thu 19 Nov 2026, 20:03:11 UTC",
                (Piece("Kim from the game"),),
                "row 12 of table calls",
                file="phone.zip!/data/contacts2.db",
                lasted="2 min 05 s",
                who=(Value("+44 7700 900142", "/identifiers/a3/", written="07700 900142"), CHILD_MAIL),
                facts=(Fact("network", "example mobile"),),
            ),
            row(
                "trace-1-2",
                "Page visited",
                "Thu 19 Nov 2026, 20:05:00 UTC",
                (
                    Piece("Inbox of "),
                    Piece("kestrel.blue@mail.example", identifier=True, url="/identifiers/a1/"),
                ),
                "row 7 of table visits",
                url=Value(
                    "https://forum.harbour.example/a/long/way/to/one/thread/" + "17" * 40, "/identifiers/a9/"
                ),
                facts=(Fact("how", "typed"), Fact("from", "another device (synchronised)")),
                here=True,
            ),
            row(
                "trace-1-3",
                "Location",
                "03/04/2026 21:10, 2 candidate times",
                (),
                "record 3",
                at_point="51.5007, -0.1246",
                accuracy="20 m",
            ),
            row(
                "trace-1-4",
                "Contact",
                "",
                (Piece("School office"),),
                "row 3 of table raw_contacts",
                who=(CHILD_MAIL,),
            ),
        ),
        paging=PAGING,
    )


def report_hits() -> pages.ReportHits:
    return pages.ReportHits(
        head=head("Hits"),
        hits=report_hit_rows()[:1],
        own=report_hit_rows()[1:],
        suppressed=identifiers()[6:7],
        matched_at=at(0, 14, 2),
    )


def report_custody() -> pages.ReportCustody:
    return pages.ReportCustody(
        head=head("Custody"),
        originals=(
            pages.Original(
                "kite-chat-88120417.json",
                "48 kB",
                at(-1, 22, 14, 8),
                "a" * 32,
                "b" * 40,
                "c" * 64,
                Link("Download with a purpose", "/reports/7d3f/original/"),
                "Hashes checked Sat 21 Nov 2026, 14:00 GMT: as sealed.",
                "CyberTipline report (JSON) (cybertip_json 2)",
                "/reports/7d3f/originals/1/read-again/",
            ),
        ),
        events=history(),
        receipt=receipt(),
    )


def report_history() -> pages.ReportHistory:
    return pages.ReportHistory(head=head("History"), events=history() * 2, paging=PAGING)


def hit_list() -> pages.HitList:
    return pages.HitList(
        rows=(
            pages.HitRow(
                HIT, "Northmoor Police", "Account", ACCOUNT, Bits(11.4), "in 1 of your reports", at(0, 12, 0), "You",
                "Contact the holder",
            ),
            pages.HitRow(
                Link("CETS-ESX-H-000034", "/hits/92/"), "Norland Federal Police", "E-mail", CHILD_MAIL, Bits(9.2),
                "in 2 of your reports", at(0, 18, 0), "Duty team", "Contact the holder",
            ),
            pages.HitRow(
                Link("CETS-ESX-H-000012", "/hits/94/"), "your own reports", "IP address", Value("192.0.2.41"), Bits(4.1),
                "in 2 of your reports", None, "You", "None", Tag("Settled", "green"),
            ),
        ),
        filters=forms.HitFilter(),
        filter_url="/hits/",
        paging=PAGING,
    )  # fmt: skip


def hit(form: forms.ContactForm | None = None) -> pages.Hit:
    hidden = "Not shown at this level"
    return pages.Hit(
        reference=HIT.text,
        title="You and Northmoor Police hold the same account",
        list_link=Link("Hits", "/hits/"),
        tags=(Tag("Strong, 11.4 bits", "green"), Tag("Not settled", "amber")),
        alert=Alert(
            "Do not approach, arrest or warn anyone before you have spoken to Northmoor Police.",
            "They may be working on the same person. What you may know: that they hold it, and whom to call.",
        ),
        owner_line="Next step · owner: you",
        step="Call the duty team of Northmoor Police",
        due=at(0, 12, 0),
        escalates="goes to your supervisor at 16:00 GMT",
        contacts=(
            pages.Contact("Duty team, day and night", "+44 7700 900188", "duty@northmoor.example", HIT.text),
        ),
        form=form or forms.ContactForm(initial={"spoke_at": "21 Nov 2026, 14:05"}, zone="GMT"),
        form_url="/hits/91ab/contact/",
        nobody_url="/hits/91ab/nobody/",
        not_same=Link("Not the same person", "/hits/91ab/not-same/"),
        no_action=Link("No action, with a reason", "/hits/91ab/no-action/"),
        why="Both of you hold exactly this account, and account ids are rare: about 1 chance in 2,700 that two "
        "unrelated reports share one.",
        bits=Bits(11.4),
        weights=(
            pages.Weight("Same account id, exactly", 12.0),
            pages.Weight("Small platform, fewer accounts", -0.6),
            pages.Weight("Their times, places and roles", note="not used at this level"),
        ),
        matched="Last matched today, 14:02 GMT. Counted only from what you may know.",
        kind="account",
        value=ACCOUNT,
        mine=(
            pages.Side(
                "Yours · Eastshire Police",
                Tag("Sharing: contact", "blue"),
                (
                    Fact("Report", REPORT.text, REPORT.url),
                    Fact("Category", "Online enticement report"),
                    Fact("Seen", "Thu 19 Nov 2026, 20:03 UTC; declared"),
                    Fact("Role", "Suspect"),
                    Fact("They see", "that you hold it, and your duty team"),
                ),
            ),
        ),
        theirs=(
            pages.Side(
                "Theirs · Northmoor Police",
                Tag("Sharing: contact", "plum"),
                (
                    Fact("Report", hidden, quiet=True),
                    Fact("Category", hidden, quiet=True),
                    Fact("Seen", hidden, quiet=True),
                    Fact("Call", "Duty team, +44 7700 900188"),
                    Fact("You see", "that they hold it, and whom to call"),
                ),
                "theirs",
            ),
        ),
        history=(
            Event(at(0, 13, 0), "Reminder", "to you and your supervisor"),
            Event(at(-1, 22, 14, 9), "Both sides told", "each at the other’s level"),
        ),
        all_history=Link("All 3", "/hits/91ab/history/"),
    )


def hit_refused() -> pages.Hit:
    return hit(forms.ContactForm({"spoke_at": "99 Nov"}))


def hit_settled() -> pages.Hit:
    return replace(
        hit(),
        form=None,
        due=None,
        alert=None,
        step="Settled: they lead",
        owner_line="Settled",
        outcome="They lead; you hold and are kept told. Recorded by R. Adeyemi, Sat 21 Nov 2026, 14:20 GMT.",
        undo=Link("Take back, with a reason", "/hits/91ab/undo/"),
        told="They can read your summary and reference.",
        read=Link("Read their summary", "/hits/91ab/theirs/"),
        not_same=None,
        no_action=None,
    )


def hit_own() -> pages.Hit:
    return replace(
        hit(),
        title="Two of your reports hold the same account",
        step="Say whether it is the same person",
        button=Link("Join the two reports", "/hits/91ab/join/"),
        alert=None,
        contacts=(),
        form=None,
        theirs=(),
        mine=hit().mine * 2,
        more_mine=Link("Show all 6", "/hits/91ab/mine/"),
    )


def their_summary() -> pages.TheirSummary:
    return pages.TheirSummary(
        reference="CETS-NMR-2026-000044",
        title="Online enticement report",
        hit=Link("Back to the hit", HIT.url),
        tags=(Tag("Northmoor Police", "plum"), Tag("Sharing: open", "blue")),
        facts=(Fact("Holder", "Northmoor Police"), Fact("Seen", "Mon 16 Nov 2026"), Fact("Role", "Suspect")),
        summary="A parent told of a messaging account in a game lobby.",
        contact=pages.Contact("Duty team", "+44 7700 900188", "duty@northmoor.example", HIT.text),
    )


def identifier() -> pages.Identifier:
    return pages.Identifier(
        kind="Account",
        value=Value("Kite Chat / kestrel_blue"),
        bits=Bits(11.4),
        why="About 1 chance in 2,700 that two unrelated reports share it. Counted only from what you may know.",
        facts=(
            Fact("Held in", "2 of your reports"),
            Fact("Role", "Suspect (3), unknown (1)"),
            Fact("First seen", at=at(-40, 20, 3)),
            Fact("Last seen", at=at(-2, 20, 3)),
        ),
        appearances=(
            pages.Appearance(
                REPORT,
                "/reportedPerson/account",
                "declared",
                "Suspect",
                "Thu 19 Nov 2026, 20:03 UTC",
                person="Person 1",
            ),
            pages.Appearance(
                Link("CETS-ESX-2026-000071", "/reports/71/"),
                Link("message 4", "/reports/71/messages/#message-4"),
                "mentioned",
                "Unknown",
                "day only: 12 Oct 2026",
                "kestrel blue",
            ),
        ),
        appearances_total=7,
        holders=(
            pages.Holder(
                "Northmoor Police hold the same account. You may know that they hold it, and whom to call.",
                "Level contact: nothing more may be shown.",
                Link("Northmoor Police", HIT.url),
                due=at(0, 12, 0),
            ),
        ),
        companions=(
            pages.Companion("E-mail", Value("kestrel.blue@mail.example", "/identifiers/a2/"), 2, Bits(12)),
            pages.Companion(
                "Account", Value(masked=Masked("Child A", "account", "/reveal/c1/")), 1, Bits(11.9)
            ),
        ),
        variants=(Value("Kite Chat / kestre1_blue", "/identifiers/a9/", note="one character differs"),),
        paging=PAGING,
        back=Link("Back to CETS-ESX-2026-000123", REPORT.url),
    )


def file_states() -> pages.FileStates:
    state = pages.FileState
    return pages.FileStates(
        (
            state(
                "partner-lines.xlsx",
                "1.4 MB",
                Tag("Needs you", "amber"),
                "stored and sealed;",
                (Link("1 column to settle", "/upload/1/columns/"),),
            ),
            state(
                "forum-archive.mbox",
                "52.2 MB",
                Tag("Reading", "grey"),
                "You may leave this page.",
                (),
                True,
                59,
            ),
            state(
                "kite-chat-88120417.json",
                "48 kB",
                Tag("In", "green"),
                "14 identifiers,",
                (REPORT, Link("1 hit", HIT.url)),
            ),
            state("mail-school.eml", "112 kB", Tag("Already held", "blue"), "same file as", (REPORT,)),
            state(
                "photo-dump.rar", "3.1 MB", Tag("Refused", "red"), "RAR is not read here; nothing was kept."
            ),
        ),
        "/upload/states/",
        "5 files, 1 moving",
    )


def upload() -> pages.Upload:
    return pages.Upload(
        form=forms.UploadForm(),
        form_url="/upload/",
        states=file_states(),
        accepted="JSON, XML, CSV, XLSX, WhatsApp, EML, mbox, text, ZIP, tar, 7z, gz",
        limit="200 MB",
        most_bytes=209_715_200,
        next=NextStep(
            lead="One file needs you · owner: you",
            step="Settle 1 column of partner-lines.xlsx",
            why="The file is sealed. Nothing is read from it until you confirm.",
            figure="8 of 9 sure",
            figure_note="sealed today, 14:01 GMT",
            button=Link("Settle the column", "/upload/1/columns/"),
            mine=True,
        ),
        note=Link("Type an officer's note", "/upload/note/"),
    )


def column_map(data: dict[str, str] | None = None) -> pages.ColumnMapPage:
    form = forms.ColumnMapForm(
        data,
        columns=[
            forms.ColumnAsked(0, "seen_on", "time", doubtful=True),
            forms.ColumnAsked(1, "mail", "email", "suspect"),
            forms.ColumnAsked(2, "tel", "phone", "suspect"),
        ],
        kinds=[
            ("email", "E-mail"),
            ("phone", "Phone"),
            ("time", "Time"),
            ("text", "Free text"),
            ("ignore", "Ignore"),
        ],
        roles=[("suspect", "Suspect"), ("victim", "Victim"), ("unknown", "Unknown")],
        day_words={0: ("3 Apr: day first", "4 Mar: month first")},
    )
    return pages.ColumnMapPage(
        file="partner-lines.xlsx",
        about="sheet “Lines”, heading in row 2",
        next=NextStep(
            lead="One file needs you · owner: you",
            step="Settle 1 column, then read 1,000 rows",
            figure="8 of 9 sure",
            figure_note="sealed today, 14:01 GMT",
            button=Link("Read 1,000 rows", ""),
            submits="columns",
            mine=True,
        ),
        form=form,
        form_url="/upload/1/columns/",
        unsure=(
            pages.ColumnRow(
                "seen_on",
                ("03/04/2026", "11/02/2026"),
                "",
                form["read_as_0"],
                None,
                form["day_first_0"],
                "412 of 1,000 values fit both; no other line settles it.",
                sure=False,
            ),
        ),
        sure=(
            pages.ColumnRow(
                "mail",
                ("kestrel.blue@mail.example",),
                "998 valid, 2 not understood",
                form["read_as_1"],
                form["role_1"],
            ),
            pages.ColumnRow(
                "tel",
                ("07700 900142", "07700 900173"),
                "Read as United Kingdom, your agency’s country",
                form["read_as_2"],
                form["role_2"],
            ),
        ),
        preview_headings=("Line", "E-mail", "Phone", "Seen"),
        preview=(
            (
                pages.PreviewCell("1"),
                pages.PreviewCell("kestrel.blue@mail.example"),
                pages.PreviewCell("+44 7700 900142"),
                pages.PreviewCell("", doubt="2 candidates"),
            ),
            (
                pages.PreviewCell("3"),
                pages.PreviewCell("reed(at)mail", fault="Not understood"),
                pages.PreviewCell("+44 7700 900155"),
                pages.PreviewCell("", doubt="2 candidates"),
            ),
        ),
        save_as=form["save_as"],
        preview_total="2 of 1,000",
    )


def column_map_long() -> pages.ColumnMapPage:
    headings = [f"column {number}" for number in range(1, 21)]
    form = forms.ColumnMapForm(
        columns=[
            forms.ColumnAsked(number, heading, "text") for number, heading in enumerate(headings, start=10)
        ],
        kinds=[("text", "Free text")],
        roles=[("unknown", "Unknown")],
    )
    clear = tuple(
        pages.ColumnRow(
            heading, ("a", "b"), "2 different values", form[f"read_as_{number}"], form[f"role_{number}"]
        )
        for number, heading in enumerate(headings, start=10)
    )
    return replace(column_map(), sure=clear)


def search() -> pages.Search:
    return pages.Search(
        form=forms.SearchForm({"query": 'kestrel.blue@mail[.]example 07700 900142 "game lobby" 3/4/2026'}),
        form_url="/search/",
        asked=True,
        purpose="active inquiry, CETS-ESX-2026-000123",
        purpose_change=Link("Change", "/search/purpose/"),
        understood=(
            pages.Understood("E-mail", "kestrel.blue@mail.example", "0"),
            pages.Understood("Phone", "+44 7700 900142", "1"),
            pages.Understood("Words", "“game lobby”", "2"),
            pages.Understood("Date", "3 Apr or 4 Mar 2026", "3", doubt=True),
        ),
        understood_notes=("“mail[.]example” was read as mail.example; 07700 as a United Kingdom number.",),
        results=(
            pages.Result(
                "Hit",
                Link("CETS-ESX-H-000031 with Northmoor Police", HIT.url),
                (Piece("On an account in your report. Call their duty team before any action."),),
                "Sharing: contact · nothing more may be shown",
                tag=Tag("2 h 05 min late", "red"),
                other=True,
            ),
            pages.Result(
                "Identifier",
                Link("E-mail kestrel.blue@mail.example", "/identifiers/a2/"),
                (Piece("Exact match. Declared as suspect in 2 reports, mentioned in 1."),),
                "3 reports, 7 places · first 12 Oct 2026, last 19 Nov 2026",
                Bits(12),
                see_url="/search/1/?see=identifier:a2",
                seen=True,
            ),
            pages.Result(
                "Report",
                REPORT,
                (
                    Piece("… profile lists a "),
                    Piece("game lobby", identifier=True),
                    Piece(" and, as contact, "),
                    Piece(value=CHILD_MAIL),
                    Piece(" …"),
                ),
                "Online enticement report · owner you · due today, 15:30 GMT",
                tag=Tag("Risk: high", "red"),
                side="2 of 4 terms",
            ),
        ),
        total=18,
        facets=(
            pages.Facet(
                "type",
                "Type",
                (
                    pages.FacetValue("report", "Reports", 8),
                    pages.FacetValue("identifier", "Identifiers", 2, on=True),
                    pages.FacetValue("message", "Messages", 6),
                ),
            ),
            pages.Facet("role", "Role in the record", (pages.FacetValue("victim", "Victim (masked)", 2),)),
        ),
        paging=PAGING,
        as_of="Index as of 14:05:02 GMT.",
        preview=pages.Preview(
            kind="E-mail",
            value=Value("kestrel.blue@mail.example"),
            bits=Bits(12),
            facts=(Fact("Held", "in 3 of your reports"), Fact("Role", "Suspect, Unknown")),
            places=(
                pages.PreviewPlace(REPORT, "/reportedPerson/email, declared"),
                pages.PreviewPlace(REPORT, "message 4, mentioned"),
            ),
            open=Link("Open the identifier", "/identifiers/a2/"),
            close=Link("Close", "/search/1/"),
        ),
    )


def search_empty() -> pages.Search:
    return pages.Search(
        form=forms.SearchForm(),
        form_url="/search/",
        examples=(
            pages.Example("E-mail", "kestrel.blue@mail[.]example"),
            pages.Example("Phone", "07700 900142"),
            pages.Example("Words", '"game lobby"'),
        ),
    )


def search_nothing() -> pages.Search:
    return pages.Search(
        form=forms.SearchForm({"query": "nothing@nowhere.example"}),
        form_url="/search/",
        asked=True,
        understood=(pages.Understood("E-mail", "nothing@nowhere.example", "0"),),
        nothing=Empty("No record that you may see holds it. Try the part before the @ as words."),
        flagged="This search is of a colleague; it was flagged to the data-protection officer.",
    )


def purpose() -> pages.PurposePage:
    return pages.PurposePage(
        title="Why do you open another team's record?",
        form=forms.PurposeForm({"purpose": "", "reference": ""}),
        form_url="/purpose/",
        button="Open the record",
        cancel=Link("Back", "/"),
    )


def reveal() -> pages.RevealPage:
    return pages.RevealPage(
        title="Reveal Child A's e-mail",
        form=forms.RevealForm(),
        form_url="/reveal/c2/",
        button="Reveal for this page",
        cancel=Link("Leave it masked", REPORT.url),
    )


def settle() -> pages.FormPage:
    return pages.FormPage(
        title="Which day is 03/04/2026?",
        form=forms.SettleForm(
            candidates=[
                ("0", forms.Option("Fri 3 Apr 2026, 21:10", "day first", "1")),
                ("1", forms.Option("Wed 4 Mar 2026, 21:10", "month first", "2")),
                ("open", forms.Option("Leave it open", "both are kept and marked")),
            ]
        ),
        form_url="/reports/7d3f/settle/1/",
        button="Settle the date",
        cancel=Link("Back to the report", REPORT.url),
        crumbs=(Link("Reports", "/reports/"), REPORT),
        facts=(Fact("As written", "03/04/2026 21:10", value=True), Fact("Where", "/logins/0/at", value=True)),
        after="A second person is asked before a package leaves with it.",
        cards=True,
    )


def grade() -> pages.FormPage:
    return pages.FormPage(
        title="Grade the report",
        form=forms.GradingForm({"source": "1", "information": "B", "handling": "C"}),
        form_url="/reports/7d3f/grade/",
        button="Record the grading",
        cancel=Link("Back to the report", REPORT.url),
        crumbs=(Link("Reports", "/reports/"), REPORT),
    )


def shape() -> pages.FormPage:
    return pages.FormPage(
        title="Shape report",
        form=forms.ShapeForm(choices=[("0", "moodRing"), ("1", UNBROKEN)]),
        form_url="/reports/7d3f/shape/",
        button="Take the shape report",
        cancel=Link("Back to the receipt", "/reports/7d3f/custody/"),
        crumbs=(Link("Reports", "/reports/"), REPORT),
        lead="It holds the paths of fields that were not understood, their types and counts.",
        facts=(
            Fact("File 1", "telegram 3; 12 not understood"),
            Fact("Field in file 1", "/messages/*/read_by/?/seen (number, 1,204 times)", value=True),
        ),
        after="A key that could be somebody's name or number is told as “?”, a number as “*”.",
    )


def grade_item() -> pages.GradeItemPage:
    return pages.GradeItemPage(
        title="Grade one item",
        form=forms.GradingForm(),
        form_url="/reports/7d3f/grade/message/17/",
        button="Record the grading",
        cancel=Link("Back to where it stands", "/m/?at=1-17"),
        crumbs=(Link("Reports", "/reports/"), REPORT),
        facts=(
            Fact("Item", "Message 17"),
            Fact("Text", "after homework " + UNBROKEN),
            Fact("Place", "line 17"),
        ),
        after="A further grading does not replace the ones before it.",
        history=(
            Event(NOW, "1-B-C", "source 1 Reliable; conditions: not to be shown to the school", "R. Adeyemi"),
        ),
        before="1 earlier grading is of what stood here before the file was read again.",
    )


def sharing() -> pages.FormPage:
    return pages.FormPage(
        title="Change the sharing level",
        form=forms.SharingForm(),
        form_url="/reports/7d3f/sharing/",
        button="Change the level",
        cancel=Link("Back to the report", REPORT.url),
        alert=Alert(
            "Northmoor Police already know that you hold it.", "Silent changes only what comes.", "warning"
        ),
        tag=Tag("Now: contact", "blue"),
    )


def note() -> pages.FormPage:
    return pages.FormPage(
        title="Type an officer's note",
        form=forms.NewNoteForm(),
        form_url="/upload/note/",
        button="Keep the note",
        cancel=Link("Back", "/upload/"),
    )


def audit_filter() -> pages.AuditPage:
    return pages.AuditPage(
        table=Table(
            columns=(Column("When"), Column("Who"), Column("What"), Column("Record"), Column("Purpose")),
            rows=(
                (
                    Cell(at=at(0, 14, 1), text=""),
                    Cell("R. Adeyemi", sub="Eastshire Police"),
                    Cell("report:desk:opened", value=True),
                    Cell(REPORT.text, REPORT.url),
                    Cell("active inquiry, ESX/26/118"),
                ),
                (
                    Cell(at=at(0, 13, 58), text=""),
                    Cell("Matcher", sub="service"),
                    Cell("hit:matcher:told", value=True),
                    Cell(HIT.text, HIT.url),
                    Cell(""),
                ),
            ),
        ),
        filters=forms.AuditFilter({"since_day": "1"}, actions=[("opened", "Opened a record")]),
        filter_url="/audit/",
        verified="4,211 rows chained, head signed",
        verified_ok=True,
        verified_at=at(0, 14, 0),
        tail="3 rows wait for the sequencer.",
        verify_url="/audit/verify/",
        paging=PAGING,
    )


ADMINISTRATION = (
    Link("Agencies", "/admin/agencies/"),
    Link("Officers", "/admin/officers/"),
    Link("Roles", "/admin/roles/"),
    Link("Approvals", "/admin/approvals/"),
)


def officers() -> pages.TablePage:
    return pages.TablePage(
        title="Officers",
        table=Table(
            columns=(
                Column("Officer"),
                Column("Roles"),
                Column("Team"),
                Column("Own work", numeric=True),
                Column("State"),
            ),
            rows=(
                (
                    Cell("R. Adeyemi", "/admin/officers/1/", "adeyemi@esx.example"),
                    Cell("Intake officer"),
                    Cell("Duty team"),
                    Cell("8"),
                    Cell(tag=Tag("Active", "green")),
                ),
                (
                    Cell("T. Brandt", "/admin/officers/2/", "brandt@esx.example"),
                    Cell("Analyst"),
                    Cell("Duty team"),
                    Cell("0"),
                    Cell(tag=Tag("Role waits for approval", "amber")),
                ),
            ),
            caption="",
        ),
        add=Link("Add an officer", "/admin/officers/add/"),
        tabs=ADMINISTRATION,
        current="/admin/officers/",
        lead="An administrator has no right to any case.",
        paging=PAGING,
    )


def approvals_empty() -> pages.TablePage:
    return pages.TablePage(
        title="Approvals",
        table=Table(columns=(Column("Request"),), rows=(), empty="Nothing waits for a second person."),
        tabs=ADMINISTRATION,
        current="/admin/approvals/",
    )


def agency() -> pages.DetailPage:
    return pages.DetailPage(
        title="Eastshire Police",
        tags=(Tag("ESX", "grey"),),
        crumbs=(Link("Agencies", "/admin/agencies/"),),
        facts=(
            Fact("Country", "GB"),
            Fact("Duty team", "+44 7700 900101"),
            Fact("E-mail", "duty@esx.example"),
        ),
        tables=(
            Table(
                caption="Teams",
                columns=(Column("Team"), Column("People", numeric=True)),
                rows=((Cell("Duty team", "/admin/teams/1/"), Cell("6")),),
            ),
        ),
        actions=(Link("Add an officer", "/admin/officers/add/"), Link("Add a team", "/admin/teams/add/")),
        history=history()[:2],
        alert=Alert("Officer added", "T. Brandt can sign in now.", "success"),
    )


def role_request() -> pages.FormPage:
    return pages.FormPage(
        title="Ask for a role",
        form=forms.RoleRequestForm(
            officers=[("2", "T. Brandt")],
            roles=[
                ("analyst", forms.Option("Analyst", "Links, charts, packages")),
                ("supervisor", forms.Option("Supervisor", "Queues, clocks, approvals")),
            ],
        ),
        form_url="/admin/roles/request/",
        button="Ask for the role",
        cancel=Link("Back", "/admin/roles/"),
        after="A second administrator decides. Nothing changes until then.",
    )


def officer_add() -> pages.FormPage:
    return pages.FormPage(
        title="Add an officer",
        form=forms.OfficerForm({"name": "", "login": "x"}, teams=[("1", "Duty team")]),
        form_url="/admin/officers/add/",
        button="Add the officer",
        cancel=Link("Back", "/admin/officers/"),
    )


def pattern_tried() -> pages.PatternPage:
    given = {
        "name": "Shop customers", "pattern": "(?i)customer (?P<value>[A-Z]{2}[0-9]{6})", "kind": "account", "platform": "Shop",
        "matching": "customer KB200142 called => shop/kb200142", "not_matching": "order KB200142", "tried": "",
    }  # fmt: skip
    columns = ("Example", "What must be found", "What was found", "Result")
    return pages.PatternPage(
        title="Add a pattern",
        form=forms.PatternForm(given, kinds=[("account", "Account")]),
        form_url="/admin/patterns/add/",
        button="Try the examples",
        cancel=Link("Back", "/admin/patterns/"),
        lead="First its examples are tried.",
        alert=pages.Alert("Not every example came out as it should", "1 of 2 differ.", "warning"),
        tried=Table(
            columns=tuple(Column(one) for one in columns),
            rows=(
                (
                    Cell("customer KB200142 called", value=True), Cell("shop/kb200142", value=True),
                    Cell("shop/kb200142", value=True), Cell(tag=Tag("Right", "green")),
                ),
                (Cell("order KB200142", value=True), Cell("Nothing"), Cell("shop/kb200142", value=True), Cell(tag=Tag("Differs", "amber"))),
            ),
            caption="Examples tried",
        ),
    )  # fmt: skip


def decide() -> pages.FormPage:
    return pages.FormPage(
        title="Decide: analyst for T. Brandt",
        form=forms.DecisionForm(),
        form_url="/admin/approvals/1/",
        button="Record the decision",
        cancel=Link("Back", "/admin/approvals/"),
        facts=(
            Fact("Asked by", "M. Okoro"),
            Fact("When", at=at(0, 13, 40)),
            Fact("Why", "Joins the analysts"),
        ),
        cards=True,
    )


SCREENS: dict[str, tuple[object, pages.Shell]] = {
    "home": (home(), shell("Home")),
    "home-empty": (home_empty(), shell("Home")),
    "report-list": (report_list(), shell("Reports")),
    "report-list-empty": (report_list_empty(), shell("Reports")),
    "report-overview": (report_overview(), shell("Reports", reference=REPORT.text, handling="Handling P")),
    "report-identifiers": (report_identifiers(), shell("Reports")),
    "report-messages": (report_messages(), shell("Reports")),
    "report-messages-found": (report_messages_found(), shell("Reports")),
    "report-messages-here": (report_messages_here(), shell("Reports")),
    "report-messages-sheet": (report_messages_sheet(), shell("Reports")),
    "report-traces": (report_traces(), shell("Reports")),
    "report-traces-calls": (report_traces_of("call"), shell("Reports")),
    "report-traces-visits": (report_traces_of("visit"), shell("Reports")),
    "report-traces-locations": (report_traces_of("location"), shell("Reports")),
    "report-notes": (report_notes(), shell("Reports")),
    "report-hits": (report_hits(), shell("Reports")),
    "report-custody": (report_custody(), shell("Reports")),
    "report-receipt": (report_receipt(), shell("Reports")),
    "report-receipt-doubts": (report_receipt_doubts(), shell("Reports")),
    "report-receipt-files": (report_receipt_files(), shell("Reports")),
    "report-history": (report_history(), shell("Reports")),
    "hit-list": (hit_list(), shell("Hits")),
    "hit": (hit(), shell("Hits")),
    "hit-refused": (hit_refused(), shell("Hits")),
    "hit-settled": (hit_settled(), shell("Hits")),
    "hit-own": (hit_own(), shell("Hits")),
    "their-summary": (their_summary(), shell("Hits")),
    "identifier": (identifier(), shell("Search")),
    "upload": (upload(), shell("Upload")),
    "column-map": (column_map(), shell("Upload")),
    "column-map-refused": (column_map({"read_as_0": "time"}), shell("Upload")),
    "column-map-long": (column_map_long(), shell("Upload")),
    "search": (search(), shell("Search")),
    "search-empty": (search_empty(), shell("Search")),
    "search-nothing": (search_nothing(), shell("Search")),
    "purpose": (purpose(), shell("Reports")),
    "reveal": (reveal(), shell("Reports")),
    "settle": (settle(), shell("Reports")),
    "grade": (grade(), shell("Reports")),
    "grade-item": (grade_item(), shell("Reports")),
    "shape": (shape(), shell("Reports")),
    "sharing": (sharing(), shell("Reports")),
    "note": (note(), shell("Upload")),
    "audit": (audit_filter(), shell()),
    "officers": (officers(), shell()),
    "approvals-empty": (approvals_empty(), shell()),
    "agency": (agency(), shell()),
    "role-request": (role_request(), shell()),
    "officer-add": (officer_add(), shell()),
    "pattern-tried": (pattern_tried(), shell()),
    "decide": (decide(), shell()),
    "not-found": (pages.NotFound(Link("Go to my work", "/")), shell()),
    "problem": (
        pages.Problem(
            "Nothing was saved: the server could not finish",
            "Your last step was not kept. Go back and do it again; if it fails twice, tell your administrator.",
            Link("Go to my work", "/"),
            "req-7f3a",
        ),
        shell(),
    ),
    "problem-too-late": (
        pages.Problem(
            "This was not done",
            "This hit is settled. Take the decision back first. Nothing was changed.",
            Link("Go to the hit", "/hits/91ab/"),
            meanwhile=(pages.Event(NOW, "Hit decided: They lead", "", "L. Cobalt"),),
            typed="Another family of the same name lives there.",
        ),
        shell(),
    ),
    "unsent": (
        pages.Unsent(
            "Your session ended: nothing was saved",
            "What you entered is kept on this page and nowhere else. Sign in, then come back to it and send it.",
            Link("Sign in (opens a new tab)", "/sign-in/?next=/hits/91ab/"),
            send_url="/hits/91ab/contact/",
            fields=(("spoke_to", "Duty sergeant Brandt"), ("agreed", "together")),
            typed="Duty sergeant Brandt",
        ),
        shell(signed=False),
    ),
    "unsent-old-form": (
        pages.Unsent(
            "Not saved yet: send it once more",
            "You signed in after the form was opened. What you entered is kept on this page and nowhere else.",
            leave=Link("Leave it, go to my work", "/"),
            send_url="/hits/91ab/contact/",
            fields=(("spoke_to", "Duty sergeant Brandt"),),
            typed="Duty sergeant Brandt",
        ),
        shell(),
    ),
    "unsent-nothing-kept": (
        pages.Unsent(
            "Your session ended: nothing was saved",
            "Sign in and do your last step again.",
            Link("Sign in", "/sign-in/?next=/"),
        ),
        shell(signed=False),
    ),
    "signed-out": (pages.SignedOut(Link("Sign in", "/sign-in/")), shell(signed=False)),
    "recorded": (pages.RecordedPage("6 years", "the data-protection officer"), shell()),
    "accessibility": (pages.AccessibilityPage("access@cets.example"), shell()),
    "shortcuts": (pages.ShortcutsPage(), shell()),
}
