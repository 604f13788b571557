"""Android's databases of contacts and calls (`contacts2.db`, `calllog.db`): who is in the address book, who was called."""

from collections.abc import Iterator
from typing import BinaryIO

from cets.domains.intake import handset
from cets.domains.intake.reading import shorten
from cets.domains.intake.rows import AnyRow, Person
from cets.domains.intake.sources.android_contacts.entries import Entry, entries_of
from cets.domains.intake.sources.base import Options, Source
from cets.domains.intake.sqlite_file import Database, Record, read_database
from cets.domains.intake.sqlite_head import has_tables
from cets.domains.intake.times import milliseconds
from cets.domains.intake.traces import Traces, fact, is_number

_CALLS = (
    "_id", "number", "date", "duration", "type", "name", "numberlabel", "countryiso", "geocoded_location", "normalized_number",
    "presentation", "features", "via_number", "subscription_id", "transcription", "block_reason", "is_read", "post_dial_digits", "subject",
    "call_screening_app_name", "missed_reason",
)  # fmt: skip
_RAW = (
    "_id", "display_name", "deleted", "starred", "times_contacted", "last_time_contacted", "account_id", "account_name", "account_type",
    "contact_id",
)  # fmt: skip
_DATA = ("_id", "raw_contact_id", "mimetype_id", *(f"data{number}" for number in range(1, 7)))
_READ = {
    "calls": (
        *_CALLS, "new", "numbertype", "voicemail_uri", "lookup_uri", "matched_number", "photo_id", "photo_uri", "formatted_number", "_data",
        "has_content", "mime_type", "source_data", "source_package", "state", "data_usage", "subscription_component_name",
        "phone_account_address",
        "phone_account_hidden", "sub_id", "add_for_all_users", "last_modified", "dirty", "deleted", "transcription_state", "backed_up_voicemail",
        "archived", "restored", "call_screening_component_name", "call_id_package_name", "call_id_app_name", "call_id_name",
        "call_id_description", "call_id_details", "call_id_call_reason", "priority", "is_call_log_phone_account_migration_pending",
        "composer_photo_uri", "location", "phone_account_migration_pending", "is_business_call", "asserted_display_name",
    ),
    "raw_contacts": (
        *_RAW, "data_set", "sourceid", "raw_contact_is_read_only", "version", "dirty", "aggregation_mode", "aggregation_needed",
        "custom_ringtone", "send_to_voicemail", "pinned", "display_name_alt", "display_name_source", "phonetic_name", "phonetic_name_style",
        "sort_key", "sort_key_alt", "name_verified", "phonebook_label", "phonebook_bucket", "phonebook_label_alt", "phonebook_bucket_alt",
        "sync1", "sync2", "sync3", "sync4", "backup_id", "metadata_dirty", "x_times_contacted", "x_last_time_contacted", "x_starred",
        "is_restricted", "raw_contact_is_user_profile",
    ),
    "data": (
        *_DATA, "package_id", "is_read_only", "is_primary", "is_super_primary", "data_version", *(f"data{number}" for number in range(7, 16)),
        "data_sync1", "data_sync2", "data_sync3", "data_sync4", "hash_id", "carrier_presence", "preferred_phone_account_component_name",
        "preferred_phone_account_id",
    ),
    "mimetypes": ("_id", "mimetype"),
    "accounts": (
        "_id", "account_name", "account_type", "data_set", "sim_slot_index", "sim_ef_type", "x_is_default",
    ),
}  # fmt: skip
#: What the phone computed from the rest, and its own book-keeping.
_KNOWN = frozenset(
    {
        "_sync_state", "_sync_state_metadata", "agg_exceptions", "android_metadata", "contacts", "data_usage_stat", "default_directory",
        "directories", "groups", "metadata_sync", "metadata_sync_state", "name_lookup", "nickname_lookup", "packages", "phone_lookup",
        "photo_files", "presence", "pre_authorized_uris", "properties", "search_index", "search_index_content", "search_index_docsize",
        "search_index_segdir", "search_index_segments", "search_index_stat", "sqlite_sequence", "sqlite_stat1", "status_updates",
        "stream_item_photos", "stream_items", "v1_settings", "visible_contacts", "voicemail_status",
    }
)  # fmt: skip


_VIDEO = 1
_NAMED = 2_000


class AndroidContacts(Source):
    name = "android_contacts"
    caption = "Android contacts and calls"
    version = "2"

    def recognises(self, head: bytes, size: int) -> float:  # noqa: ARG002 - the content tells
        if has_tables(head, "raw_contacts", "mimetypes", "data"):
            return 0.95
        has_calls = has_tables(head, "calls") and has_tables(head, "android_metadata")
        return 0.9 if has_calls and b"numbertype" in head.replace(b"\0", b"") else 0.0

    def read(self, file: BinaryIO, options: Options) -> Iterator[AnyRow]:
        yield from read_database(file, options, _all)


def _all(database: Database, traces: Traces) -> Iterator[AnyRow]:
    yield from _calls(database, traces)
    yield from database.told()
    yield from _contacts(database, traces)
    yield from database.rest(_READ, _KNOWN)


def _calls(database: Database, traces: Traces) -> Iterator[AnyRow]:
    for row in database.rows("calls", _CALLS):
        yield from handset.call(
            traces,
            place=row.place,
            number=row.text("number"),
            whole=row.text("normalized_number"),
            country=row.text("countryiso"),
            sort=row.number("type"),
            written_sort=row.text("type"),
            presentation=row.number("presentation"),
            seconds=row.number("duration"),
            at=row.time("date", milliseconds),
            name=row.text("name"),
            facts=tuple(_facts_of(row)),
        )
        if row.text("transcription"):
            place = f"{row.place}, column transcription"
            yield from traces.reader.free_text(
                row.text("transcription"), place=place, label="what a voicemail says"
            )


def _facts_of(row: Record) -> Iterator[tuple[str, str]]:
    if (row.number("features") or 0) & _VIDEO:
        yield ("with", "video")
    if row.number("is_read") == 0:
        yield ("seen", "no")
    for label, column in (
        ("place of the number", "geocoded_location"), ("country of the phone", "countryiso"), ("by way of", "via_number"),
        ("SIM", "subscription_id"),
        ("dialled after", "post_dial_digits"), ("subject", "subject"), ("blocked by", "call_screening_app_name"), ("label", "numberlabel"),
    ):  # fmt: skip
        yield from fact(label, row.text(column))


def _contacts(database: Database, traces: Traces) -> Iterator[AnyRow]:
    kinds = {
        row.number("_id"): row.text("mimetype") for row in database.rows("mimetypes", ("_id", "mimetype"))
    }
    of_contact: dict[int | None, list[int]] = {}
    for row in database.rows("data", ("raw_contact_id",)):
        of_contact.setdefault(row.number("raw_contact_id"), []).append(row.row)
    yield from database.told()
    for row in database.rows("raw_contacts", _RAW):
        found = [database.get("data", number, _DATA, key="_id") for number in of_contact.pop(row.row, ())]
        yield from _contact(database, traces, row, _entries([one for one in found if one], kinds))
    for owner, numbers in of_contact.items():  # whose contact is gone, or was never there
        found = [database.get("data", number, _DATA, key="_id") for number in numbers]
        entries = _entries([one for one in found if one], kinds)
        if entries:
            gone = Record("data", numbers[0], {"_id": owner})
            yield from _contact(
                database, traces, gone, entries, note=fact("contact", "no longer in the address book")
            )


def _entries(rows: list[Record], kinds: dict[int | None, str]) -> list[Entry]:
    return [entry for row in rows for entry in entries_of(row, kinds.get(row.number("mimetype_id"), ""))]


def _contact(
    database: Database,
    traces: Traces,
    row: Record,
    entries: list[Entry],
    *,
    note: tuple[tuple[str, str], ...] = (),
) -> Iterator[AnyRow]:
    names = [entry.text for entry in entries if entry.is_name]
    name = row.text("display_name") or next(iter(names), "")
    key = f"contact {row.table} {row.row}"
    facts = tuple((entry.label, shorten(entry.text, _NAMED)) for entry in entries if not entry.is_name)
    yield Person(
        key=key,
        role="unknown",
        place=row.place,
        names=tuple(dict.fromkeys(filter(None, (name, *names)))),
        birth_date=next((entry.text for entry in entries if entry.is_birth), None),
        facts=facts,
    )
    declared = [(entry.kind, entry.read_as or entry.text, entry.text) for entry in entries if entry.kind]
    if name and any(map(str.isalnum, name)) and not is_number(name):
        declared.append(("display_name", name, name))
    yield from traces.add(
        "contact",
        place=row.place,
        text=name,
        person=key,
        counterparts=tuple(dict.fromkeys(entry.text for entry in entries if entry.kind)),
        declared=declared,
        facts=(
            *(
                (entry.label, shorten(entry.text, _NAMED))
                for entry in entries
                if not entry.kind and not entry.is_name
            ),
            *_facts_of_contact(database, row),
            *note,
        ),
    )
    for entry in entries:
        if entry.is_prose:
            yield from traces.reader.free_text(
                entry.text, place=entry.place, label="note on a contact", person=key
            )


def _facts_of_contact(database: Database, row: Record) -> Iterator[tuple[str, str]]:
    if row.number("deleted"):
        yield ("deleted", "yes")
    if row.number("starred"):
        yield ("favourite", "yes")
    yield from fact("times contacted", row.number("times_contacted") or "")
    last = row.time("last_time_contacted", milliseconds)
    if last:
        yield ("last contacted", f"{last.instant:%Y-%m-%d %H:%M:%S} UTC" if last.instant else last.raw)
    account = database.get("accounts", row.number("account_id"), ("account_name", "account_type"), key="_id")
    yield from fact("kept in", account.text("account_name") if account else row.text("account_name"))
