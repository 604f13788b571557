"""What other agencies may be told of a report is stored with victims' values masked, whichever report came first.

Who reads it through `cets_my_overlaps` has no part in the reports that tell whose a value is, so that nothing can be masked
when it is shown.
"""

import re
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, F, Func, OuterRef, Q, TextField, Value
from django.db.models.functions import Concat, Lower

from cets.domains.identifiers.models import Holding
from cets.domains.intake.masked_values import held_by_few
from cets.domains.intake.masking import SHORTEST, TOLD, mask_titles, maskers_of
from cets.domains.reports.models import Report

#: So many reports are masked together.
_AT_ONCE = 200
#: The last letters or digits of a value that tell it.
_TELLING = 7


def mask_beside(report_ids: Collection[UUID], *, with_victims: Collection[UUID]) -> None:
    """Mask what is told of reports just read, and of the agency's other reports that hold a value of their victims.

    Of those `with_victims` the words are masked already (`masking.mask_report`). Two statements where nobody is a victim. In the
    caller's transaction.
    """
    _mask([*(set(report_ids) - set(with_victims)), *beside(with_victims)])


def beside(report_ids: Collection[UUID]) -> set[UUID]:
    """Return the agency's other reports that hold a value which is a victim's in one of these.

    Of a value that more than `masked_values.MOST_BESIDE` reports hold, only those in whose told words it may stand.
    """
    if not report_ids:
        return set()
    of_victims = Holding.objects.filter(report_id__in=report_ids).exclude(pseudonym="")
    found = list(of_victims.values_list("agency_id", "key"))
    agencies = list({agency_id for agency_id, _ in found})
    few = held_by_few({key for _, key in found}, agencies)
    held = Holding.objects.filter(agency_id__in=agencies, key__in=few).exclude(report_id__in=report_ids)
    many = of_victims.exclude(key__in=few).order_by("key").distinct("key")[:_AT_ONCE]
    return {*held.values_list("report_id", flat=True), *_named_in(agencies, many)} - set(report_ids)


def _named_in(agencies: Collection[UUID], holdings: Iterable[Holding]) -> set[UUID]:
    """Return the reports that hold a value and in whose title, category or platform its end stands, however it is spelled."""
    found = Q()
    for one in holdings:
        if len(end := _plain(one.value.partition("@")[0] or one.value)[-_TELLING:]) >= SHORTEST:
            found |= Q(
                Exists(Holding.objects.filter(report=OuterRef("id"), key=one.key)), plain__contains=end
            )
    if not found:
        return set()
    words = Lower(Concat(*TOLD, "title_raw", output_field=TextField()))
    nothing = (Value(r"[\W_]+"), Value(""), Value("g"))
    plain = Func(words, *nothing, function="regexp_replace", output_field=TextField())
    told = Report.objects.filter(agency_id__in=agencies).annotate(plain=plain).filter(found)
    return set(told.values_list("id", flat=True))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def mask_anew(report_ids: Collection[UUID]) -> None:
    """Let the titles of reports stand as they came, but for what is a victim's still: a reading that said so is taken back."""
    titled = Report.objects.filter(id__in=report_ids).exclude(title_raw="")
    titled.update(title=F("title_raw"), title_raw="")
    _mask(report_ids)


def _mask(report_ids: Iterable[UUID]) -> None:
    waiting = sorted(report_ids)
    for start in range(0, len(waiting), _AT_ONCE):
        maskers = maskers_of(waiting[start : start + _AT_ONCE])
        if maskers:
            mask_titles(maskers)
