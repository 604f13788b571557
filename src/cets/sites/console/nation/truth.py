"""What a correct system finds in the nation, worked out from what was planted, and what it must not find.

The rules are those of the product's contract, told here a second time and in another way, so that one can be
held against the other: values meet when kind and canonical form are equal; addresses meet by time, on carrier
NAT by port; a bare handle, a mail address without tag and dots, or a handle in another spelling is weak;
a value that too many unrelated reports hold links nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from itertools import combinations, product
from typing import Any

from cets.sites.console.nation.agencies import AGENCIES
from cets.sites.console.nation.draw import PLATFORMS
from cets.sites.console.nation.formats.cybertip_json import POLICE_MAIL, provider_mail
from cets.sites.console.nation.model import Delivery, Forbidden, Planted
from cets.sites.console.nation.stories.common_values import BY_VALUE

TOLERANCE = timedelta(minutes=2)
LONGEST = timedelta(days=180)
HOLDERS = 20  # reports; more than these, of at least so many agencies, are too many
HOLDER_AGENCIES = 3
_CARRIER = ip_network("100.64.0.0/10")
_WEAK_ALONE = {"display_name"}

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """Two reports that hold the same. `a` and `b` are the ids of the deliveries that opened them."""

    a: str
    b: str
    kind: str
    value: str
    strength: str
    why: str
    across: bool
    mentioned: bool


def work_out(deliveries: list[Delivery], forbidden: list[Forbidden]) -> dict[str, Any]:
    """Return the content of `truth.json`."""
    held = _held(deliveries)
    agency_of = {delivery.id: delivery.agency for delivery in deliveries}
    common = _common(held, agency_of)
    links = [
        link for key, reports in held.items() if key not in common for link in _links(key, reports, agency_of)
    ]
    links += _weak_links(held, common, agency_of)
    return {
        "note": "Reports are named by the delivery that opened them. `mentioned`: one side stands in free "
        "text only. `must_not` without `a` and `b` holds for any two reports.",
        "rules": {
            "tolerance_seconds": int(TOLERANCE.total_seconds()),
            "longest_days": LONGEST.days,
            "more_holders_than": HOLDERS,
            "of_agencies": HOLDER_AGENCIES,
        },
        "links": [
            asdict(link) for link in sorted(links, key=lambda link: (link.a, link.b, link.kind, link.value))
        ],
        "common": [
            {"kind": kind, "value": value, "why": why, "reports": sorted(held[kind, value])}
            for (kind, value), why in sorted(common.items())
        ],
        "must_not": [asdict(rule) for rule in (*forbidden, *_contacts())],
        "same_report": [_joined(delivery) for delivery in deliveries if delivery.report],
        "masked": _masked(deliveries),
        "receipts": [
            {"delivery": delivery.id, **delivery.expects} for delivery in deliveries if delivery.expects
        ],
    }


def _held(deliveries: Iterable[Delivery]) -> dict[Key, dict[str, list[Planted]]]:
    held: dict[Key, dict[str, list[Planted]]] = defaultdict(lambda: defaultdict(list))
    for delivery in deliveries:
        for value in delivery.document.planted:
            held[value.kind, value.value][delivery.joined_report].append(value)
    return held


def _common(held: Mapping[Key, Mapping[str, Any]], agency_of: Mapping[str, str]) -> dict[Key, str]:
    common = {key: reason for key, reason in BY_VALUE.items() if key in held}
    for key, reports in held.items():
        agencies = {agency_of[report] for report in reports}
        if len(reports) > HOLDERS and len(agencies) >= HOLDER_AGENCIES:
            common[key] = f"held by {len(reports)} reports of {len(agencies)} agencies"
    return common


def _links(key: Key, reports: Mapping[str, list[Planted]], agency_of: Mapping[str, str]) -> Iterator[Link]:
    for a, b in combinations(sorted(reports), 2):
        met = _met(key, reports[a], reports[b])
        if met:
            strength, why = met
            yield Link(
                a, b, *key, strength, why, agency_of[a] != agency_of[b], _in_text(reports[a], reports[b])
            )


def _in_text(mine: Iterable[Planted], theirs: Iterable[Planted]) -> bool:
    return any(all(value.way == "mentioned" for value in side) for side in (mine, theirs))


def _met(key: Key, mine: list[Planted], theirs: list[Planted]) -> tuple[str, str] | None:
    kind, value = key
    if kind == "ip":
        found = {meeting for pair in product(mine, theirs) if (meeting := _addresses_meet(*pair))}
        return min(found) if found else None  # "strong" sorts before "weak"
    if kind in _WEAK_ALONE:
        return "weak", f"the same {kind.replace('_', ' ')} {value}: names are shared by many"
    return "strong", f"the same {kind.replace('_', ' ')} {value}"


def _addresses_meet(mine: Planted, theirs: Planted) -> tuple[str, str] | None:
    behind_carrier = ip_address(mine.value) in _CARRIER
    if behind_carrier and mine.port and theirs.port and mine.port != theirs.port:
        return None
    if not (mine.at and theirs.at):
        return "weak", "the same address, one side without a time"
    apart = min(abs(a - b) for a, b in product(mine.at, theirs.at))
    if apart > LONGEST:
        return None
    if apart > TOLERANCE:
        return "weak", f"the same address, {apart.days} days apart"
    if behind_carrier and not (mine.port and theirs.port):
        return "weak", "the same carrier address within two minutes, one side without a port"
    return "strong", "the same address within two minutes"


def _weak_links(
    held: Mapping[Key, Mapping[str, list[Planted]]], common: Mapping[Key, str], agency_of: Mapping[str, str]
) -> Iterator[Link]:
    alike: dict[Key, set[Key]] = defaultdict(set)
    for key in held:
        variant = _variant(key)
        if variant and key not in common:
            alike[variant].add(key)
    for (kind, shared), keys in alike.items():
        for one, other in combinations(sorted(keys), 2):
            yield from _alike(kind, shared, held[one], held[other], agency_of)


def _alike(
    kind: str,
    variant: str,
    mine: Mapping[str, list[Planted]],
    theirs: Mapping[str, list[Planted]],
    agency_of: Mapping[str, str],
) -> Iterator[Link]:
    for a, b in product(sorted(mine), sorted(theirs)):
        if a == b:
            continue
        first, second = sorted((a, b))
        why = f"alike, not the same: {variant}"
        across = agency_of[a] != agency_of[b]
        yield Link(first, second, kind, variant, "weak", why, across, _in_text(mine[a], theirs[b]))


def _variant(key: Key) -> Key | None:
    """Return what two different values share when people would call them alike."""
    kind, value = key
    if kind == "email":
        local, _, domain = value.rpartition("@")
        return "email", f"{local.partition('+')[0].replace('.', '')}@{domain}"
    if kind == "account" and "/id:" not in value:
        return "alias", _without_separators(value.partition("/")[2])
    if kind == "handle":
        return "alias", _without_separators(value)
    return None


def _without_separators(handle: str) -> str:
    return handle.translate(str.maketrans("", "", "_.-"))


def _contacts() -> Iterator[Forbidden]:
    yield Forbidden("email", POLICE_MAIL, "contact of the police")
    for platform in PLATFORMS:
        yield Forbidden("email", provider_mail(platform), "contact of the reporting provider")
    for agency in AGENCIES:
        yield Forbidden("email", agency.mailbox, "shared mailbox of an agency")


def _joined(delivery: Delivery) -> dict[str, str]:
    why = "the same file" if "duplicate_of" in delivery.expects else "supplement under the same number"
    return {"delivery": delivery.id, "report": delivery.report, "why": why}


def _masked(deliveries: Iterable[Delivery]) -> list[dict[str, str]]:
    return [
        {"delivery": delivery.id, "kind": value.kind, "value": value.value}
        for delivery in deliveries
        for value in delivery.document.planted
        if value.role == "victim"
    ]


def instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
