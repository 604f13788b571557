"""What surrounds a screen: navigation with what waits, who is signed in, where the help is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cets.access.permissions import Permission
from cets.access.roles import ROLES
from cets.access.viewer import Viewer, acting
from cets.domains.agencies.models import RoleGrant
from cets.domains.deconfliction import queries as hits
from cets.kernel import clock
from cets.sites.desk.pages import Navigation, Shell, Signed
from cets.sites.desk.pages.forms import Words

#: The badge says "99+" beyond this, so no more are counted.
MOST_COUNTED = 100


@dataclass(frozen=True)
class Item:
    """An entry of the navigation: the name of its address, its words, and who has it."""

    name: str
    text: Words
    see: Permission | None = None
    wide: bool = False  # not for narrow roles


ITEMS = (
    Item("home", gettext_lazy("Home")),
    Item("reports", gettext_lazy("Reports"), Permission.REPORT_VIEW),
    Item("hits", gettext_lazy("Hits"), Permission.REPORT_VIEW, wide=True),
    Item("upload", gettext_lazy("Upload"), Permission.REPORT_ADD),
    Item("search", gettext_lazy("Search"), Permission.SEARCH),
    Item("silent_pairs", gettext_lazy("Silent pairs"), Permission.SILENT_PAIRS),
    Item("agencies", gettext_lazy("Administration"), Permission.AGENCY_MANAGE),
    Item("approvals", gettext_lazy("Approvals"), Permission.ROLE_APPROVE),
    Item("audit", gettext_lazy("Audit"), Permission.AUDIT_VIEW),
)


def address(name: str, *ids: object) -> str:
    """Return the address of a screen, or nothing where this desk does not have it."""
    try:
        return reverse(name, args=ids)
    except NoReverseMatch:
        return ""


def has(viewer: Viewer, name: str) -> bool:
    """Say whether the viewer's navigation leads to a screen; those that are no entry of it are everybody's."""
    item = next((item for item in ITEMS if item.name == name), None)
    return item is None or _is_for(viewer, item)


def _is_for(viewer: Viewer, item: Item) -> bool:
    may = item.see is None or viewer.may(item.see)
    return may and not (item.wide and viewer.narrow) and bool(address(item.name))


def shell(request: Any, *, current: str = "", reference: str = "", handling: str = "") -> Shell:
    """Return what surrounds a screen. For a signed-in viewer inside `acting(viewer)`."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        return _plain(request)
    search = address("search") if viewer.may(Permission.SEARCH) else ""
    return Shell(
        now=request.at,
        home_url=reverse("home"),
        signed=Signed(
            request.officer.name,
            _roles(request),
            f"{request.officer.agency.name} ({request.officer.agency.code})",
        ),
        navigation=tuple(_navigation(viewer, current)),
        demo=settings.CETS.is_demo,
        search_url=search,
        sign_out_url=reverse("account_logout"),
        sign_in_url=reverse("account_login"),
        shortcuts_url=reverse("shortcuts"),
        accessibility_url=reverse("accessibility"),
        recorded_url=reverse("recorded"),
        security_url=reverse("mfa_index"),
        handling=handling,
        reference=reference,
    )


def _plain(request: Any) -> Shell:
    return Shell(
        now=getattr(request, "at", None) or clock.now(),
        home_url=reverse("home"),
        demo=settings.CETS.is_demo,
        sign_in_url=reverse("account_login"),
        shortcuts_url=reverse("shortcuts"),
        accessibility_url=reverse("accessibility"),
    )


def _roles(request: Any) -> str:
    names = (
        RoleGrant.objects.filter(officer_id=request.officer.id, ended_at=None)
        .order_by("granted_at")
        .values_list("role", flat=True)
    )
    return ", ".join(str(ROLES[name].caption) for name in names if name in ROLES) or _("No role yet")


def _navigation(viewer: Viewer, current: str) -> Iterator[Navigation]:
    items = list(_items(viewer, current))
    if items and not any(item.current or item.short for item in items):
        items[0] = replace(items[0], short=True)  # or a narrow screen had an empty bar
    yield from items


def _items(viewer: Viewer, current: str) -> Iterator[Navigation]:
    for item in ITEMS:
        if not _is_for(viewer, item):
            continue
        waiting = hits_waiting(viewer) if item.name == "hits" else 0
        yield Navigation(
            text=str(item.text),
            url=address(item.name),
            current=item.name == current,
            badge=waiting,
            badge_words=_("hits wait for a call") if waiting else "",
            short=item.name == "hits",
        )


def hits_waiting(viewer: Viewer) -> int:
    """Return how many hits are open, counted to `MOST_COUNTED` at most."""
    return hits.visible_to(viewer).filter(state="open", common="")[:MOST_COUNTED].count()


def shell_of_request(request: HttpRequest) -> dict[str, Any]:
    """Give the sign-in library's pages their surroundings; our own screens bring theirs."""
    return {"shell": _Later(request)}


class _Later:
    """A shell that is made when a template first asks for it."""

    def __init__(self, request: Any) -> None:
        self._request, self._shell = request, None

    def __getattr__(self, name: str) -> Any:
        if self._shell is None:
            self._shell = self._make()
        return getattr(self._shell, name)

    def _make(self) -> Any:
        viewer: Viewer | None = getattr(self._request, "viewer", None)
        if viewer is None:
            return _plain(self._request)
        with acting(viewer):
            return shell(self._request)
