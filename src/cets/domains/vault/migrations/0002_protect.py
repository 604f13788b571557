from django.db import migrations

from cets.kernel import rls


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial"), ("access", "0001_initial")]
    operations = [
        rls.Protect(
            "vault_original",
            see=rls.of_the_agency(),
            change="false",
            grants={"desk": "select, insert", "worker": "select, insert"},
        ),
        rls.Protect(
            "vault_custodyevent",
            see=rls.of_the_agency(),
            change="false",
            grants={"desk": "select, insert", "worker": "select, insert"},
        ),
        rls.Parent("vault_original"),
        rls.SameAgency("vault_custodyevent", "original_id", "vault_original", implied=("agency_id",)),
        rls.AppendOnly("vault_custodyevent"),
    ]
