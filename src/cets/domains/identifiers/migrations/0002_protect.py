"""Values are seen by the holder alone; the matcher sees keys of all and no value."""

from django.db import migrations

from cets.kernel import rls


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
            grants={"desk": "select, update", "worker": "select, insert, update, delete", "matcher": "select", "definer": "select"},
            extra=(
                ("definer", "definer", "select", "true", None),
                ("matcher", "matcher", "select", rls.right(32), None),
            ),
        ),
        migrations.RunSQL(
            "create index matchkey_key on identifiers_matchkey (key) include (report_id, agency_id, told, own_key, is_exact)",
            "drop index matchkey_key",
        ),
    ]
