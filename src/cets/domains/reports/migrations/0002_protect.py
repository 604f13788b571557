"""A report and all that was read from it: its agency, and secondees to whom it was given by name."""

from django.db import migrations

from cets.kernel import rls

CHILDREN = ("part", "person", "message", "trace", "passage", "remark")
#: Whose words are searched by a function that applies the access list itself.
SEARCHED = {"message", "trace", "passage"}
MATCHER = rls.right(32)
#: What was read from a part is of the part's report and agency.
OF_REPORT = ("report_id", "agency_id")


# Whoever was given a report also sees who owns it and what comes next. Only for roles that may read secondments.
GIVEN_ENTRY = f"""
create policy given on ledger_entry for select to {rls.role("desk")}, {rls.role("worker")} using (
  (select (cets_viewer()).narrow_actor) is not null and subject_type = 'report' and exists (
    select 1 from reports_secondment s where s.report_id = ledger_entry.subject_id
      and s.officer_id = (select (cets_viewer()).narrow_actor) and s.agency_id = ledger_entry.agency_id))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("access", "0001_initial"),
        ("agencies", "0002_protect"),
        ("ledger", "0002_protect"),
        ("vault", "0002_protect"),
    ]
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
                | ({"definer": "select"} if child in SEARCHED else {}),
                extra=(("definer", "definer", "select", "true", None),) if child in SEARCHED else (),
            )
            for child in CHILDREN
        ),
        rls.Protect(
            "reports_counter",
            see=rls.of_the_agency(),
            grants=dict.fromkeys(
                # A counter's own number would tell how many all agencies have.
                ("desk", "worker", "matcher"), "select (agency_id, series, last), insert (agency_id, series, last), update (last)"
            ),
            extra=(("matcher", "matcher", "all", MATCHER, MATCHER),),
        ),
        rls.Parent("reports_report"),
        rls.Parent("reports_part", common=OF_REPORT),
        rls.SameAgency("reports_report", "team_id", "agencies_team", implied=("agency_id",)),
        rls.SameAgency("reports_report", "contact_id", "agencies_officer"),
        rls.SameAgency("reports_report", "entry_id", "ledger_entry"),
        rls.SameAgency("reports_report", "joined_to_id", "reports_report"),
        rls.SameAgency("reports_secondment", "report_id", "reports_report", implied=("agency_id",)),
        rls.SameAgency("reports_secondment", "officer_id", "agencies_officer"),
        rls.SameAgency("reports_part", "report_id", "reports_report", implied=("agency_id",)),
        rls.SameAgency("reports_part", "original_id", "vault_original"),
        *(
            rls.SameAgency(f"reports_{child}", "part_id", "reports_part", common=OF_REPORT, implied=OF_REPORT)
            for child in CHILDREN
            if child != "part"
        ),
        migrations.RunSQL(GIVEN_ENTRY, "drop policy given on ledger_entry"),
    ]
