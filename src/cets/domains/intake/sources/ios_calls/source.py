"""The call log of an iPhone: `CallHistory.storedata`, and `call_history.db` of before iOS 8."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake.apple_times import apple_time
from cets.domains.intake.rows import AnyRow
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sqlite_file import Database, Record, read_database
from cets.domains.intake.sqlite_head import has_tables
from cets.domains.intake.times import seconds
from cets.domains.intake.traces import Traces, fact, identifier_of

_CALLS = (
    "z_pk", "zaddress", "zanswered", "zcalltype", "zdate", "zduration", "zoriginated", "zname", "zlocation", "ziso_country_code",
    "zservice_provider", "zread", "zdisconnected_cause", "zjunkconfidence", "zblockedbyextension", "zfiltered_out_reason", "zface_time_data",
)  # fmt: skip
_HANDLES = ("z_pk", "zvalue", "znormalizedvalue", "ztype")
_OLD = (
    "rowid",
    "address",
    "date",
    "duration",
    "flags",
    "name",
    "country_code",
    "network_code",
    "read",
    "answered",
    "originaladdress",
)
_READ = {
    "zcallrecord": (
        *_CALLS, "z_ent", "z_opt", "zcall_category", "zhandle_type", "znumber_availability", "zverification_status", "zdevice_id",
        "zunique_id", "zlocalparticipantuuid", "zparticipantgroupuuid", "zoutgoinglocalparticipantuuid", "zimageurl", "zconversationid",
        "zhasmessage", "zusedemergencyvideostreaming", "zwasemergencycall", "zbytesofdataused", "zautoansweredreason",
        "zcallidentitycategory", "zcallidentityimageurl", "zcallidentityname", "zlocalparticipanthandle", "zreminderuuid",
    ),
    "zhandle": (*_HANDLES, "z_ent", "z_opt"),
    "call": (*_OLD, "id", "assisted", "face_time_data"),
}  # fmt: skip
_KNOWN = frozenset(
    {
        "z_primarykey", "z_metadata", "z_modelcache", "zcalldbproperties", "zemergencymediaitem", "_sqlitedatabaseproperties", "data",
        "sqlite_sequence", "sqlite_stat1", "achange", "atransaction", "atransactionstring",
    }
)  # fmt: skip
_OF_PARTICIPANTS = re.compile(r"z_\d+remoteparticipanthandles")
_SORTS = {8: "FaceTime video", 16: "FaceTime audio"}
_APPLE = frozenset({"com.apple.telephony", "com.apple.facetime"})
_OUTGOING, _VIDEO = 1, 16  # flags of the old table
_MOST_PARTIES = 200


class IosCalls(Source):
    name = "ios_calls"
    caption = "iPhone calls"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        if has_tables(head, "zcallrecord"):
            return 0.95
        is_old = has_tables(head, "call", "_sqlitedatabaseproperties")
        return 0.9 if is_old and b"network_code" in head.replace(b"\0", b"").lower() else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from read_database(file, options, _calls)


def _calls(database: Database, traces: Traces) -> Iterator[AnyRow]:
    joined = [table for table in database.tables if _OF_PARTICIPANTS.fullmatch(table)]
    parties = _Parties(database, joined)
    for row in database.rows("zcallrecord", _CALLS):
        yield from _call(row, traces, parties.of(row))
    for row in database.rows("call", _OLD):
        yield from _old_call(row, traces)
    yield from database.rest({**_READ, **{table: database.tables[table] for table in joined}}, _KNOWN)


class _Parties:
    """Who took part in each call: a call with several has no address of its own."""

    def __init__(self, database: Database, joined: list[str]) -> None:
        self._database = database
        self._handles: dict[int | None, list[int]] = {}
        for table in joined:
            columns = database.tables[table]
            calls = next((column for column in columns if column.endswith("participantcalls")), "")
            handles = next((column for column in columns if column.endswith("participanthandles")), "")
            for row in database.rows(table, (calls, handles)):
                if (handle := row.number(handles)) is not None:
                    self._handles.setdefault(row.number(calls), []).append(handle)

    def of(self, row: Record) -> tuple[tuple[str, str], ...]:
        """Return what each participant is called by, and the same with its country where the phone knew it."""
        found = [
            self._database.get("zhandle", number, _HANDLES, key="z_pk")
            for number in self._handles.get(row.row, [])[:_MOST_PARTIES]
        ]
        parties = [
            (one.text("zvalue"), one.text("znormalizedvalue")) for one in found if one and one.text("zvalue")
        ]
        address = row.text("zaddress")
        if address and address not in {part for party in parties for part in party}:
            parties.insert(0, (address, ""))
        return tuple(dict.fromkeys(parties))


def _call(row: Record, traces: Traces, parties: tuple[tuple[str, str], ...]) -> Iterator[AnyRow]:
    is_out, is_answered = bool(row.number("zoriginated")), row.number("zanswered")
    length = row["zduration"]
    provider = row.text("zservice_provider")
    yield from traces.add(
        "call", place=row.place, text=row.text("zname"), at=apple_time(row, "zdate"), direction="out" if is_out else "in",
        seconds=float(length) if isinstance(length, int | float) and length > 0 else None,
        counterparts=tuple(written for written, _ in parties),
        declared=[
            (kind, raw, written) for written, whole in parties
            for kind, raw in identifier_of(written, whole=whole, country=row.text("ziso_country_code"))
        ],
        facts=(
            *fact("with", _SORTS.get(row.number("zcalltype") or 0, "")),
            *fact("app", "" if provider.lower() in _APPLE else provider),
            *fact("what became of it", "" if is_out or is_answered != 0 else "missed or rejected"),
            *fact("seen", "no" if row.number("zread") == 0 and not is_out else ""),
            *fact("number", "" if parties else "withheld or not known"),
            *fact("place of the number", row.text("zlocation")), *fact("country of the phone", row.text("ziso_country_code")),
            *fact("blocked by", row.text("zblockedbyextension")), *fact("how it ended", row.number("zdisconnected_cause") or ""),
            *fact("taken for unwanted", "yes" if (row.number("zjunkconfidence") or 0) > 0 else ""),
        ),
    )  # fmt: skip


def _old_call(row: Record, traces: Traces) -> Iterator[AnyRow]:
    flags, length, address = row.number("flags") or 0, row.number("duration"), row.text("address")
    is_out = bool(flags & _OUTGOING)
    yield from traces.add(
        "call", place=row.place, text=row.text("name"), at=row.time("date", seconds), direction="out" if is_out else "in",
        seconds=float(length) if length and length > 0 else None, counterparts=(address,) if address else (),
        declared=[(kind, raw, address) for kind, raw in identifier_of(address)],
        facts=(
            *fact("with", "FaceTime" if flags & _VIDEO else ""),
            *fact("what became of it", "" if is_out or length else "missed or rejected"),
            *fact("number", "" if address else "withheld or not known"),
            *fact("seen", "no" if row.number("read") == 0 and not is_out else ""),
            *fact("mobile country", row.text("country_code")), *fact("mobile network", row.text("network_code")),
            *fact("dialled as", row.text("originaladdress") if row.text("originaladdress") != address else ""),
        ),
    )  # fmt: skip
