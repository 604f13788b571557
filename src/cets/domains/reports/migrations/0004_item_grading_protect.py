"""Gradings of single items: rows are added and read, never changed or taken away."""

from django.db import migrations

from cets.kernel import rls

#: What was read from a part is of the part's report and agency.
OF_REPORT = ("report_id", "agency_id")


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_item_grading")]
    operations = [
        rls.Protect(
            "reports_itemgrading",
            see=rls.of_the_agency("reports_itemgrading.report_id"),
            add=rls.of_the_agency(),
            change=rls.of_the_agency(),
            grants={"desk": "select, insert", "worker": "select, insert"},
        ),
        rls.SameAgency("reports_itemgrading", "part_id", "reports_part", common=OF_REPORT, implied=OF_REPORT),
    ]
