"""A report and all that was read from it: its agency, and secondees to whom it was given by name."""

from django.db import migrations

from cets.kernel import rls

CHILDREN = ("part", "person", "message", "passage", "remark")
MATCHER = rls.right(32)


# Whoever was given a report also sees who owns it and what comes next. Only for roles that may read secondments.
GIVEN_ENTRY = f"""
create policy given on ledger_entry for select to {rls.role("desk")}, {rls.role("worker")} using (
  (select (cets_viewer()).narrow_actor) is not null and subject_type = 'report' and exists (
    select 1 from reports_secondment s where s.report_id = ledger_entry.subject_id
      and s.officer_id = (select (cets_viewer()).narrow_actor) and s.agency_id = ledger_entry.agency_id))
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("access", "0001_initial")]
    operations = [
        rls.Protect(
            "reports_secondment",
            see=f"{rls.of_the_agency()} or officer_id = (select (cets_viewer()).narrow_actor)",
            add=rls.of_the_agency(),
            change=rls.of_the_agency(),
            grants={"desk": "select, insert, delete", "worker": "select", "definer": "select"},
            extra=(("definer", "definer", "select", "true", None),),
        ),
        rls.Protect(
            "reports_report",
            see=rls.of_the_agency("reports_report.id"),
            add=rls.of_the_agency(),
            change=rls.of_the_agency(),
            grants={"desk": "select, insert, update", "worker": "select, insert, update", "definer": "select"},
            extra=(("definer", "definer", "select", "true", None),),
        ),
        *(
            rls.Protect(
                f"reports_{child}",
                see=rls.of_the_agency(f"reports_{child}.report_id"),
                add=rls.of_the_agency(),
                change=rls.of_the_agency(),
                grants={"desk": "select, insert, update", "worker": "select, insert, update"}
                | ({"definer": "select"} if child in {"message", "passage"} else {}),
                extra=(("definer", "definer", "select", "true", None),) if child in {"message", "passage"} else (),
            )
            for child in CHILDREN
        ),
        rls.Protect(
            "reports_counter",
            see=rls.of_the_agency(),
            grants={
                "desk": "select, insert, update", "worker": "select, insert, update", "matcher": "select, insert, update",
            },
            extra=(("matcher", "matcher", "all", MATCHER, MATCHER),),
        ),
        migrations.RunSQL(GIVEN_ENTRY, "drop policy given on ledger_entry"),
    ]
