"""Search: the question is posted, its results stand at an address that tells nothing, and why it is asked comes first."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access import purposes
from cets.access.permissions import Permission
from cets.domains.reports.queries import NotFound
from cets.domains.search import queries
from cets.domains.search.models import Search
from cets.domains.search.queries import Found, Term, Understood
from cets.sites.desk import pages, wording
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Bits, Empty, Link, PageLink, Paging
from cets.sites.desk.paging import PAGE
from cets.sites.desk.request import DeskRequest, require_purpose, screen, show, way_token
from cets.sites.desk.views import previews

#: What a result is, as the filter names it.
TYPES = ("identifier", "report", "hit", "message", "passage")
_MARK, _END = "\ue000", "\ue001"
#: So many readings of one word are named.
_NAMED = 3


@screen("GET", "POST", see=Permission.SEARCH)
def search(request: DeskRequest) -> HttpResponse:
    """The empty page, or a question: it is kept, and the answer is at an address of its own."""
    if request.method != "POST":
        return show(request, _empty(forms.SearchForm()), current="search")
    form = forms.SearchForm(request.POST)
    if not form.is_valid():
        return show(request, _empty(form), current="search", status=422)
    query = _without(form.cleaned_data["query"], request.POST.get("drop", ""))
    if not query:
        return redirect("search")
    kept = queries.remember(request.viewer, query, at=request.at, any_of=not request.POST.get("all_of"))
    types = [one for one in request.POST.getlist("type") if one in TYPES]
    return redirect(_address(kept, types))


def _without(query: str, term: str) -> str:
    return " ".join(query.replace(term, " ", 1).split()) if term else query


def _address(kept: Search, types: Sequence[str], page: int = 1) -> str:
    asked = [("type", one) for one in types] + ([("page", str(page))] if page > 1 else [])
    address = reverse("results", args=[kept.id])
    return f"{address}?{urlencode(asked)}" if asked else address


def _empty(form: forms.SearchForm) -> pages.Search:
    return pages.Search(
        form=form,
        form_url=reverse("search"),
        examples=(
            pages.Example(_("E-mail"), "kestrel.blue@mail.example"),
            pages.Example(_("Telephone"), "+44 7700 900123"),
            pages.Example(_("User name"), "kestrel_blue"),
            pages.Example(_("IP address"), "192.0.2.44"),
            pages.Example(_("Reference"), "CETS-ESX-2026-000123"),
            pages.Example(_("Words"), _("game lobby “new school”")),
        ),
    )


@screen("GET", see=Permission.SEARCH)
def results(request: DeskRequest, search_id: UUID) -> HttpResponse:
    """What a question of the viewer's own found; asked again, and recorded again, each time."""
    kept = queries.recall(request.viewer, search_id)
    require_purpose(request)
    if request.headers.get("HX-Request") == "true":
        return _preview_alone(request, kept)
    understood = queries.understand(kept.query, country=request.officer.agency.country)
    of = queries.whom_it_is_of(request.viewer, understood)
    found = queries.run(request.viewer, understood, any_of=kept.any_of, flagged=of)
    types = [one for one in request.GET.getlist("type") if one in TYPES]
    shown = [one for one in found if not types or one.type in types]
    number = _page_number(request.GET.get("page", ""), len(shown))
    address = _address(kept, types, number)
    seen = request.GET.get("see", "")
    page = pages.Search(
        form=forms.SearchForm(initial={"query": kept.query}),
        form_url=reverse("search"),
        asked=True,
        purpose=_purpose(request),
        purpose_change=Link(_("Change"), f"{reverse('purpose')}?to={way_token(request.get_full_path())}"),
        understood=tuple(_chips(queries.as_found(understood, found))),
        understood_notes=tuple(_notes(found)),
        all_of=not kept.any_of,
        results=tuple(_result(one, address, seen) for one in shown[(number - 1) * PAGE : number * PAGE]),
        preview=_preview(request, seen, address),
        total=len(shown),
        facets=tuple(_facets(found, types)),
        paging=_paging(kept, types, number, len(shown)),
        nothing=None if shown else _nothing(kept, understood),
        is_empty=understood.is_empty and not found,
        flagged=_FLAGS.get(of, lambda: "")(),
    )
    return show(request, page, current="search")


def _preview(request: DeskRequest, seen: str, address: str) -> pages.Preview | None:
    try:
        return previews.of_token(request, seen, close=address) if seen else None
    except NotFound:
        return None  # it is gone since, or was never there: the list alone


def _preview_alone(request: DeskRequest, kept: Search) -> HttpResponse:
    """Answer the script with the preview beside the list: nothing is searched again for that."""
    types = [one for one in request.GET.getlist("type") if one in TYPES]
    page = request.GET.get("page", "")
    address = _address(kept, types, int(page) if page.isascii() and page.isdigit() else 1)
    seen = request.GET.get("see", "")
    alone = pages.PreviewPage(previews.of_token(request, seen, close=address) if seen else None)
    return HttpResponse(render_to_string(alone.template, {"page": alone}, request))


_FLAGS = {
    "self": lambda: _("This search is of yourself. It was flagged to the data-protection officer."),
    "colleague": lambda: _("This search is of a colleague. It was flagged to the data-protection officer."),
}


def _purpose(request: DeskRequest) -> str:
    purpose = request.viewer.purpose
    return f"{purposes.words_of(purpose.code)}, {purpose.reference}" if purpose else ""


# --- understood as --------------------------------------------------------------------------------


def _chips(understood: Understood) -> Iterator[pages.Understood]:
    """Show each piece of the question once, with all that it may be."""
    readings: dict[str, list[Term]] = {}
    for term in understood.terms:
        readings.setdefault(term.raw, []).append(term)
    for raw, terms in readings.items():
        yield pages.Understood(_kinds(terms), _read(raw, terms), raw)


def _kinds(terms: Sequence[Term]) -> str:
    if terms[0].type == "reference":
        return _("Reference")
    if terms[0].type == "phrase":
        return _("Phrase")
    kinds = list(dict.fromkeys(t.kind for t in terms if t.type == "identifier"))
    if all(t.type == "identifier" for t in terms):
        return ", ".join(map(wording.kind_word, kinds))
    named = ", ".join(map(wording.kind_inside, kinds[:_NAMED]))
    return _("Word, or %(kinds)s") % {"kinds": named} if named else _("Word")


def _read(raw: str, terms: Sequence[Term]) -> str:
    """Show the value as it is compared, where that is the only reading."""
    return terms[0].value if len(terms) == 1 and terms[0].type == "identifier" else _visible(raw)


def _visible(text: str) -> str:
    """Name characters that steer or hide what stands around them, such as one that turns the direction of writing."""
    return "".join(f"[U+{ord(c):04X}]" if unicodedata.category(c) in {"Cc", "Cf"} else c for c in text)


def _notes(found: Sequence[Found]) -> Iterator[str]:
    if len(found) >= queries.MOST:
        yield _("More than %(n)s fit: only the best are shown. Add a word, or ask for all of them.") % {
            "n": queries.MOST
        }


# --- results --------------------------------------------------------------------------------------


def _result(one: Found, address: str, seen: str) -> pages.Result:
    token = previews.token_of(one)
    see_url = f"{address}{'&' if '?' in address else '?'}{urlencode({'see': token})}"
    return replace(_RESULTS.get(one.type, _text)(one), see_url=see_url, seen=token == seen)


def _text(one: Found) -> pages.Result:
    assert one.report is not None
    report = reverse("report", args=[one.report.id])
    title = one.report.reference + (f", {one.place}" if one.place else "")
    return pages.Result(
        type=_TYPE_WORDS[one.type](), title=Link(title, report), snippet=tuple(_pieces(one.snippet))
    )


def _identifier(one: Found) -> pages.Result:
    assert one.identifier is not None
    kind, shown = one.identifier
    return pages.Result(
        type=_TYPE_WORDS["identifier"](),
        title=Link(f"{wording.kind_word(kind)} {shown}", reverse("identifier", args=[one.key])),
        note=", ".join(one.references[:5]) + (" …" if len(one.references) > 5 else ""),  # noqa: PLR2004 - what fits a line
        bits=Bits(one.bits, one.common),
        side=ngettext("in %(n)s report of yours", "in %(n)s reports of yours", one.holders)
        % {"n": one.holders},
    )


def _hit(one: Found) -> pages.Result:
    assert one.hit is not None
    return pages.Result(
        type=_TYPE_WORDS["hit"](),
        title=Link(one.hit.reference, reverse("hit", args=[one.hit.id])),
        note="" if one.hit.is_over else wording.kind_word(one.hit.kind),
        tag=wording.hit_state_tag(one.hit.state, one.hit.common),
        bits=None if one.hit.is_over else Bits(one.bits, one.common),
    )


#: How a result is shown that is no text.
_RESULTS = {"identifier": _identifier, "hit": _hit}
_TYPE_WORDS = {
    "identifier": lambda: _("Identifier"),
    "report": lambda: _("Report"),
    "hit": lambda: _("Hit"),
    "message": lambda: _("Message"),
    "passage": lambda: _("Text"),
}


def _pieces(snippet: str) -> Iterator[pages.Piece]:
    """Cut a snippet at the marks that the search set around what it found."""
    for index, part in enumerate(snippet.split(_MARK)):
        marked, end, plain = part.partition(_END)
        if index and end:
            yield pages.Piece(marked, identifier=True)
        elif marked:
            yield pages.Piece(marked)
        if plain:
            yield pages.Piece(plain)


def _facets(found: Sequence[Found], types: Sequence[str]) -> Iterator[pages.Facet]:
    counts = {one: sum(f.type == one for f in found) for one in TYPES}
    values = tuple(
        pages.FacetValue(one, _TYPE_WORDS[one](), number, on=one in types)
        for one, number in counts.items()
        if number
    )
    if len(values) > 1 or types:
        yield pages.Facet("type", _("What it is"), values)


def _nothing(kept: Search, understood: Understood) -> Empty:
    if understood.is_empty:
        return Empty(
            _(
                "Signs without a letter or a digit are not looked for. Write an identifier, a reference or words."
            )
        )
    if not kept.any_of:
        return Empty(_("No record that you may see holds all of these. Ask for any of them, or drop one."))
    return Empty(
        _(
            "Nothing that you may see holds any of these. Another agency may: its records are told to you as hits."
        )
    )


def _page_number(text: str, total: int) -> int:
    last = max(-(-total // PAGE), 1)
    return min(max(int(text), 1), last) if text.isascii() and text.isdigit() and len(text) < 4 else 1  # noqa: PLR2004


def _paging(kept: Search, types: Sequence[str], number: int, total: int) -> Paging | None:
    last = -(-total // PAGE)
    if last <= 1:
        return None
    return Paging(
        first=(number - 1) * PAGE + 1,
        last=min(number * PAGE, total),
        total=total,
        previous_url=_address(kept, types, number - 1) if number > 1 else "",
        next_url=_address(kept, types, number + 1) if number < last else "",
        pages=tuple(_page_links(kept, types, number, range(1, last + 1))),
    )


def _page_links(
    kept: Search, types: Sequence[str], number: int, all_pages: Iterable[int]
) -> Iterator[PageLink]:
    for page in all_pages:
        yield PageLink(page, _address(kept, types, page), current=page == number)
