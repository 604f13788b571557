"""What is written into the formats of exchange, MISP and STIX, is read from them value for value."""

import json
import uuid
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake.rows import Message, Person, Sighting
from unit.domains.intake.round_trips import (
    ADDRESSES,
    EMAILS,
    MD5,
    NAMES,
    PHONES,
    SHA1,
    SHA256,
    TEXTS,
    TIMES,
    URLS,
    declared,
    instant,
    read,
    texts,
    unread,
)


class Value(NamedTuple):
    """A value as one format writes it, and how it is read: the sort there, what stands there, the values with their kinds."""

    sort: str
    text: str
    found: tuple[tuple[str, str], ...]


#: A displayed name without a letter is no identifier.
SHOWN = TEXTS.filter(lambda text: any(map(str.isalnum, text)))


def of(sort: str, kind: str, values: st.SearchStrategy[str], prefix: str = "") -> st.SearchStrategy[Value]:
    return values.map(lambda text: Value(sort, text, ((kind, f"{prefix}{text}"),)))


def stamp(at: int) -> str:
    return f"{instant(at):%Y-%m-%dT%H:%M:%SZ}"


# --- MISP -----------------------------------------------------------------------------------------

PORTS = st.integers(1, 65_535)
ATTRIBUTES = st.one_of(
    of("md5", "hash", MD5, "md5:"),
    of("sha1", "hash", SHA1, "sha1:"),
    of("sha256", "hash", SHA256, "sha256:"),
    of("email-src", "email", EMAILS),
    of("email-dst", "email", EMAILS),
    of("phone-number", "phone", PHONES),
    of("ip-src", "ip", ADDRESSES),
    of("url", "url", URLS),
    of("hostname", "domain", NAMES.map("{}.example".format)),
    of("twitter-id", "account", NAMES, "twitter/"),
    st.tuples(TEXTS, MD5).map(lambda p: Value("filename|md5", "|".join(p), (("hash", f"md5:{p[1]}"),))),
    st.tuples(ADDRESSES, PORTS).map(lambda p: Value("ip-dst|port", f"{p[0]}|{p[1]}", (("ip", p[0]),))),
    st.tuples(NAMES.map("{}.example".format), ADDRESSES).map(
        lambda p: Value("domain|ip", "|".join(p), (("domain", p[0]), ("ip", p[1])))
    ),
)
LISTED = st.lists(st.tuples(ATTRIBUTES, st.none() | TIMES, st.none() | TEXTS), max_size=5)
ROLES = {
    "suspect": "suspect",
    "victim": "victim",
    "witness": "witness",
    "informant": "reporter",
    "friend": "unknown",
}
PERSONS = st.lists(st.tuples(SHOWN, EMAILS, PHONES, st.sampled_from(sorted(ROLES))), max_size=3)
ACCOUNTS = st.lists(st.tuples(NAMES, st.integers(10_000, 10**12).map(str), TEXTS), max_size=3)
MAILS = st.lists(
    st.tuples(EMAILS, st.lists(EMAILS, min_size=1, max_size=2, unique=True), TEXTS, TEXTS, TIMES), max_size=3
)
WRAPPED = {
    "one": lambda event: {"Event": event},
    "list": lambda event: [{"Event": event}],
    "answer": lambda event: {"response": [{"Event": event}]},
    "bare": lambda event: event,
}
BASES = {"one": "/Event", "list": "/0/Event", "answer": "/response/0/Event", "bare": ""}


def misp_object(name: str, *attributes: tuple[str, str, str]) -> dict[str, Any]:
    listed = [
        {"object_relation": relation, "type": sort, "value": text} for relation, sort, text in attributes
    ]
    return {"name": name, "meta-category": "misc", "Attribute": listed}


@pytest.mark.parametrize("shape", WRAPPED)
@settings(max_examples=30, deadline=None)
@given(listed=LISTED, persons=PERSONS, accounts=ACCOUNTS, mails=MAILS, info=TEXTS)
def test_events_of_misp_are_read(
    shape: str, listed: list[tuple[Value, int | None, str | None]], persons: list[tuple[str, str, str, str]],
    accounts: list[tuple[str, str, str]], mails: list[tuple[str, list[str], str, str, int]], info: str,
) -> None:  # fmt: skip
    event = {
        "info": info, "date": "2026-03-13", "Orgc": {"name": "Kite Desk"}, "threat_level_id": "2",
        "Attribute": [
            {"type": value.sort, "category": "Other", "value": value.text, "to_ids": False, "comment": note or "",
             "first_seen": at and stamp(at), "last_seen": at and stamp(at)}
            for value, at, note in listed
        ],
        "Object": [
            *(misp_object("person", ("full-name", "full-name", name), ("e-mail", "email", email),
                          ("phone-number", "phone-number", phone), ("role", "text", role)) for name, email, phone, role in persons),
            *(misp_object("twitter-account", ("name", "text", name), ("id", "text", number), ("bio", "text", bio))
              for name, number, bio in accounts),
            *(misp_object("email", ("from", "email-src", sender), *(("to", "email-dst", one) for one in receivers),
                          ("subject", "email-subject", subject), ("email-body", "email-body", body), ("send-date", "datetime", stamp(at)))
              for sender, receivers, subject, body, at in mails),
        ],
    }  # fmt: skip
    rows = read("misp", json.dumps(WRAPPED[shape](event)).encode())

    base = BASES[shape]
    own = [
        row
        for row in rows
        if isinstance(row, Sighting) and row.way == "declared" and row.place.startswith(f"{base}/Attribute")
    ]
    assert [
        (row.value.kind, row.value.value, row.place, row.seen_at and row.seen_at.instant, row.role)
        for row in own
    ] == [
        (kind, text, f"{base}/Attribute/{index}/value", at and instant(at), "unknown")
        for index, (value, at, _) in enumerate(listed)
        for kind, text in value.found
    ]
    ports = [int(value.text.split("|")[1]) for value, _, _ in listed if value.sort == "ip-dst|port"]
    assert [row.port for row in own if row.port] == ports
    assert [text for text, _ in texts(rows, "Comment")] == [note for _, _, note in listed if note]
    _people_of_misp(rows, persons, accounts)
    found = [row for row in rows if isinstance(row, Message)]
    assert [
        (row.sender, list(row.recipients), row.subject, row.text, row.sent_at and row.sent_at.instant)
        for row in found
    ] == [(sender, receivers, subject, body, instant(at)) for sender, receivers, subject, body, at in mails]
    assert not unread(rows)


def _people_of_misp(
    rows: list[Any], persons: list[tuple[str, str, str, str]], accounts: list[tuple[str, str, str]]
) -> None:
    people = [row for row in rows if isinstance(row, Person)]
    assert [(one.names, one.role) for one in people] == [
        *(((name,), ROLES[role]) for name, _, _, role in persons),
        *(((name,), "unknown") for name, _, _ in accounts),
    ]
    held = [
        [(row.value.value, row.role) for row in rows if isinstance(row, Sighting) and row.person == one.key and row.value.kind in {"email", "phone", "account"}]
        for one in people
    ]  # fmt: skip
    assert held == [
        *([(email, ROLES[role]), (phone, ROLES[role])] for _, email, phone, role in persons),
        *([(f"twitter/id:{number}", "unknown")] for _, number, _ in accounts),
    ]


# --- STIX -----------------------------------------------------------------------------------------

OBSERVABLES = st.one_of(
    of("email-addr", "email", EMAILS),
    of("url", "url", URLS),
    of("domain-name", "domain", NAMES.map("{}.example".format)),
    ADDRESSES.map(lambda text: Value("ipv6-addr" if ":" in text else "ipv4-addr", text, (("ip", text),))),
)
OBSERVED = st.lists(st.tuples(OBSERVABLES, st.none() | st.tuples(TIMES, st.integers(0, 9_999))), max_size=5)
HOLDERS = st.lists(
    st.tuples(NAMES, st.integers(10_000, 10**12).map(str), SHOWN, st.none() | EMAILS), max_size=3
)
FILES = st.lists(st.tuples(MD5, SHA1, SHA256, TEXTS), max_size=3)
LETTERS = st.lists(st.tuples(EMAILS, EMAILS, TEXTS, TEXTS, TIMES), max_size=3)
LINES = st.lists(st.tuples(ADDRESSES, PORTS, ADDRESSES, PORTS, TIMES), max_size=3)


class Bundle:
    """Writes objects; each gets an id by its number."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.objects: list[dict[str, Any]] = []

    def add(self, sort: str, **fields: Any) -> str:
        identity = f"{sort}--{uuid.UUID(int=len(self.objects) + (4 << 76) + (8 << 60))}"
        told = {"spec_version": "2.1"} if self.version == "2.1" else {}
        self.objects.append({"type": sort, **told, "id": identity, **fields})
        return identity

    @property
    def last(self) -> str:
        return f"/objects/{len(self.objects) - 1}"


def stix_observed(
    bundle: Bundle, observed: list[tuple[Value, tuple[int, int] | None]]
) -> list[tuple[Any, ...]]:
    """Write observables, seen or not, and return what they are: STIX 2.0 holds each within its observation."""
    expected: list[tuple[Any, ...]] = []
    for value, seen in observed:
        start, end = (instant(seen[0]), instant(sum(seen))) if seen else (None, None)
        times = (
            {"first_observed": stamp(seen[0]), "last_observed": stamp(sum(seen)), "number_observed": 1}
            if seen
            else {}
        )
        own = {"type": value.sort, "value": value.text}
        if bundle.version == "2.0":
            bundle.add("observed-data", **times, objects={"0": own})
            place = f"{bundle.last}/objects/0/value"
        else:
            identity = bundle.add(value.sort, value=value.text)
            place = f"{bundle.last}/value"
            if seen:
                bundle.add("observed-data", **times, object_refs=[identity])
        expected.append((value.text, place, start, end if start != end else None))
    return expected


@pytest.mark.parametrize("version", ["2.1", "2.0"])
@settings(max_examples=50, deadline=None)
@given(OBSERVED, TEXTS)
def test_observations_of_stix_are_read(
    version: str, observed: list[tuple[Value, tuple[int, int] | None]], note: str
) -> None:
    bundle = Bundle(version)
    bundle.add(
        "identity",
        name="Kite Desk",
        identity_class="organization",
        contact_information="desk@hotline.example",
    )
    if version == "2.1":
        bundle.add("note", abstract=note, content=note, object_refs=[])
    expected = stix_observed(bundle, observed)
    told = {} if version == "2.1" else {"spec_version": "2.0"}
    whole = {"type": "bundle", **told, "id": f"bundle--{uuid.UUID(int=4 << 76)}", "objects": bundle.objects}
    rows = read("stix", json.dumps(whole).encode())

    found = [row for row in rows if isinstance(row, Sighting) and row.way == "declared"]
    assert [
        (row.value.value, row.place, row.seen_at and row.seen_at.instant, row.until and row.until.instant) for row in found
    ] == expected  # fmt: skip
    assert all(row.gaps == bool(row.until) and row.role == "unknown" for row in found)
    noted = [note] if version == "2.1" else []
    assert [text for text, _ in texts(rows, "note, content")] == noted
    assert not unread(rows)


@pytest.mark.parametrize("is_bundle", [True, False])
@settings(max_examples=40, deadline=None)
@given(holders=HOLDERS, files=FILES, letters=LETTERS, lines=LINES)
def test_accounts_files_mails_and_connections_of_stix_are_read(
    is_bundle: bool, holders: list[tuple[str, str, str, str | None]], files: list[tuple[str, str, str, str]],
    letters: list[tuple[str, str, str, str, int]], lines: list[tuple[str, int, str, int, int]],
) -> None:  # fmt: skip
    bundle, base = Bundle("2.1"), "/objects" if is_bundle else ""
    bundle.add("campaign", name="Kites")
    expected: list[tuple[Any, ...]] = []
    persons: list[tuple[str, str]] = []

    def at(field: str) -> str:
        return f"{base}/{len(bundle.objects) - 1}/{field}".rstrip("/")

    def address(sort: str, text: str) -> str:
        made = bundle.add(sort, value=text)
        expected.append((text, at("value"), None, None))
        return made

    for name, number, shown, email in holders:
        key = bundle.add(
            "user-account", user_id=number, account_login=name, account_type="kitechat", display_name=shown
        )
        persons.append((key, shown))
        expected += [
            (f"kitechat/{name}", at("account_login"), None, None),
            (f"kitechat/id:{number}", at("user_id"), None, None),
        ]
        if email:
            bundle.add("email-addr", value=email, belongs_to_ref=key)
            expected.append((email, at("value"), None, None))
    for md5, sha1, sha256, name in files:
        bundle.add("file", hashes={"MD5": md5, "SHA-1": sha1, "SHA-256": sha256}, name=name)
        expected += [
            (f"{sort}:{text}", at(f"hashes/{key}"), None, None)
            for sort, key, text in (
                ("md5", "MD5", md5),
                ("sha1", "SHA-1", sha1),
                ("sha256", "SHA-256", sha256),
            )
        ]
    for sender, receiver, subject, body, sent in letters:
        ends = address("email-addr", sender), address("email-addr", receiver)
        bundle.add(
            "email-message",
            is_multipart=False,
            date=stamp(sent),
            from_ref=ends[0],
            to_refs=[ends[1]],
            subject=subject,
            body=body,
        )
        expected += [(text, at(""), instant(sent), None) for text in (sender, receiver)]
    for source, out, target, into, start in lines:
        refs = [address("ipv6-addr" if ":" in text else "ipv4-addr", text) for text in (source, target)]
        bundle.add(
            "network-traffic",
            start=stamp(start),
            src_ref=refs[0],
            dst_ref=refs[1],
            src_port=out,
            dst_port=into,
            protocols=["tcp"],
        )
        expected += [
            (source, at("src_ref"), instant(start), out),
            (target, at("dst_ref"), instant(start), into),
        ]
    whole: Any = bundle.objects
    if is_bundle:
        whole = {"type": "bundle", "id": f"bundle--{uuid.UUID(int=4 << 76)}", "objects": bundle.objects}
    rows = read("stix", json.dumps(whole).encode())

    found = [
        row
        for row in rows
        if isinstance(row, Sighting) and row.way == "declared" and row.value.kind != "display_name"
    ]
    assert [
        (row.value.value, row.place, row.seen_at and row.seen_at.instant, row.port) for row in found
    ] == expected
    people = [row for row in rows if isinstance(row, Person)]
    assert [(one.key, one.names, one.role) for one in people] == [
        (key, (shown,), "unknown") for key, shown in persons
    ]
    of_holders = [
        row.value.value
        for row in rows
        if isinstance(row, Sighting) and row.person and row.value.kind == "email"
    ]
    assert of_holders == [email for *_, email in holders if email]
    assert len(declared(rows, "display_name")) == len(holders)
    mails = [row for row in rows if isinstance(row, Message)]
    assert [
        (one.sender, one.recipients, one.subject, one.text, one.sent_at and one.sent_at.instant)
        for one in mails
    ] == [
        (sender, (receiver,), subject, body, instant(sent))
        for sender, receiver, subject, body, sent in letters
    ]
    assert not unread(rows)
