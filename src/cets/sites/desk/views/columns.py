"""How a table was read, column by column; the officer settles what is in doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cets.access.permissions import Permission
from cets.domains.identifiers import kinds
from cets.domains.identifiers.kinds.base import Ambiguous, Context, NotValid
from cets.domains.intake import actions, maps_by_hand, queries
from cets.domains.intake.masking import Masker, masker_of, samples_of
from cets.domains.intake.rows import Column, ColumnMap
from cets.domains.intake.times import has_day_doubt, is_unread, moment
from cets.domains.reports.models import Part
from cets.domains.reports.queries import NotFound
from cets.sites.desk import pages, wording
from cets.sites.desk.pages import forms
from cets.sites.desk.pages.parts import Link, NextStep
from cets.sites.desk.request import DeskRequest, screen, show
from cets.sites.desk.views import late, report_parts, tables

#: By column its first values as they may be shown (`masking.samples_of`).
Samples = Mapping[int, Sequence[str | None]]


@screen("GET", "POST", see=Permission.REPORT_ADD)
def columns(request: DeskRequest, part_id: UUID, number: int = 0) -> HttpResponse:
    """Show how a table was read, and take the officer's corrections; it is then read again.

    `number` counts the tables of the file from 1; without it, it is the first that waits.
    """
    part = queries.table_of(request.viewer, part_id)
    report_parts.opened(request, part.report_id)
    number = number or next(iter(tables.waiting(part)), 1)
    if number > len(queries.maps_of(part)):
        raise NotFound(str(NotFound.__doc__))
    was = msgspec.convert(queries.maps_of(part)[number - 1], ColumnMap)
    offers = maps_by_hand.offered(part.agency_id, was)
    picked = next((one for one in offers if one.key == request.GET.get("map")), None)
    guess = maps_by_hand.applied(was, picked) if picked else was
    masker = masker_of(part.report_id)
    samples = _samples(part, was, guess, masker)
    form = _map_form(_shown(guess, masker), samples, request.POST if request.method == "POST" else None)
    shown = late.shown_in(request) or actions.map_mark(queries.maps_of(part)[number - 1])
    if request.method == "POST" and form.is_valid():
        chosen = msgspec.structs.replace(
            guess, columns=tuple(_answered(column, form.cleaned_data) for column in guess.columns)
        )
        save_as = form.cleaned_data["save_as"].strip()
        actions.settle_map(
            part=part, column_map=chosen, save_as=save_as, by=request.viewer, at=request.at, shown=shown
        )
        messages.success(request, _("The columns are settled. The table is read again."))
        return redirect(_after(part))
    trial = _Trial(guess, samples, tuple(offers), picked)
    page = _map_page(request, part, number, trial, form, masker)
    return show(request, replace(page, shown=shown), current="upload", status=422 if form.errors else 200)


@dataclass(frozen=True)
class _Trial:
    """How the table is shown: as it was read, or as a map that the officer picked would have it."""

    guess: ColumnMap
    samples: Samples
    offers: tuple[maps_by_hand.Offered, ...]
    picked: maps_by_hand.Offered | None

    @property
    def query(self) -> str:
        return f"?{urlencode({'map': self.picked.key})}" if self.picked else ""


def _samples(part: Part, was: ColumnMap, guess: ColumnMap, masker: Masker) -> Samples:
    """Return the first values that may be shown: none that is a victim's as the table was read, or as it would be."""
    samples = samples_of(was, masker, is_read=part.state != "sealed")
    if guess is was:
        return samples
    others = samples_of(guess, masker, is_read=False)
    return {
        index: [None if other is None else shown for shown, other in zip(own, others[index], strict=True)]
        for index, own in samples.items()
    }


def _pick_form(trial: _Trial) -> forms.PickMapForm | None:
    if not trial.offers:
        return None
    count = len(trial.guess.columns)
    groups = []
    for is_shipped, words in ((False, _("Saved by your agency")), (True, _("Shipped with this product"))):
        told = [
            (
                one.key,
                _("%(name)s (%(fits)s of %(count)s columns)")
                % {"name": one.name, "fits": one.fits, "count": count},
            )
            for one in trial.offers
            if one.is_shipped == is_shipped
        ]
        if told:
            groups.append((words, told))
    return forms.PickMapForm(groups=groups, initial={"map": trial.picked.key if trial.picked else ""})


def _shown(guess: ColumnMap, masker: Masker) -> ColumnMap:
    """Return a table with its sheet and headings as they may be read: they may be called after a child."""
    columns = (msgspec.structs.replace(c, heading=masker.label(c.heading)) for c in guess.columns)
    return msgspec.structs.replace(
        guess, sheet=guess.sheet and masker.label(guess.sheet), columns=tuple(columns)
    )


def _after(part: Part) -> str:
    """Return the next table that waits in this file, or beside it in its archive; else the list of files."""
    part.refresh_from_db(fields=["column_maps"])
    for one in (part, *queries.waiting_in([part])):
        for number in tables.waiting(one):
            return tables.address(one, number)
    return reverse("upload")


def _answered(column: Column, answers: dict[str, Any]) -> Column:
    """Return a column as the officer settled it; an order of days that was not asked stays as it is."""
    order = {"day": True, "month": False, "both": None}
    asked = answers.get(f"day_first_{column.index}")
    return msgspec.structs.replace(
        column,
        read_as=answers[f"read_as_{column.index}"],
        role=answers[f"role_{column.index}"],
        sure=True,
        day_first=order[asked] if asked else column.day_first,
    )


def _is_doubtful(column: Column) -> bool:
    return (
        column.read_as in {"time", "birth_date"}
        and column.day_first is None
        and any(has_day_doubt(moment(sample)) for sample in column.samples)
    )


def _map_form(guess: ColumnMap, samples: Samples, data: Any) -> forms.ColumnMapForm:
    asked = [
        forms.ColumnAsked(
            c.index, c.heading, c.read_as, c.role, doubtful=_is_doubtful(c), day_first=c.day_first
        )
        for c in guess.columns
    ]
    return forms.ColumnMapForm(
        data, columns=asked, kinds=_choices(), roles=_roles(), day_words=_day_words(guess, samples)
    )


def _choices() -> list[forms.Choice]:
    identifiers = sorted(
        ((kind.name, kind.caption) for kind in kinds.KINDS.values()), key=lambda choice: choice[1]
    )
    return [*identifiers, *((name, _READ_AS[name]()) for name in actions.READ_AS)]


_READ_AS = {
    "name": lambda: _("Person's name"),
    "first_name": lambda: _("First name"),
    "middle_name": lambda: _("Middle name"),
    "last_name": lambda: _("Last name"),
    "birth_date": lambda: _("Date of birth"),
    "age": lambda: _("Age"),
    "role": lambda: _("Role of the row's person"),
    "time": lambda: _("Day and time"),
    "clock": lambda: _("Time of day"),
    "zone": lambda: _("Time zone"),
    "event": lambda: _("What happened"),
    "platform": lambda: _("Platform"),
    "user_id": lambda: _("User number of a platform"),
    "port": lambda: _("Port of an IP address"),
    "calling": lambda: _("Number of who called"),
    "called": lambda: _("Number that was called"),
    "direction": lambda: _("Direction of a call (out, in)"),
    "seconds": lambda: _("Length of a call"),
    "latitude": lambda: _("Latitude"),
    "longitude": lambda: _("Longitude"),
    "text": lambda: _("Free text"),
    "fact": lambda: _("A fact, kept as it is"),
    "line_number": lambda: _("Line number"),
    "ignore": lambda: _("Leave out"),
}


def _roles() -> list[forms.Choice]:
    return [(role, str(words)) for role, words in wording.ROLE_WORDS.items()]


def _day_words(guess: ColumnMap, samples: Samples) -> dict[int, tuple[str, str]]:
    """Word the two readings of a column's first doubtful date that is no victim's."""
    words = {}
    for column in guess.columns:
        shown = (s for s, told in zip(column.samples, samples[column.index], strict=True) if told is not None)
        sample = next((s for s in shown if has_day_doubt(moment(s))), None)
        if sample is not None:
            day, month = (moment(sample, day_first=order) for order in (True, False))
            words[column.index] = (
                _("%(day)s: day first") % {"day": _day_of(day)},
                _("%(day)s: month first") % {"day": _day_of(month)},
            )
    return words


def _day_of(read: Any) -> str:
    at = read.instant or next(iter(read.candidates), None)
    return f"{at.day} {at:%b %Y}" if at else read.raw


def _map_page(
    request: DeskRequest, part: Part, number: int, trial: _Trial, form: forms.ColumnMapForm, masker: Masker
) -> pages.ColumnMapPage:
    file = tables.file_word(part, masker)
    guess, samples = _shown(trial.guess, masker), trial.samples
    rows = [_row(column, samples, form) for column in guess.columns]
    unsure = [row for row in rows if not row.sure]
    about = [_("heading in row %(n)s") % {"n": guess.heading_row} if guess.heading_row else _("no heading")]
    if guess.sheet:
        one = tables.sheet_word(part, number, masker)
        about.insert(0, one or _("sheet “%(name)s”") % {"name": guess.sheet})
    if guess.shipped:
        about.append(_("read by the map that ships with this product: %(name)s") % {"name": guess.shipped})
    return pages.ColumnMapPage(
        file=file,
        about=", ".join(about),
        next=NextStep(
            lead=_("Next step · owner: you"),
            step=tables.settle_words(len(unsure), file)
            if unsure
            else _("Confirm the columns of %(name)s") % {"name": file},
            why=_("The table is then read again as a whole; what was read before is replaced."),
            figure=_("%(sure)s of %(all)s sure") % {"sure": len(rows) - len(unsure), "all": len(rows)},
            figure_note=ngettext("%(n)s row", "%(n)s rows", guess.rows) % {"n": f"{guess.rows:,}"},
            button=Link(_("Confirm and read"), ""),
            submits="columns",
            mine=True,
        ),
        form=form,
        form_url=tables.address(part, number) + trial.query,
        unsure=tuple(unsure),
        sure=tuple(row for row in rows if row.sure),
        preview_headings=tuple(column.heading or str(column.index + 1) for column in guess.columns),
        preview=_preview(guess, samples, request.officer.agency.country),
        preview_total=ngettext("%(n)s row in all", "%(n)s rows in all", guess.rows)
        % {"n": f"{guess.rows:,}"},
        # By its headings a file of the same shape is known: without them nothing could be offered again.
        save_as=form["save_as"] if any(column.heading for column in guess.columns) else None,
        pick=_pick_form(trial),
        pick_url=tables.address(part, number),
        picked=trial.picked.name if trial.picked else "",
    )


def _row(column: Column, samples: Samples, form: forms.ColumnMapForm) -> pages.ColumnRow:
    doubt = f"day_first_{column.index}"
    return pages.ColumnRow(
        heading=column.heading or _("Column %(n)s") % {"n": column.index + 1},
        samples=tuple(map(_told, samples[column.index])),
        saw=column.saw,
        read_as=form[f"read_as_{column.index}"],
        role=form[f"role_{column.index}"],
        day_first=form[doubt] if doubt in form.fields else None,
        question=column.saw,
        sure=column.sure,
    )


def _told(sample: str | None) -> str:
    return _("A victim's value") if sample is None else sample


def _preview(guess: ColumnMap, samples: Samples, country: str) -> tuple[tuple[pages.PreviewCell, ...], ...]:
    """Return the first values of each column as they would be understood."""
    deep = max((len(column.samples) for column in guess.columns), default=0)
    return tuple(
        tuple(_preview_cell(column, samples, index, country) for column in guess.columns)
        for index in range(deep)
    )


def _preview_cell(column: Column, samples: Samples, index: int, country: str) -> pages.PreviewCell:
    if index >= len(column.samples):
        return pages.PreviewCell("")
    text, raw = _told(samples[column.index][index]), column.samples[index]
    if column.read_as in {"time", "birth_date"}:
        read = moment(raw, day_first=column.day_first)
        doubt = ngettext("%(n)s candidate", "%(n)s candidates", len(read.candidates)) % {
            "n": len(read.candidates)
        }
        return pages.PreviewCell(
            text, doubt if has_day_doubt(read) else "", _("Not understood") if is_unread(read) else ""
        )
    if column.read_as in kinds.KINDS:
        return _as_identifier(column, text, raw, country)
    return pages.PreviewCell(text)


def _as_identifier(column: Column, text: str, raw: str, country: str) -> pages.PreviewCell:
    try:
        value = kinds.clean(column.read_as, raw, Context(country=country))
    except Ambiguous:
        return pages.PreviewCell(text, doubt=_("Two meanings"))
    except NotValid:
        return pages.PreviewCell(text, fault=_("Not understood"))
    return pages.PreviewCell(value.value if text == raw else text)  # else something of it is masked
