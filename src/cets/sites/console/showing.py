"""Records as the command line shows them (the README's contract)."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.domains.agencies.models import Agency
from cets.domains.deconfliction import queries as hit_queries
from cets.domains.deconfliction.queries import Told
from cets.domains.identifiers import queries as identifier_queries
from cets.domains.identifiers.models import Holding
from cets.domains.intake import shapes
from cets.domains.intake.masked_values import mask_told, with_masks
from cets.domains.intake.masking import PLAIN, Masker, masker_of, shown
from cets.domains.intake.receipts import Counted, counted
from cets.domains.ledger.models import Entry
from cets.domains.reports import queries as report_queries
from cets.domains.reports.items import all_gradings_of
from cets.domains.reports.models import ItemGrading, Part, Remark, Report
from cets.domains.search import queries as search_queries
from cets.domains.sharing.levels import Level

PAGE = 200
_WEIGHT = ("victim", "convicted", "suspect", "recipient", "witness", "reporter", "other", "unknown")


def report(viewer: Viewer, reference: str, *, reveal: bool) -> dict[str, Any]:
    """Return one report with its receipt and identifiers. Raises NotFound, Refused."""
    with acting(viewer):
        found = report_queries.get_by_reference(viewer, reference)
        known = masker_of(found.id)
        holdings = with_masks(list(identifier_queries.of_report(found)), {found.id: known})
        values = identifier_queries.reveal(viewer, holdings) if reveal else {}
        parts = list(report_queries.parts_of(found))
        numbers = counted(parts)
        gradings = all_gradings_of(found)
        remarks = list(report_queries.remarks_of(found))
        names = (found.title, *(part.name for part in parts))
        if reveal and (
            found.title_raw
            or any(_is_masked(part) for part in parts)
            or any(known.name(name) != name for name in names)
        ):
            identifier_queries.reveal_names(viewer, found)
        if reveal:
            for remark in remarks:
                if remark.role == "victim":
                    identifier_queries.reveal_doubt(viewer, remark)
        masker = PLAIN if reveal else known
        return {
            **_head(found, masker, reveal=reveal),
            "parts": [_part(one, masker, reveal=reveal) for one in numbers],
            "item_gradings": [_graded(one, masker, reveal=reveal) for one in gradings],
            "not_understood": [masker(r.text) for r in remarks if r.kind == "not_understood"],
            "ambiguous": [_doubt(r, masker, reveal=reveal) for r in remarks if r.kind == "ambiguous"],
            "remarks": [masker(r.text) for r in remarks if r.kind == "note"],
            "identifiers": list(_identifiers(holdings, values, masker, reveal=reveal)),
        }  # fmt: skip


def _part(one: Counted, masker: Masker, *, reveal: bool) -> dict[str, Any]:
    p = one.part
    return {
        "file": _name(p, masker, reveal=reveal), "source": p.source or None,
        "state": p.state, "sightings": p.sightings, "identifiers": p.identifiers,
        "messages": p.messages, "traces": p.traces, "people": one.people, "texts": one.passages,
        "not_understood": one.not_understood, "cut": one.cut, "skipped": one.skipped, "ambiguous": one.ambiguous,
        "error": masker.label(p.error) or None, "parser": p.parser_version, "sha256": p.sha256,
        "patterns": p.patterns, "patterns_version": p.patterns_version,
    }  # fmt: skip


def _graded(one: ItemGrading, masker: Masker, *, reveal: bool) -> dict[str, Any]:
    return {
        "file": _name(one.part, masker, reveal=reveal), "item": one.item, "place": masker.label(one.place), "grading": str(one),
        "conditions": masker(one.conditions) or None, "at": one.graded_at.isoformat(),
    }  # fmt: skip


def shape(viewer: Viewer, reference: str) -> dict[str, Any]:
    """Return the shape report of a report's files: no value of it is in it. Raises NotFound, Refused."""
    with acting(viewer):
        found = report_queries.get_by_reference(viewer, reference)
        return shapes.make(found, list(report_queries.parts_of(found)), by=viewer)


def _doubt(remark: Remark, masker: Masker, *, reveal: bool) -> dict[str, Any]:
    raw, candidates = (remark.text, remark.candidates) if reveal else shown(remark, masker)
    return {"raw": raw, "candidates": candidates, "place": masker.label(remark.place)}


def _name(part: Part, masker: Masker, *, reveal: bool) -> str:
    if reveal:
        return part.name_raw or part.name
    return "not read yet" if report_queries.is_name_hidden(part) else masker.name(part.name)


def _is_masked(part: Part) -> bool:
    return bool(part.name_raw) or report_queries.is_name_hidden(part)


def _head(found: Report, masker: Masker, *, reveal: bool) -> dict[str, Any]:
    return {
        "reference": found.reference, "title": (found.title_raw if reveal else "") or masker.name(found.title),
        "category": masker.label(found.category), "platform": masker.label(found.platform),
        "received": found.received_at.isoformat(), "sharing": Level(found.sharing).word, "state": found.state,
        "grading": f"{found.grading_source}-{found.grading_information}-{found.grading_handling}",
        "external_number": found.external_number or None, **_work(found.entry),
    }  # fmt: skip


def _work(entry: Entry) -> dict[str, Any]:
    owner = entry.owner_officer or entry.owner_team
    return {"owner": str(owner), "due": entry.due_at.isoformat(), "next": entry.next_step}


def _identifiers(
    holdings: Sequence[Holding], values: dict[UUID, str], masker: Masker, *, reveal: bool
) -> Iterator[dict[str, Any]]:
    places: dict[UUID, list[Any]] = {}
    for sighting in identifier_queries.places_of(holdings):
        places.setdefault(sighting.holding_id, []).append(sighting)
    for holding in holdings:
        seen = places.get(holding.id, [])
        masked = holding.is_masked and holding.id not in values
        shown = identifier_queries.shown(holding) if masked else holding.value
        yield {
            "kind": holding.kind,
            "value": shown,
            "raw": shown if masked else holding.raw,
            "way": next(way for way in ("declared", "looked_up", "mentioned") if way in holding.ways),
            "role": min(holding.roles, key=_WEIGHT.index),
            "places": [
                {
                    "file": _name(s.part, masker, reveal=reveal),
                    "place": masker.label(s.place),
                    "role": s.role,
                    "way": s.way,
                    "seen": masker.label(s.seen_raw) or None,
                }
                for s in seen
            ],
            "common": holding.common or None,
        }


def hits(viewer: Viewer, *, with_common: bool) -> Iterator[dict[str, Any]]:
    """Yield the agency's hits, the strongest first. Raises Refused for a role that works on none."""
    require(viewer, Permission.HIT_SETTLE)
    with acting(viewer):
        found = list(hit_queries.listed(viewer, with_common=with_common).order_by("-bits", "reference"))
        hit_queries.record_listed(viewer, found)
    rows = iter(found)
    with acting(viewer):  # the record stands by now, though the reader may not wait for the last line
        while page := list(islice(rows, PAGE)):
            for told in mask_told(hit_queries.tell(viewer, page)):
                yield _hit(told)


def _hit(told: Told) -> dict[str, Any]:
    return {
        "hit": told.hit.reference,
        "identifier": {"kind": told.kind, "value": told.shown},
        "bits": told.strength.bits,
        "why": told.strength.why,
        "strength": told.strength.word,
        "common": told.strength.common or None,
        "mine": [m.reference for m in told.mine],
        "theirs": [
            {
                "level": t.level.word,
                "agency": t.agency_code,
                "reference": t.reference,
                "contact": {"name": t.contact.name, "phone": t.contact.phone, "email": t.contact.email},
            }
            for t in told.theirs
        ],
        "state": told.hit.state,
        **_work(told.hit.entry),
    }


def search(viewer: Viewer, query: str) -> list[dict[str, Any]]:
    """Return what was found, best first. Raises Refused."""
    with acting(viewer):
        country = Agency.objects.values_list("country", flat=True).filter(id=viewer.own_agency).first()
        understood = search_queries.understand(query, country=country)
        flagged = search_queries.whom_it_is_of(viewer, understood)
        found = search_queries.run(viewer, understood, flagged=flagged)
        return [_result(one) for one in found]


def _result(one: search_queries.Found) -> dict[str, Any]:
    result: dict[str, Any] = {
        "type": one.type,
        "reference": one.report.reference if one.report else one.hit.reference if one.hit else None,
        "score": one.score,
    }
    if one.identifier:
        result["identifier"] = {"kind": one.identifier[0], "value": one.identifier[1]}
        result["references"] = list(one.references)
        result["common"] = one.common or None
    else:
        result["snippet"] = one.snippet.replace("\ue000", "").replace("\ue001", "")
    return result
