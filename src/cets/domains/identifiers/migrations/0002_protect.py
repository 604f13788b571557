"""Values are seen by the holder alone; the matcher sees keys of all and no value."""

from django.db import migrations

from cets.kernel import rls

OF_REPORT = ("report_id", "agency_id")
#: All but the number of a match key, which counts those of every agency.
KEYS = (
    "key, own_key, is_exact, holding_id, report_id, agency_id, told, kind, common, is_declared, is_assumed, from_at, to_at,"
    " is_certain, port, carrier_nat"
)

class Migration(migrations.Migration):
    dependencies = [("identifiers", "0001_initial"), ("reports", "0002_protect")]
    operations = [
        rls.Protect(
            "identifiers_holding",
            see=rls.of_the_agency("identifiers_holding.report_id"),
            add=rls.of_the_agency(),
            change=rls.of_the_agency(),
            grants={"desk": "select", "worker": "select, insert, update"},
        ),
        rls.Protect(
            "identifiers_sighting",
            see=rls.of_the_agency("identifiers_sighting.report_id"),
            add=rls.of_the_agency(),
            change=rls.of_the_agency(),
            grants={"desk": "select", "worker": "select, insert"},
        ),
        rls.Protect(
            "identifiers_matchkey",
            see=rls.of_the_agency(),
            grants={
                "desk": f"select ({KEYS}), update (told)",
                "worker": f"select ({KEYS}), insert ({KEYS}), update (told), delete",
                "matcher": "select",
                "definer": "select",
            },
            extra=(
                ("definer", "definer", "select", "true", None),
                ("matcher", "matcher", "select", rls.right(32), None),
            ),
        ),
        rls.Parent("identifiers_holding"),
        rls.SameAgency("identifiers_holding", "report_id", "reports_report", implied=("agency_id",)),
        rls.SameAgency("identifiers_sighting", "holding_id", "identifiers_holding"),
        rls.SameAgency(
            "identifiers_sighting", "part_id", "reports_part", common=OF_REPORT, implied=OF_REPORT,
        ),
        migrations.RunSQL(
            "create index matchkey_key on identifiers_matchkey (key) include (report_id, agency_id, told, own_key, is_exact)",
            "drop index matchkey_key",
        ),
    ]
