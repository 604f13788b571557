"""The worker may take back what it read, to read it again; originals, custody and reports stay out of its reach."""

from django.db import migrations

from cets.kernel import rls

TABLES = (
    "reports_person", "reports_message", "reports_trace", "reports_passage", "reports_remark", "identifiers_sighting", "identifiers_holding",
)


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_queue"), ("identifiers", "0002_protect"), ("reports", "0002_protect")]
    operations = [
        migrations.RunSQL(
            f"grant delete on {', '.join(TABLES)} to {rls.role('worker')}",
            f"revoke delete on {', '.join(TABLES)} from {rls.role('worker')}",
        ),
    ]
