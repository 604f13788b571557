"""Who may queue jobs and who may take them. Jobs hold ids only."""

from django.db import migrations

from cets.kernel import rls

TABLES = ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers")

SEQUENCES = ("sequence procrastinate_jobs_id_seq", "procrastinate_events_id_seq", "procrastinate_periodic_defers_id_seq")


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_protect"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        *(rls.Grant(table, desk="select, insert", worker="select, insert, update, delete") for table in TABLES),
        # The queue's own are serial; ours are identity columns and need no right, which would tell how many rows all have.
        migrations.RunSQL(
            f"grant usage on {', '.join(SEQUENCES)} to {rls.role('desk')}, {rls.role('worker')}",
            f"revoke usage on {', '.join(SEQUENCES)} from {rls.role('desk')}, {rls.role('worker')}",
        ),
    ]
