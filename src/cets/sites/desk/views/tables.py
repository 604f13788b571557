"""How the tables of a file are named and reached: a sheet of a workbook, a member of an archive, a table by itself."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.domains.intake.masking import PLAIN, Masker
from cets.domains.intake.queries import maps_of, unsure_in
from cets.domains.reports.models import Part
from cets.sites.desk.pages.parts import Link


def file_word(part: Part, masker: Masker = PLAIN) -> str:
    """Name a file; of a member also the archive it lies in."""
    name = masker.name(part.name)
    archive, _between, inner = name.partition("!/")
    return _("%(file)s in %(archive)s") % {"file": inner, "archive": archive} if part.member else name


def sheet_word(part: Part, number: int, masker: Masker = PLAIN) -> str:
    """Name one of several sheets, counted from 1; a single one needs no name."""
    if len(maps_of(part)) == 1:
        return ""
    return _("Sheet %(n)s of %(all)s: %(name)s") % {
        "n": number, "all": len(maps_of(part)), "name": masker.label(maps_of(part)[number - 1].get("sheet") or ""),
    }  # fmt: skip


def address(part: Part, number: int) -> str:
    """Return where a table's columns are settled; `number` counts the part's tables from 1."""
    if len(maps_of(part)) == 1:
        return reverse("columns", args=[part.id])
    return reverse("columns_of_sheet", args=[part.id, number])


def waiting(part: Part) -> list[int]:
    """Return which of a part's tables wait for an officer, counted from 1."""
    return [number for number, one in enumerate(maps_of(part), 1) if unsure_in(one)]


def links(part: Part, masker: Masker = PLAIN, *, named: bool) -> Iterator[Link]:
    """Yield a link to each table that waits: what is to be done, and of which; `named`: also of which file."""
    for number in waiting(part):
        unsure = unsure_in(maps_of(part)[number - 1])
        words = ngettext("%(n)s column to settle", "%(n)s columns to settle", unsure) % {"n": unsure}
        of = [sheet_word(part, number, masker), file_word(part, masker) if named else ""]
        yield Link(
            ": ".join([", ".join(filter(None, of)), words]) if any(of) else words, address(part, number)
        )


def read_links(part: Part, masker: Masker = PLAIN) -> Iterator[Link]:
    """Yield a link to each table with nothing to settle: a guess that seemed sure can be wrong, and is corrected there."""
    for number, one in enumerate(maps_of(part), 1):
        if not unsure_in(one):
            of = ", ".join(filter(None, [sheet_word(part, number, masker), file_word(part, masker)]))
            yield Link(_("Columns of %(table)s") % {"table": of}, address(part, number))


def settle_words(unsure: int, name: str) -> str:
    return ngettext("Settle %(n)s column of %(name)s", "Settle %(n)s columns of %(name)s", unsure) % {
        "n": unsure,
        "name": name,
    }
