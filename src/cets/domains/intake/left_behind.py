"""What a process that was killed left half-done: found again, and put back in the queue. Nothing sealed stays unread.

Whoever takes files in or works on jobs holds a shared lock of the database, which the database frees however its holder
ends. Who gets the lock alone knows that every job "in work" was left behind; else the queue's heartbeats have to tell.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from cets.access.viewer import acting
from cets.domains.agencies import queries as agencies
from cets.domains.agencies.models import Officer
from cets.domains.deconfliction import jobs as match_jobs
from cets.domains.intake import jobs

_LOCK = 0x43455453_696E  # "CETSin"
_TASKS = [jobs.TASK, match_jobs.TASK]
#: A worker that was not heard of for so long is dead; it speaks every ten seconds.
SILENT_SECONDS = 30
#: Parts whose reading is queued again together.
BATCH = 64

#: In work by nobody; `alone`: then by nobody at all.
_STALLED = """
select procrastinate_retry_job_v2(j.id, now(), null, null, null)
from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id
where j.status = 'doing' and j.task_name = any(%s)
  and (%s or w.id is null or w.last_heartbeat < now() - make_interval(secs => %s))
"""
#: Given up after too many tries, which may have been the machine's fault.
_FAILED = """
select procrastinate_retry_job_v2(id, now(), null, null, null) from procrastinate_jobs
where status = 'failed' and task_name = any(%s)
"""
#: The safety net of a command that is no longer there need not wait.
_WAITING = "update procrastinate_jobs set scheduled_at = null where status = 'todo' and task_name = any(%s) and scheduled_at > now()"
#: Sealed, and in nobody's queue.
_UNQUEUED = """
select p.id from reports_part p where p.state = 'sealed' and not p.member
  and (%s or p.received_at < now() - make_interval(secs => %s))
  and p.id::text not in (
    select i from procrastinate_jobs j, jsonb_array_elements_text(j.args -> 'part_ids') i
    where j.task_name = %s and j.status in ('todo', 'doing')
  )
order by p.received_at
"""
_YOUNG_SECONDS = 900


@contextmanager
def taking_in() -> Iterator[None]:
    """Let others know for a block that somebody is at work here."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock_shared(%s)", [_LOCK])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock_shared(%s)", [_LOCK])


def take_up(*, failed_too: bool = False) -> int:
    """Queue again what was left behind and return how many jobs that made. `failed_too`: also what was given up.

    Safe at any time and in several processes: a part that is read already is passed over.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_LOCK])
        alone = bool(cursor.fetchone()[0])
        cursor.execute(_STALLED, [_TASKS, alone, SILENT_SECONDS])
        count: int = cursor.rowcount
        if failed_too:
            cursor.execute(_FAILED, [_TASKS])
            count += cursor.rowcount
        if alone:
            cursor.execute(_WAITING, [_TASKS])
            count += cursor.rowcount
        for code in _agencies():
            count += _queue_unqueued(code, alone=alone)
    return count


def _agencies() -> list[str]:
    with acting(agencies.SIGN_IN):
        return list(
            Officer.objects.filter(is_service=True, left_at=None)
            .order_by("agency__code")
            .values_list("agency__code", flat=True)
        )


def _queue_unqueued(code: str, *, alone: bool) -> int:
    _, viewer = agencies.service_account(code)
    with acting(viewer), connection.cursor() as cursor:
        cursor.execute(_UNQUEUED, [alone, _YOUNG_SECONDS, jobs.TASK])
        found: list[UUID] = [part_id for (part_id,) in cursor.fetchall()]
        for start in range(0, len(found), BATCH):
            jobs.read_soon(agency_code=code, part_ids=found[start : start + BATCH], after=timedelta(0))
    return -(-len(found) // BATCH)
