"""What other agencies may be told of a report is stored with victims' values masked, whichever report came first.

Who reads it through `cets_my_overlaps` has no part in the reports that tell whose a value is, so that nothing can be masked
when it is shown.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import F

from cets.domains.identifiers.models import Holding
from cets.domains.intake.masked_values import held_by_few
from cets.domains.intake.masking import mask_titles, maskers_of
from cets.domains.reports.models import Report

#: So many reports are masked together.
_AT_ONCE = 200


def mask_beside(report_ids: Collection[UUID], *, with_victims: Collection[UUID]) -> None:
    """Mask what is told of reports just read, and of the agency's other reports that hold a value of their victims.

    Of those `with_victims` the words are masked already (`masking.mask_report`). Two statements where nobody is a victim. In the
    caller's transaction.
    """
    _mask([*(set(report_ids) - set(with_victims)), *beside(with_victims)])


def beside(report_ids: Collection[UUID]) -> set[UUID]:
    """Return the agency's other reports that hold a value which is a victim's in one of these.

    Of a value that more than `masked_values.MOST_BESIDE` reports hold, none: it leads to nobody.
    """
    if not report_ids:
        return set()
    of_victims = Holding.objects.filter(report_id__in=report_ids).exclude(pseudonym="")
    found = list(of_victims.values_list("agency_id", "key"))
    agencies = list({agency_id for agency_id, _ in found})
    few = held_by_few({key for _, key in found}, agencies)
    held = Holding.objects.filter(agency_id__in=agencies, key__in=few).exclude(report_id__in=report_ids)
    return set(held.values_list("report_id", flat=True))


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
