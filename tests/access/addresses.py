"""Every address of the desk, walked from the resolver."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

_PART = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name, its path with places, the places' names by kind, and the view's mark."""

    name: str
    route: str
    view: Any

    @property
    def places(self) -> list[tuple[str, str]]:
        """(name, converter) of each place in the path."""
        return [(name, kind or "str") for kind, name in _PART.findall(self.route)]

    def path(self, **values: Any) -> str:
        return "/" + _PART.sub(lambda found: str(values[found[2]]), self.route).replace("^", "").replace(
            "$", ""
        )

    @property
    def mark(self) -> Any:
        """The desk's own mark (`request.Screen`), or None for a view of the sign-in library."""
        return getattr(self.view, "screen", None)


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], prefix: str) -> Iterator[Address]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield Address(one.name or "", route, one.callback)
