"""Who may queue jobs and who may take them. Jobs hold ids only."""

from django.db import migrations

from cets.kernel import rls

TABLES = ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers")


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_protect"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        *(rls.Grant(table, desk="select, insert", worker="select, insert, update, delete") for table in TABLES),
        migrations.RunSQL(
            f"grant usage on all sequences in schema public to {rls.role('desk')}, {rls.role('worker')}", ""
        ),
    ]
