"""Who may queue jobs and who may take them. Jobs hold ids only."""

from django.db import migrations

from cets.kernel import rls

TABLES = ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers")

SEQUENCES = ("sequence procrastinate_jobs_id_seq", "procrastinate_events_id_seq", "procrastinate_periodic_defers_id_seq")

# The library's own function, which adds jobs and returns their numbers. The definer runs it, so that whoever only queues,
# the desk, needs no right to the tables: the queue names agencies and the ids of their records.
DEFER = "procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])"


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_protect"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        *(rls.Grant(table, worker="select, insert, update, delete") for table in TABLES),
        # The queue's own are serial; ours are identity columns and need no right, which would tell how many rows all have.
        migrations.RunSQL(
            f"grant usage on {', '.join(SEQUENCES)} to {rls.role('worker')}",
            f"revoke usage on {', '.join(SEQUENCES)} from {rls.role('worker')}",
        ),
        rls.Grant("procrastinate_jobs", definer="select (id), insert"),
        rls.Grant("procrastinate_events", definer="insert"),  # a trigger notes when a job was to begin
        migrations.RunSQL(
            f"grant usage on {', '.join(SEQUENCES[:2])} to {rls.role('definer')}",
            f"revoke usage on {', '.join(SEQUENCES[:2])} from {rls.role('definer')}",
        ),
        rls.Definer(
            DEFER,
            f"alter function {DEFER} security definer set search_path = pg_catalog, public, pg_temp",
            execute=("desk", "worker"),
            undo=(
                f"alter function {DEFER} security invoker reset search_path",
                f"alter function {DEFER} owner to current_user",
                f"revoke execute on function {DEFER} from {rls.role('desk')}, {rls.role('worker')}",
                f"grant execute on function {DEFER} to public",
            ),
        ),
    ]
