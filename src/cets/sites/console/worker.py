"""The worker: takes jobs from the queue, and chains the audit within a second."""

import threading
from functools import cache
from uuid import UUID

import structlog
from django.db import close_old_connections, connections
from procrastinate.contrib.django import app

from cets.domains.agencies import queries as agencies
from cets.domains.deconfliction import jobs as match_jobs
from cets.domains.deconfliction import matching
from cets.domains.intake import jobs as intake_jobs
from cets.domains.intake.parser.client import Parser
from cets.domains.intake.reader import Reading, read_parts
from cets.kernel import clock
from cets.kernel.errors import CetsError
from cets.settings.types import Instance
from cets.sites.console import runtime

log = structlog.get_logger()

SEQUENCE_EVERY = 0.5
#: Two files at a time, so that a large one does not keep a small one waiting.
CONCURRENCY = 2

_per_thread = threading.local()


@cache
def _instance() -> Instance:
    from django.conf import settings

    return settings.CETS


def _reading() -> Reading:
    """Return this thread's parser and the process's vault."""
    if not hasattr(_per_thread, "reading"):
        _per_thread.reading = Reading(runtime.vault(_instance()), Parser())
    return _per_thread.reading  # type: ignore[no-any-return]


@app.task(name=intake_jobs.TASK, queue="intake", retry=3)
def read(*, agency_code: str, part_ids: list[str]) -> None:
    """Read sealed parts as their agency, then match: the queued match is the safety net."""
    close_old_connections()
    agency, viewer = agencies.service_account(agency_code)
    reports = read_parts(
        [UUID(i) for i in part_ids], reading=_reading(), country=agency.country, by=viewer, at=clock.now()
    )
    if reports:
        matching.match(reports, at=clock.now())
    log.info("read", parts=len(part_ids), reports=len(reports))


@app.task(name=match_jobs.TASK, queue="match", retry=3)
def match(*, report_ids: list[str], everyone: bool = False) -> None:
    """Match reports, whatever became of the matching that followed their reading."""
    close_old_connections()
    matching.match([UUID(i) for i in report_ids], at=clock.now(), everyone=everyone)
    log.info("matched", reports=len(report_ids))


def run(instance: Instance) -> None:
    """Work until told to stop."""
    runtime.vault(instance).store.delete_temp_files()
    stop = threading.Event()
    sequencer = threading.Thread(target=_sequence_until, args=(instance, stop), daemon=True)
    sequencer.start()
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as worker_app:
        try:
            worker_app.run_worker(
                concurrency=CONCURRENCY,
                delete_jobs="successful",
                install_signal_handlers=True,
                fetch_job_polling_interval=1.0,
            )
        finally:
            stop.set()
            sequencer.join(5)


def _sequence_until(instance: Instance, stop: threading.Event) -> None:
    """Chain the audit again and again; what goes wrong is said and tried again, for the tail must not grow unseen."""
    while not stop.wait(SEQUENCE_EVERY):
        try:
            runtime.sequence(instance)
        except CetsError as error:
            log.warning("sequencer", problem=str(error))
            stop.wait(10)
        except Exception as error:  # noqa: BLE001 - the database may be away for a while: the thread must outlive it
            log.warning("sequencer", problem=type(error).__name__)
            connections.close_all()
            stop.wait(2)
