"""What the worker says on the terminal, who reads whose files, and that it ends when it is told to."""

import asyncio
import logging
import os
import signal
import socket
import threading
import time

import pytest
import structlog
from procrastinate import App, PsycopgConnector
from psycopg_pool import AsyncConnectionPool

from cets.sites.console import runtime, upping, worker
from cets.sites.console.worker import _be_quiet, _take_jobs


@pytest.fixture(autouse=True)
def _as_before():
    pool, queue, said = (
        logging.getLogger("psycopg.pool"),
        logging.getLogger("procrastinate"),
        structlog.get_config(),
    )
    filters, level = list(pool.filters), queue.level
    yield
    pool.filters[:] = filters
    queue.setLevel(level)
    structlog.configure(**said)


async def _connect_for_a_moment(port: int) -> None:
    pool = AsyncConnectionPool(f"host=127.0.0.1 port={port} sslmode=disable", min_size=1, open=False)
    await pool.open()
    await asyncio.sleep(0.5)
    await pool.close()


def test_a_connection_given_up_because_it_ends_is_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        asyncio.run(_connect_for_a_moment(port))
        assert "error connecting" in caplog.text
        caplog.clear()
        _be_quiet()
        asyncio.run(_connect_for_a_moment(port))
        assert "error connecting" not in caplog.text


def test_a_server_that_is_not_there_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    _be_quiet()
    asyncio.run(_connect_for_a_moment(port))
    assert "error connecting" in caplog.text


def test_told_to_stop_while_it_connects_it_ends() -> None:
    before = signal.getsignal(signal.SIGTERM)
    runtime.end_in_order()
    telling = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM))
    try:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            place = f"host=127.0.0.1 port={silent.getsockname()[1]} sslmode=disable"
            began = time.monotonic()
            telling.start()
            asyncio.run(_take_jobs(App(connector=PsycopgConnector(conninfo=place))))
            assert time.monotonic() - began < upping.STOP_SECONDS, "nobody has to kill it"
    finally:
        telling.cancel()
        signal.signal(signal.SIGTERM, before)


def test_no_process_reads_files_of_two_agencies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_per_thread", threading.local())
    monkeypatch.setattr(worker, "_instance", lambda: None)
    monkeypatch.setattr(runtime, "vault", lambda _instance: None)

    def read_by(agency: str) -> int | None:
        parser = worker._reading(agency).parser
        assert parser.confined is not None  # it runs
        return parser.pid

    others = [f"A{number}" for number in range(worker.PROCESSES_KEPT)]
    try:
        first, again, other, back = map(read_by, ("ESX", "ESX", "NMR", "ESX"))
        assert first == again == back != other
        pids = {read_by(agency) for agency in others}
        assert len(pids) == len(others)
        assert not pids & {first, other}
        assert list(worker._per_thread.readings) == others, "no more than a few are kept"
        with pytest.raises(ProcessLookupError):
            os.kill(first or 0, 0)
    finally:
        for reading in worker._per_thread.readings.values():
            reading.parser.close()
