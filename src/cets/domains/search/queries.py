"""Find identifiers, references and words in what the viewer may see, and say how the question was read."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models import Value as Literal
from django.db.models.functions import StrIndex, Substr

from cets.access.permissions import Permission
from cets.access.viewer import Viewer, acting, require
from cets.audit.recording import Entry as AuditEntry
from cets.audit.recording import record_many
from cets.domains.agencies.models import Agency, Officer
from cets.domains.deconfliction import queries as hits
from cets.domains.deconfliction.models import Hit
from cets.domains.identifiers import queries as identifiers
from cets.domains.identifiers.extract import find
from cets.domains.identifiers.kinds import clean
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid, Value
from cets.domains.identifiers.models import Holding
from cets.domains.intake.masked_values import with_masks
from cets.domains.intake.masking import PLAIN, maskers_of
from cets.domains.reports.models import Message, Passage, Report
from cets.domains.reports.queries import NotFound
from cets.domains.reports.queries import visible_to as visible_reports
from cets.domains.search import events
from cets.domains.search.models import Search
from cets.domains.search.readings import names_of, readings_of, runs_of
from cets.kernel.errors import CetsError

_REFERENCE = re.compile(r"\bCETS-[A-Z0-9]+-\d{4}-\d{6}\b", re.IGNORECASE)
_HIT_REFERENCE = re.compile(r"\bCETS-[A-Z0-9]+-H-\d{6,}\b", re.IGNORECASE)
_PHRASE = re.compile(r'"([^"]+)"')
_QUOTE = '"'
MOST = 200
#: A longer question is a file to be taken in.
MOST_LETTERS = 1000


class TooLong(CetsError):
    """A search takes 1,000 letters at most. Ask for less at once, or take the text in as a file."""


@dataclass(frozen=True, slots=True)
class Term:
    """One part of the question as it was understood. `type`: reference, identifier, phrase, word."""

    type: str
    raw: str
    kind: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """The whole question, in terms."""

    terms: tuple[Term, ...]
    tried: tuple[Term, ...] = ()  # what pieces may be beside: said where it is held
    names: Mapping[str, str] = field(
        default_factory=dict
    )  # of accounts and rooms of any platform, and the piece

    @property
    def words(self) -> str:
        return " ".join(self._worded)

    @property
    def any_words(self) -> str:
        """The words and phrases, any of which will do."""
        return " or ".join(self._worded)

    @property
    def is_empty(self) -> bool:
        """Whether nothing in the question can be looked for in a text: it holds signs without a letter or digit."""
        return not self.terms

    @property
    def asked(self) -> tuple[str, ...]:
        """What was asked, piece by piece: a piece with several readings counts once."""
        return tuple(dict.fromkeys(t.raw for t in self.terms))

    @property
    def _worded(self) -> list[str]:
        # Each in quotation marks: a dash or "or" in what was asked is no operator.
        return [f'"{t.raw.replace(_QUOTE, " ")}"' for t in self.terms if t.type in {"word", "phrase"}]


@dataclass(frozen=True, slots=True)
class Found:
    """One result. `identifier` is (kind, value or pseudonym)."""

    type: str  # report, hit, identifier, message, passage
    score: float
    report: Report | None = None
    key: UUID | None = None
    identifier: tuple[str, str] | None = None
    snippet: str = ""
    place: str = ""
    row: UUID | None = None  # of the message or passage
    holders: int = 0
    references: tuple[str, ...] = field(default=())
    asked: str = ""  # the piece of the question that it answers; empty: all its words
    bits: float = 0.0  # of an identifier: what it is worth
    common: str = ""  # and why that is little
    hit: Hit | None = None


def understand(query: str, *, country: str | None) -> Understood:
    """Read a question: references, identifiers in any spelling, quoted phrases, words. Raises TooLong."""
    if len(query) > MOST_LETTERS:
        raise TooLong(str(TooLong.__doc__))
    terms: list[Term] = []
    rest = query
    phrases = _PHRASE.findall(query)
    for pattern, kind in ((_REFERENCE, "reference"), (_HIT_REFERENCE, "reference"), (_PHRASE, "phrase")):
        terms += [
            Term(kind, found[1] if kind == "phrase" else found[0].upper())
            for found in pattern.finditer(rest)
            if _has_letter(found[0])
        ]
        rest = pattern.sub(" ", rest)
    findings = find(rest, Context(country=country))
    for one in sorted(findings.found, key=lambda f: -f.start):
        terms.append(Term("identifier", one.raw, one.value.kind, one.value.value))
        rest = rest[: one.start] + " " + rest[one.end :]
    words = list(filter(_has_letter, rest.split()))
    for word in words:
        terms.extend(_readings(word, country))
        terms.append(Term("word", word))
    tried = (Term("identifier", raw, v.kind, v.value) for raw, v in readings_of(query, phrases, country))
    # What reads like a host, a device or a number can as well be what somebody calls himself.
    words += [one.raw for one in findings.found if one.value.kind in _LIKE_NAMES]
    names = names_of((*words, *phrases, *runs_of(words), " ".join(words)) if words or phrases else ())
    return Understood(tuple(terms), tuple(tried), names)


def as_found(understood: Understood, found: Iterable[Found]) -> Understood:
    """Return how the question is read now that it is known what of it is held, to be said to whoever asked."""
    known = {t.raw: t for t in understood.terms}
    held = {(one.asked, one.identifier[0]) for one in found if one.identifier}
    named = {(t.raw, t.kind): t for t in understood.tried if (t.raw, t.kind) in held}
    said = {(t.raw, t.kind) for t in understood.terms}
    more = [t for key, t in named.items() if key not in said]
    # A piece's readings stand before its word, as `understand` has them; a phrase says first that it is one.
    terms = [t for one in understood.terms for t in _beside(one, more)]
    return replace(understood, terms=(*(t for t in more if t.raw not in known), *terms))


def _beside(one: Term, more: Iterable[Term]) -> list[Term]:
    beside = [t for t in more if t.raw == one.raw]
    return [*beside, one] if one.type == "word" else [one, *beside] if one.type == "phrase" else [one]


def _has_letter(word: str) -> bool:
    return any(c.isalnum() for c in word)


_LIKE_NAMES = frozenset({"device", "domain", "hash", "imei", "imsi", "report_number", "vehicle"})
#: What a bare word may be beside a word.
_WORD_KINDS = ("handle", "imei", "imsi", "vehicle", "display_name", "phone", "hash", "report_number")


def _readings(word: str, country: str | None) -> Iterator[Term]:
    for kind in _WORD_KINDS:
        try:
            values: tuple[Value, ...] = (clean(kind, word, Context(country=country)),)
        except NotValid:
            continue
        except Ambiguous as doubt:
            values = doubt.readings
        yield from (Term("identifier", word, kind, value.value) for value in values)


def remember(viewer: Viewer, query: str, *, at: datetime, any_of: bool = True) -> Search:
    """Keep the question, so that its result page has an address that tells nothing."""
    with acting(viewer):
        return Search.objects.create(
            agency_id=viewer.own_agency, actor_id=viewer.actor_id, query=query, any_of=any_of, at=at
        )


def recall(viewer: Viewer, search_id: UUID) -> Search:
    """Return a question of the viewer's own. Raises NotFound."""
    search = Search.objects.filter(id=search_id, actor_id=viewer.actor_id).first()
    if search is None:
        raise NotFound(str(NotFound.__doc__))
    return search


def whom_it_is_of(viewer: Viewer, understood: Understood) -> str:
    """Say whether a search is of the viewer ("self") or of somebody of the same agency ("colleague"), else nothing.

    By sign-in name, e-mail, telephone number or full name. Inside `acting(viewer)`.
    """
    values = {t.value.casefold() for t in understood.terms if t.type == "identifier"}
    asks_phone = any(t.kind == "phone" for t in understood.terms)
    words = {w.casefold() for t in understood.terms if t.type in {"word", "phrase"} for w in t.raw.split()}
    people = Officer.objects.filter(agency_id=viewer.own_agency, is_service=False, left_at=None)
    country = Agency.objects.values_list("country", flat=True).filter(id=viewer.own_agency).first()
    found = {
        officer_id
        for officer_id, name, login, email, phone in people.values_list(
            "id", "name", "login__name", "email", "phone"
        )
        if values & {login.casefold(), email.casefold()}
        or _is_named(name, words)
        or (asks_phone and phone and _number_of(phone, country) in values)
    }
    return "self" if viewer.actor_id in found else "colleague" if found else ""


def _number_of(phone: str, country: str | None) -> str:
    """Return a telephone number as it is compared, or nothing where it is none."""
    try:
        return clean("phone", phone, Context(country=country)).value
    except (NotValid, Ambiguous):
        return ""


def _is_named(name: str, words: set[str]) -> bool:
    """Say whether the question holds a person's whole name; one word alone is everybody's."""
    parts = {part.casefold() for part in name.split()}
    return len(parts) > 1 and parts <= words


def run(
    viewer: Viewer, understood: Understood, *, most: int = MOST, any_of: bool | None = None, flagged: str = ""
) -> list[Found]:
    """Return what the viewer may see, best first; the search and what it returned are recorded. Inside `acting(viewer)`.

    `any_of`: True, each piece of the question by itself; False, only records that hold all of them; None, each identifier
    by itself and all words together. `flagged` stands in the record (`whom_it_is_of`).
    """
    require(viewer, Permission.SEARCH)
    words = understood.any_words if any_of is True else understood.words
    found = [
        *_references(viewer, understood),
        *_hits(viewer, understood),
        *_identifiers(viewer, understood),
        *_words(words, most),
    ]
    if any_of is False:
        found = _holding_all(understood, found)
    found.sort(key=lambda f: -f.score)
    records = ((f.report and f.report.id, f.hit and f.hit.id, f.key) for f in found)
    returned = sorted({str(one) for ids in records for one in ids if one})
    kinds = sorted({t.kind or t.type for t in as_found(understood, found).terms})
    details = {"kinds": kinds, "returned": returned[:MOST], "results": len(found)}
    if flagged:
        details["flagged"] = flagged
    record_many([AuditEntry(events.RUN, "search", str(viewer.actor_id), details)], by=viewer)
    return found[:most]


def _holding_all(understood: Understood, found: list[Found]) -> list[Found]:
    """Keep what stands in a record that holds every piece of the question."""
    worded = {t.raw for t in understood.terms if t.type in {"word", "phrase"}}
    holds: dict[str, set[str]] = {}
    for one in found:
        pieces = worded if one.type in {"message", "passage"} else {one.asked, *one.asked.split()}
        for reference in one.references:
            holds.setdefault(reference, set()).update(pieces)
    whole = {reference for reference, pieces in holds.items() if pieces >= set(understood.asked)}
    return [one for one in found if whole & set(one.references)]


def _references(viewer: Viewer, understood: Understood) -> Iterator[Found]:
    wanted = [t.raw for t in understood.terms if t.type == "reference"]
    if wanted:
        found = list(visible_reports(viewer).filter(reference__in=wanted).select_related("entry"))
        maskers = maskers_of(report.id for report in found)
        for report in found:
            yield Found(
                "report",
                20.0,
                report=report,
                snippet=maskers.get(report.id, PLAIN).name(report.title),
                references=(report.reference,),
                asked=report.reference,
            )


def _hits(viewer: Viewer, understood: Understood) -> Iterator[Found]:
    """Yield the hits whose own references were asked: another agency's, and none, are one answer.

    Of one that is over only that it is: references are counted up, and its strength would tell that another still holds it.
    """
    wanted = [t.raw for t in understood.terms if t.type == "reference"]
    if wanted:
        for hit in hits.visible_to(viewer).filter(reference__in=wanted):
            yield Found(
                "hit",
                20.0,
                hit=hit,
                references=(hit.reference,),
                asked=hit.reference,
                bits=0.0 if hit.is_over else hit.bits,
                common="" if hit.is_over else hit.common,
            )


def _identifiers(viewer: Viewer, understood: Understood) -> Iterator[Found]:
    terms = (*understood.tried, *(t for t in understood.terms if t.type == "identifier"))
    if not terms:
        return
    keys = {identifiers.key_of(t.kind, t.value): t for t in terms}
    alike = Q(key__in=keys)
    if understood.names:  # an account or room of any platform, too
        alike |= Q(kind__in=("account", "group"), name__in=list(understood.names))
    groups: dict[UUID, list[Holding]] = {}
    for holding in (
        identifiers.visible_to(viewer)
        .alias(name=_NAME)
        .filter(alike)
        .select_related("report")
        .order_by("report__reference")[: MOST * 5]
    ):
        groups.setdefault(holding.key, []).append(holding)
    firsts = [next((h for h in holdings if h.pseudonym), holdings[0]) for holdings in groups.values()]
    known = {hit.key: hit for hit in hits.on_keys(viewer, groups, with_common=True)} if groups else {}
    for first in with_masks(firsts, everywhere=True):
        key, holdings = first.key, groups[first.key]
        bits, common = hits.worth(first, known.get(key))
        yield Found(
            "identifier", round(bits * (1.0 if key in keys else 0.6), 1), report=holdings[0].report, key=key, bits=bits, common=common,
            identifier=(first.kind, identifiers.shown(first)), holders=len(holdings),
            references=tuple(h.report.reference for h in holdings), asked=_asked(understood, keys.get(key), first),
        )  # fmt: skip


#: A value without its platform.
_NAME = Substr("value", StrIndex("value", Literal("/")) + 1)


def _asked(understood: Understood, exact: Term | None, holding: Holding) -> str:
    return exact.raw if exact else understood.names.get(holding.value.partition("/")[2], "")


def _words(words: str, most: int) -> Iterator[Found]:
    if not words:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select place, id, score from cets_search_words(websearch_to_tsquery('simple', %s), %s)",
            [words, most],
        )
        scores = {(place, row_id): score for place, row_id, score in cursor.fetchall()}
    yield from _texts(Message, "message", scores, words)
    yield from _texts(Passage, "passage", scores, words)


def _texts(
    model: type[Message] | type[Passage], name: str, scores: dict[tuple[str, UUID], float], words: str
) -> Iterator[Found]:
    ids: Sequence[UUID] = [row_id for place, row_id in scores if place == name]
    found: QuerySet[Any] = model.objects.filter(id__in=ids)
    rows = list(found.select_related("report", "report__entry"))
    maskers = maskers_of(row.report_id for row in rows)
    snippets = _snippets([maskers.get(row.report_id, PLAIN)(row.masked) for row in rows], words)
    for row, snippet in zip(rows, snippets, strict=True):
        place = maskers.get(row.report_id, PLAIN).label(row.place)
        yield Found(
            name, round(float(scores[name, row.id]) * 10, 3), report=row.report, snippet=snippet, place=place, row=row.id,
            references=(row.report.reference,),
        )  # fmt: skip


_HEADLINE = 'StartSel="\ue000", StopSel="\ue001", MaxWords=30, MinWords=12, MaxFragments=1'


def _snippets(texts: Sequence[str], words: str) -> list[str]:
    """Cut each text to what was found: only now that it is masked, or half a name could be left at the cut."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select ts_headline('simple', t.text, websearch_to_tsquery('simple', %s), %s)"
            " from unnest(%s::text[]) with ordinality t(text, number) order by t.number",
            [words, _HEADLINE, list(texts)],
        )
        return [snippet for (snippet,) in cursor.fetchall()]
