"""What the worker says on the terminal, and who reads whose files."""

import asyncio
import logging
import socket
import threading

import pytest
import structlog
from psycopg_pool import AsyncConnectionPool

from cets.sites.console import runtime, worker
from cets.sites.console.worker import _be_quiet


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


def test_no_process_reads_files_of_two_agencies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_per_thread", threading.local())
    monkeypatch.setattr(worker, "_instance", lambda: None)
    monkeypatch.setattr(runtime, "vault", lambda _instance: None)

    def read_by(agency: str) -> int | None:
        parser = worker._reading(agency).parser
        assert parser.confined is not None  # it runs
        return parser.pid

    try:
        first, again, other, back = map(read_by, ("ESX", "ESX", "NMR", "ESX"))
    finally:
        worker._reading("").parser.close()

    assert first == again
    assert len({first, other, back}) == 3
