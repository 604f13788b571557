"""How the desk words times, strengths and states."""

import json
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as worded
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.sites.desk.pages.parts import Bits, Tag

register = template.Library()

_BUILT = Path(__file__).parents[3] / "static" / "built"
_FULL_BAR = 16  # bits at which the bar is full: beyond that a value is as good as unique
_SOON = timedelta(hours=2)


class NotBuilt(Exception):
    """The front end is not built: run `npm ci && npm run build` in the folder `frontend`."""


def _manifest() -> dict[str, Any]:
    try:
        text = (_BUILT / ".vite" / "manifest.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotBuilt(NotBuilt.__doc__) from None
    content: dict[str, Any] = json.loads(text)
    return content


_kept_manifest = lru_cache(maxsize=1)(_manifest)


@register.simple_tag
def built(entry: str) -> SafeString:
    """Link the style sheets and the module of one entry of the built front end, by their hashed names."""
    chunk = (_manifest() if settings.DEBUG else _kept_manifest())[entry]
    styles = format_html_join(
        "\n",
        '<link rel="stylesheet" href="{}">',
        ((static(f"built/{name}"),) for name in chunk.get("css", ())),
    )
    script = format_html('<script type="module" src="{}"></script>', static(f"built/{chunk['file']}"))
    return format_html("{}\n{}", styles, script)


# --- times ------------------------------------------------------------------------------------------


@register.filter
def moment(at: datetime) -> str:
    """Sat 21 Nov 2026, 14:05 GMT."""
    return worded(timezone.localtime(at), "D j M Y, H:i T")


@register.filter
def moment_exact(at: datetime) -> str:
    """Fri 20 Nov 2026, 22:14:09 GMT."""
    return worded(timezone.localtime(at), "D j M Y, H:i:s T")


@register.filter
def moment_near(at: datetime, now: datetime) -> str:
    """Say a near time briefly, beside a heading that names the zone: 17:00; Mon 23, 09:00."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    if local.date() == today:
        return worded(local, "H:i")
    if abs((local.date() - today).days) < 28:  # noqa: PLR2004 - within four weeks day name and number are enough
        return worded(local, "D j, H:i")
    return worded(local, "j M Y")


@register.filter
def machine(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes")


@register.filter
def day(at: datetime) -> str:
    """Fri 20 Nov 2026."""
    return worded(timezone.localtime(at), "D j M Y")


@register.filter
def machine_day(at: datetime) -> str:
    return timezone.localtime(at).date().isoformat()


@register.filter
def zone(now: datetime) -> str:
    """GMT (UTC+0)."""
    local = timezone.localtime(now)
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    sign, (hours, rest) = ("-" if minutes < 0 else "+"), divmod(abs(minutes), 60)
    offset = f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
    return f"{local.tzname()} ({offset})"


@register.filter
def zone_name(now: datetime) -> str:
    return timezone.localtime(now).tzname() or ""


@register.simple_tag
def zone_key() -> str:
    return timezone.get_current_timezone_name()


def _length(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    if days == 0:
        return f"{hours} h {minutes % 60:02} min" if hours else f"{minutes} min"
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} + (f" {hours} h" if hours else "")


@register.filter
def clock(due: datetime, now: datetime) -> str:
    """1 h 25 min left; 2 h 05 min late."""
    if due < now:
        return _("%(time)s late") % {"time": _length(now - due)}
    return _("%(time)s left") % {"time": _length(due - now)}


@register.filter
def is_late(due: datetime | None, now: datetime) -> bool:
    return due is not None and due < now


@register.simple_tag
def due(at: datetime, now: datetime) -> SafeString:
    """Tag of a due time: how late in red, soon in amber, else the time."""
    if at < now:
        return tag(Tag(clock(at, now), "red"))
    return tag(Tag(moment_near(at, now), "amber" if at - now < _SOON else "grey"))


# --- states and strength ----------------------------------------------------------------------------


@register.simple_tag
def tag(shown: Tag | None) -> SafeString:
    if shown is None:
        return SafeString("")
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', shown.colour, shown.text)


@register.inclusion_tag("desk/parts/bits.html")
def bits(strength: Bits) -> dict[str, Any]:
    """Bar, number and word. The picture is for the eye only; number and word carry it."""
    share = max(0.0, min(strength.value / _FULL_BAR, 1.0))
    words = {"weak": _("weak"), "fair": _("fair"), "strong": _("strong")}
    return {
        "width": f"{62 * share:.1f}",
        "number": f"{strength.value:.1f}",
        "word": _("common") if strength.common else words[strength.word],
        "weak": strength.word == "weak" or bool(strength.common),
        "why": strength.common,
    }


@register.inclusion_tag("desk/parts/scale.html")
def scale(strength: Bits) -> dict[str, Any]:
    share = max(0.0, min(strength.value / _FULL_BAR, 1.0))
    return {"at": f"{1000 * share:.0f}", "number": f"{strength.value:.1f}", "word": strength.word}


@register.filter
def signed(number: float) -> str:
    """Always with its sign; a real minus sign instead of a hyphen."""
    return f"{number:+.1f}".replace("-", "\u2212")


@register.filter
def badge(count: int) -> str:
    return "99+" if count > 99 else str(count)  # noqa: PLR2004 - what fits the badge


@register.filter
def counted(number: int) -> str:
    """1,000 rather than 1000."""
    return f"{number:,}"


@register.inclusion_tag("desk/parts/value.html")
def value(shown: Any) -> dict[str, Any]:
    return {"value": shown}


@register.inclusion_tag("desk/parts/table.html", takes_context=True)
def table(context: template.Context, shown: Any) -> dict[str, Any]:
    return {"table": shown, "shell": context.get("shell")}


@register.inclusion_tag("desk/parts/paging.html")
def paging(shown: Any) -> dict[str, Any]:
    return {"paging": shown}


@register.inclusion_tag("desk/parts/facts.html")
def facts(shown: Any, layout: str = "") -> dict[str, Any]:
    return {"facts": shown, "layout": layout}


@register.inclusion_tag("desk/parts/history.html")
def history(events: Any) -> dict[str, Any]:
    return {"events": events}


@register.inclusion_tag("desk/parts/alert.html")
def alert(shown: Any) -> dict[str, Any]:
    return {"alert": shown}


@register.filter
def at(items: Any, index: int) -> Any:
    return items[index]


@register.filter
def drawing(svg: str) -> SafeString:
    """Put a drawing of the sign-in library into the page: the content policy refuses data addresses."""
    return SafeString(svg[svg.index("<svg") :])
