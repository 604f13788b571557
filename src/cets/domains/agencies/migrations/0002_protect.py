"""An agency sees its own people; the others learn of a duty team only through a hit."""

from django.db import migrations

from cets.kernel import rls

ADMIN = rls.right(4)
SEE = f"{rls.OWN_AGENCY} or {ADMIN} or {rls.right(128)}"
CASE = f"agency_id = (select (cets_viewer()).case_agency) or {ADMIN}"


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial"), ("access", "0001_initial")]
    operations = [
        rls.Protect(
            "agencies_agency",
            see=rls.ANY_VIEWER,
            add=ADMIN,
            change=ADMIN,
            grants={"desk": "select, insert, update", "worker": "select", "matcher": "select", "definer": "select"},
            extra=(("definer", "definer", "select", "true", None),),
        ),
        rls.Protect(
            "agencies_team",
            see=SEE,
            add=ADMIN,
            change=ADMIN,
            grants={
                "desk": "select, insert, update", "worker": "select", "matcher": "select (id, agency_id, is_duty)", "definer": "select",
            },
            extra=(
                ("definer", "definer", "select", "true", None),
                ("matcher", "matcher", "select", rls.right(32), None),
            ),
        ),
        rls.Protect(
            "agencies_officer",
            see=SEE,
            add=ADMIN,
            change=CASE,
            grants={"desk": "select, insert, update", "worker": "select", "definer": "select"},
            extra=(("definer", "definer", "select", "true", None),),
        ),
        rls.Protect(
            "agencies_rolegrant",
            see=SEE,
            add=ADMIN,
            change=ADMIN,
            grants={"desk": "select, insert, update", "worker": "select"},
        ),
        rls.Parent("agencies_team"),
        rls.Parent("agencies_officer"),
        rls.SameAgency("agencies_officer", "team_id", "agencies_team", implied=("agency_id",)),
        rls.SameAgency("agencies_rolegrant", "officer_id", "agencies_officer", implied=("agency_id",)),
        rls.Grant("agencies_login", desk="select, insert, update", worker="select"),
    ]
