from django.db import migrations

from cets.kernel import rls


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("access", "0001_initial")]
    operations = [
        rls.Protect(
            "intake_savedcolumnmap",
            see=rls.of_the_agency(),
            grants={"desk": "select, insert, update, delete", "worker": "select, insert, update"},
        ),
    ]
