"""The worker: takes jobs from the queue, chains the audit within a second, and takes up what others left behind."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache
from uuid import UUID

import structlog
from django.db import close_old_connections, connections
from procrastinate import App, signals
from procrastinate.contrib.django import app

from cets.access.viewer import acting
from cets.domains.agencies import queries as agencies
from cets.domains.deconfliction import jobs as match_jobs
from cets.domains.deconfliction import matching
from cets.domains.deconfliction.matcher import MATCHER, USING, lay_down_limits
from cets.domains.intake import jobs as intake_jobs
from cets.domains.intake.left_behind import take_up, taking_in
from cets.domains.intake.parser.client import Parser
from cets.domains.intake.reader import Reading
from cets.domains.intake.steady import read_each
from cets.domains.reports.models import Part
from cets.domains.vault.sweeping import sweep
from cets.kernel import clock
from cets.kernel.errors import CetsError
from cets.settings.types import Instance
from cets.sites.console import runtime

log = structlog.get_logger()

SEQUENCE_EVERY = 0.5
#: Two files at a time, so that a large one does not keep a small one waiting.
CONCURRENCY = 2
TAKE_UP_EVERY = 30.0
SWEEP_EVERY = 24 * 3600.0
#: A part that somebody else was reading is looked at again after this time, should he not have come to an end.
LOOK_AGAIN_IN = timedelta(seconds=60)
#: Jobs in work have so long to end when the worker is told to stop; those that do not are done again by the next.
GRACE_SECONDS = 8.0
#: And then what goes on beside them; together less than whoever stops the worker waits for it.
LOOPS_SECONDS = 4.0

#: Parser's processes that a thread keeps for its next files, each for one agency: to start one takes half a second.
PROCESSES_KEPT = 3

_per_thread = threading.local()


@cache
def _instance() -> Instance:
    from django.conf import settings

    return settings.CETS


def _reading(agency_code: str) -> Reading:
    """Return this thread's parser for an agency, and the process's vault.

    A process that read files of one agency reads none of another's: taken over by one of them, it could carry what is in it across.
    """
    kept: dict[str, Reading] = _per_thread.__dict__.setdefault("readings", {})
    known = kept.pop(agency_code) if agency_code in kept else None
    kept[agency_code] = known or Reading(runtime.vault(_instance()), Parser())
    if len(kept) > PROCESSES_KEPT:
        kept.pop(next(iter(kept))).parser.close()  # of the agency that waited longest
    return kept[agency_code]


@app.task(name=intake_jobs.TASK, queue="intake", retry=3)
def read(*, agency_code: str, part_ids: list[str]) -> None:
    """Read sealed parts as their agency, then match: the queued match is the safety net."""
    close_old_connections()
    with taking_in():
        agency, viewer = agencies.service_account(agency_code)
        ids = [UUID(i) for i in part_ids]
        reports = read_each(
            ids, reading=_reading(agency_code), country=agency.country, by=viewer, at=clock.now()
        )
        if reports:
            matching.match(reports, at=clock.now())
        with acting(viewer):
            # Another process holds them; were it killed now, nobody would know of them any more.
            unread = list(Part.objects.filter(id__in=ids, state="sealed").values_list("id", flat=True))
            if unread:
                intake_jobs.read_soon(agency_code=agency_code, part_ids=unread, after=LOOK_AGAIN_IN)
    log.info("read", parts=len(part_ids), reports=len(reports))


@app.task(name=match_jobs.TASK, queue="match", retry=3)
def match(*, report_ids: list[str], gone: list[str]) -> None:
    """Match reports, whatever became of the matching that followed their reading."""
    close_old_connections()
    with taking_in():
        matching.match([UUID(i) for i in report_ids], at=clock.now(), gone=[UUID(i) for i in gone])
    log.info("matched", reports=len(report_ids))


def run(instance: Instance) -> None:
    """Work until told to stop."""
    _be_quiet()
    runtime.sweep_temporary_folder(instance)
    runtime.vault(instance).store.delete_temp_files()
    with acting(MATCHER, using=USING):
        lay_down_limits()  # what a changed setting says shows at once
    take_up(failed_too=True)
    stop = threading.Event()
    loops = [
        threading.Thread(target=loop, args=(instance, stop), daemon=True)
        for loop in (_sequence_until, _take_up_until, _sweep_until)
    ]
    for loop in loops:
        loop.start()
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as worker_app:
        try:
            asyncio.run(_take_jobs(worker_app))
        finally:
            stop.set()
            end = time.monotonic() + LOOPS_SECONDS
            for loop in loops:
                loop.join(max(end - time.monotonic(), 0.0))


async def _take_jobs(worker_app: App) -> None:
    """Take jobs until told to stop, and close the connections however early that was.

    The tasks that make connections pass over being cancelled: left to the end of the loop, they would hold it up for good.
    """
    told = asyncio.Event()
    with signals.on_stop(told.set):
        telling, taking = asyncio.create_task(told.wait()), asyncio.create_task(_connect_and_take(worker_app))
        await asyncio.wait({telling, taking}, return_when=asyncio.FIRST_COMPLETED)
        telling.cancel()
        taking.cancel()  # it first waits for the jobs in hand
        try:
            with suppress(asyncio.CancelledError):
                await taking
        finally:
            await worker_app.close_async()


async def _connect_and_take(worker_app: App) -> None:
    await worker_app.open_async()
    await worker_app.run_worker_async(
        concurrency=CONCURRENCY,
        delete_jobs="successful",
        install_signal_handlers=False,
        fetch_job_polling_interval=1.0,
        shutdown_graceful_timeout=GRACE_SECONDS,
    )


def _be_quiet() -> None:
    """Say on the terminal only what somebody has to look after."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    logging.getLogger("psycopg.pool").addFilter(_is_no_farewell)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def _is_no_farewell(record: logging.LogRecord) -> bool:
    """Leave out that a connection was given up because the worker ends: nobody has to look after that."""
    args = record.args if isinstance(record.args, tuple) else ()
    return not any(isinstance(arg, asyncio.CancelledError) for arg in args)


def _sequence_until(instance: Instance, stop: threading.Event) -> None:
    """Chain the audit again and again: the tail must not grow unseen."""
    _again_and_again("sequencer", lambda: runtime.sequence(instance), stop, every=SEQUENCE_EVERY)


def _take_up_until(_: Instance, stop: threading.Event) -> None:
    """Take up what a dead worker or command left."""
    _again_and_again("left behind", take_up, stop, every=TAKE_UP_EVERY)


def _sweep_until(instance: Instance, stop: threading.Event) -> None:
    """Remove sealed bytes that no record names, once a day."""
    store = runtime.vault(instance).store
    _again_and_again("sweep", lambda: sweep(store, at=clock.now()), stop, every=SWEEP_EVERY, first=60.0)


def _again_and_again(
    name: str, work: Callable[[], object], stop: threading.Event, *, every: float, first: float | None = None
) -> None:
    """Do it every so many seconds. What goes wrong is said and tried again."""
    wait = first or every
    while not stop.wait(wait):
        began, wait = time.monotonic(), every
        try:
            work()
        except CetsError as error:
            log.warning(name, problem=str(error))
            wait = max(every, 10)
        except Exception as error:  # noqa: BLE001 - the thread would end unseen: no audit chained, no file taken up
            if not stop.is_set():
                log.warning(name, problem=type(error).__name__)
            connections.close_all()
            wait = max(every, 2)
        wait = max(wait - (time.monotonic() - began), 0.05)
    connections.close_all()
