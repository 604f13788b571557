"""Words looked for within one report: posted, kept as the asker's own question, marked where they are found."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cets.domains.reports.queries import NotFound
from cets.domains.search import queries
from cets.sites.desk import pages
from cets.sites.desk.pages import forms
from cets.sites.desk.request import DeskRequest

#: Counted to here; what is looked for more often is told as more than that.
MOST = 1_000


@dataclass(frozen=True)
class Asked:
    """A question of the viewer's own: its words, and the id that stands for them in addresses."""

    words: str = ""
    id: str = ""

    def __bool__(self) -> bool:
        return bool(self.words)


NOTHING = Asked()


def of(request: DeskRequest) -> Asked:
    """Return what the address asks for. Another's question, or none, is nothing."""
    try:
        kept = queries.recall(request.viewer, UUID(request.GET.get("find", "")))
    except (ValueError, NotFound):
        return NOTHING
    return Asked(kept.query, str(kept.id))


def ask(request: DeskRequest, form: forms.FindForm, url: str, keep: Mapping[str, str]) -> HttpResponse | None:
    """Keep what was posted and lead to its answer; None when nothing was written. `keep`: what the address keeps."""
    if not form.is_valid():
        return None
    kept = queries.remember(request.viewer, form.cleaned_data["words"], at=request.at)
    asked = {**keep, **({"every": "1"} if form.cleaned_data.get("every") else {}), "find": str(kept.id)}
    return redirect(f"{url}?{urlencode({name: value for name, value in asked.items() if value})}")


def number_word(number: int) -> str:
    """1,204; more than 1,000."""
    return _("more than %(n)s") % {"n": f"{MOST:,}"} if number > MOST else f"{number:,}"


def link(text: str, url: str | None) -> pages.Link | None:
    return pages.Link(text, url) if url else None
