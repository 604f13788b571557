"""Lists in bounded steps: never a count over everything, never an offset without an end."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet

from cets.sites.desk.pages import PageLink, Paging

PAGE = 25
#: Counted to here; a list says "more than" beyond.
MOST_COUNTED = 1_000
#: What belongs to one record (its messages, its places) is counted and paged to here.
MOST_OF_ONE = 100_000

Row = TypeVar("Row", bound=Model)


def counted(rows: QuerySet[Any], most: int = MOST_COUNTED) -> int:
    """Return how many there are, or one more than `most`."""
    return rows.order_by()[: most + 1].count()


def number_of(query: Mapping[str, str]) -> int:
    """Return the page that a query string asks for; what is no number is the first."""
    text = query.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) <= 6  # noqa: PLR2004 - no page has a longer number
    return max(int(text), 1) if is_number else 1


def page_of(
    rows: QuerySet[Row],
    url: str,
    query: Mapping[str, str],
    *,
    size: int = PAGE,
    most: int = MOST_COUNTED,
    total: int | None = None,
    beyond: Callable[[Row], str] | None = None,
) -> tuple[list[Row], Paging | None]:
    """Return the rows of the page asked for, and the paging, or None when all fit on one.

    Pages are numbered up to `most` rows; `beyond` gives, from the last of them, the address of what follows.
    Where it is known how many there are (`total`) nothing is counted, and every one has its page.
    """
    most = most if total is None else max(total, size)
    number = min(number_of(query), -(-most // size))
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    shown, has_next = found[:size], len(found) > size
    if not shown and number > 1:  # the list has become shorter
        return page_of(rows, url, {**query, "page": "1"}, size=size, most=most, total=total, beyond=beyond)
    if number == 1 and not has_next:
        return shown, None
    if total is None:
        total = counted(rows, most) if has_next else start + len(shown)
    last = -(-min(total, most) // size)
    kept = {key: value for key, value in query.items() if key != "page" and value}

    def at(page: int) -> str:
        return f"{url}?{urlencode({**kept, 'page': page})}"

    following = at(number + 1) if number < last else beyond(shown[-1]) if has_next and beyond else ""
    paging = Paging(
        first=start + 1,
        last=start + len(shown),
        total=min(total, most),
        more=total > most,
        previous_url=at(number - 1) if number > 1 else "",
        next_url=following,
        pages=tuple(_links(number, last, at)),
    )
    return shown, paging


def _links(number: int, last: int, at: Callable[[int], str]) -> Iterable[PageLink]:
    before = 0
    for page in sorted({1, number - 1, number, number + 1, last} & set(range(1, last + 1))):
        if page - before > 1:
            yield PageLink(None)
        yield PageLink(page, at(page), page == number)
        before = page
