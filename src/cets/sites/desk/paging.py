"""Lists in bounded steps: never a count over everything, never an offset without an end."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet

from cets.sites.desk.pages import PageLink, Paging

PAGE = 25
#: Counted to here; a list says "more than" beyond.
MOST_COUNTED = 1_000

Row = TypeVar("Row", bound=Model)


def counted(rows: QuerySet[Any]) -> int:
    """Return how many there are, or one more than `MOST_COUNTED`."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def number_of(query: Mapping[str, str]) -> int:
    """Return the page that a query string asks for, within the bound."""
    text = query.get("page", "1")
    return min(max(int(text), 1), MOST_COUNTED // PAGE) if text.isascii() and text.isdigit() and len(text) <= 6 else 1  # noqa: PLR2004


def page_of(
    rows: QuerySet[Row], url: str, query: Mapping[str, str], *, size: int = PAGE, beyond: str = ""
) -> tuple[list[Row], Paging | None]:
    """Return the rows of the page asked for, and the paging, or None when all fit on one.

    Pages are numbered up to `MOST_COUNTED` rows; `beyond` is the address of what follows them.
    """
    number = min(number_of(query), MOST_COUNTED // size)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    shown, has_next = found[:size], len(found) > size
    if number == 1 and not has_next:
        return shown, None
    total = counted(rows) if has_next else start + len(shown)
    is_more, total = total > MOST_COUNTED, min(total, MOST_COUNTED)
    last = -(-total // size)
    if not shown:
        return shown, None
    kept = {key: value for key, value in query.items() if key != "page" and value}

    def at(page: int) -> str:
        return f"{url}?{urlencode({**kept, 'page': page})}"

    following = at(number + 1) if has_next and number < last else beyond if is_more and number == last else ""
    return shown, Paging(
        first=start + 1,
        last=start + len(shown),
        total=max(total, start + len(shown)),
        more=is_more,
        previous_url=at(number - 1) if number > 1 else "",
        next_url=following,
        pages=tuple(_links(number, last, at)),
    )


def _links(number: int, last: int, at: Any) -> Any:
    shown = sorted({1, number - 1, number, number + 1, last} & set(range(1, last + 1)))
    before = 0
    for page in shown:
        if page - before > 1:
            yield PageLink(None)
        yield PageLink(page, at(page), page == number)
        before = page
