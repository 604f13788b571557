"""CyberTip files without end, for measuring: fast, and no larger than what providers usually send."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

_START = datetime(2026, 1, 1, tzinfo=UTC)
_MINUTES = 300 * 24 * 60
_PLATFORM = "Kite Chat"
_SLOTS = 9
#: Odd multipliers spread running numbers over all bits and never send two of them to one value.
_SPREAD_64, _SPREAD_128 = 0x9E3779B97F4A7C15, 0x9E3779B97F4A7C15F39CC0605CEDC835
_MASK_64, _MASK_128 = (1 << 64) - 1, (1 << 128) - 1


def stream_reports(seed: int, overlap: float = 0.1) -> Iterator[bytes]:
    """Yield reports of law enforcement's JSON endlessly, each with eleven identifiers.

    They are two accounts (with handle and number each), a mail address, two IP addresses with time, a device,
    a profile address and two file hashes. Each of these nine things is, with the probability `overlap`, one
    that an earlier report of the same stream held; otherwise it is new. The same seed and overlap give the
    same bytes; nothing is kept in memory, so a stream may run to any length.
    """
    random = Random(f"stream/{seed}")  # noqa: S311  (invented data must be repeatable, not secret)
    template = _template()
    salt = random.getrandbits(24)
    number = 0
    while True:
        number += 1
        yield (template % _values(random, salt, number, overlap)).encode()


def _values(random: Random, salt: int, number: int, overlap: float) -> dict[str, object]:
    slots = iter(range(_SLOTS))

    def drawn() -> int:
        """Return this report's own number for the next slot, or one that an earlier report held there."""
        slot = next(slots)
        earlier = number
        while not _is_own(slot, earlier, overlap):
            earlier = random.randrange(1, earlier)
        return earlier

    subject, contact = drawn(), drawn()
    seen_at = _START + timedelta(minutes=random.randrange(_MINUTES))
    return {
        "number": 991_000_000 + number,
        "at": seen_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "account": f"{salt}{subject:09d}",
        "handle": f"kite{salt:x}_{subject}",
        "profile": drawn(),
        "mail": f"m{salt:x}.{drawn()}",
        "contact": f"{salt}{contact:09d}7",
        "contact_handle": f"lark{salt:x}_{contact}",
        "salt": f"{salt:x}",
        "address": _address(salt, drawn()),
        "other_address": _address(salt ^ 0xFFFF, drawn()),
        "port": random.randrange(20_000, 60_000),
        "device": _device(salt, drawn()),
        "file": _hash(salt, drawn()),
        "other_file": _hash(salt ^ 0xFFFF, drawn()),
    }


def _is_own(slot: int, number: int, overlap: float) -> bool:
    """Tell whether that report brought something new in that slot, without having to remember it."""
    mixed = ((number * _SLOTS + slot + 1) * _SPREAD_64 * _SPREAD_64) & _MASK_64
    return number == 1 or (mixed >> 32) / (1 << 32) >= overlap


def _address(salt: int, number: int) -> str:
    bits = ((number * _SPREAD_64) ^ salt) & _MASK_64
    groups = (bits >> 48, bits >> 32 & 0xFFFF, bits >> 16 & 0xFFFF, bits & 0xFFFF)
    return "2001:db8:" + ":".join(f"{group:x}" for group in (*groups, 1, 2))


def _device(salt: int, number: int) -> str:
    text = f"{((number * _SPREAD_128) ^ salt) & _MASK_128:032X}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _hash(salt: int, number: int) -> str:
    return f"{((number * _SPREAD_128) ^ (salt << 64)) & _MASK_128:032x}"


def _template() -> str:
    """Return the JSON text with a place for each drawn value; the rest is written only once."""
    person = _person("%(account)s", "%(handle)s")
    person["emails"] = {"emails": [{"value": "%(mail)s@mail.example", "verified": True}]}
    person["sourceInformation"] = {
        "sourceCaptures": [
            _capture("IP Address", "%(address)s", event="LOGIN", at="%(at)s", port="%(port)s"),
            _capture("IP Address", "%(other_address)s", event="UPLOAD", at="%(at)s"),
            _capture("Device ID", "%(device)s", value_type="IDFA"),
            _capture("Profile URL", "https://kitechat.example/u/%(salt)s-%(profile)s"),
        ]
    }
    report = {
        "reportId": "%(number)s",
        "informational": False,
        "dateReceived": "%(at)s",
        "dateMadeAvailable": "%(at)s",
        "reportedInformation": {
            "reportingEsp": {"espName": _PLATFORM, "lastName": "Kite Chat Safety"},
            "incidentSummary": {
                "incidentType": "Online Enticement of Children for Sexual Acts",
                "platform": _PLATFORM,
                "incidentDateTime": "%(at)s",
            },
            "incidentDetails": {"chatIncident": [], "webpageIncident": []},
            "reportedPeople": {"reportedPersons": [person]},
            "childVictims": None,
            "intendedRecipients": {"intendedRecipients": [_person("%(contact)s", "%(contact_handle)s")]},
            "uploadedFiles": {
                "uploadedFiles": [
                    {"filename": "1.jpg", "verificationHash": "%(file)s", "viewedByEsp": True},
                    {"filename": "2.jpg", "verificationHash": "%(other_file)s", "viewedByEsp": None},
                ]
            },
            "additionalInformations": [{"value": "Invented record for measuring"}],
        },
    }
    return json.dumps(report).replace('"%(number)s"', "%(number)s").replace('"%(port)s"', "%(port)s")


def _person(account: str, handle: str) -> dict[str, Any]:
    return {
        "espUserId": account,
        "espService": _PLATFORM,
        "screenName": {"value": handle},
        "emails": None,
        "phones": None,
    }


def _capture(
    kind: str, value: str, *, value_type: str | None = None, event: str | None = None,
    at: str | None = None, port: str | None = None,
) -> dict[str, str | None]:  # fmt: skip
    return {
        "captureType": kind,
        "valueType": value_type,
        "value": value,
        "eventName": event,
        "dateTime": at,
        "possibleProxy": None,
        "port": port,
    }
