"""A process that `cets up` starts: `python -m cets.sites.console.child desk|worker PARENT`. It ends with its parent."""

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from cets.adapters.postgres import Cluster
from cets.kernel import landlock
from cets.settings import types
from cets.sites.console import runtime

#: A desk or worker that was asked to end has so long before it is ended.
GRACE_SECONDS = 20.0
#: After so long the kernel ends it, should it be so stuck that not even this thread of it runs any more.
LAST_SECONDS = 60
#: So long may requests that are being answered go on when the desk is asked to end. Whole, as granian wants it.
DRAIN_SECONDS = 4

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def watch_parent(parent: int, *, at_last: Callable[[], object] = lambda: None) -> None:
    """End this process when the one that started it is gone, however it went, and be it gone already.

    A process that does not end when it is asked to does `at_last` and is ended.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        signal.alarm(LAST_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        try:
            at_last()
        finally:
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def run_worker(parent: int) -> None:
    """Take jobs until told to stop. It holds the embedded database: should everybody else be killed, it ends that, too."""
    home = Path(os.environ["CETS_HOME"])
    cluster = Cluster(home)
    try:
        watch_parent(parent, at_last=cluster.leave)
        instance = types.load(home, process="worker")
        with runtime.database_shared(instance, cluster):
            runtime.use_temporary_folder(instance)
            runtime.setup(home, "worker")
            from cets.sites.console import worker

            try:
                worker.run(instance)
            finally:
                runtime.close()
    finally:
        cluster.leave()  # who held it before us may have been killed before we had our share


def run_desk(parent: int) -> None:
    """Serve the officers' browser application."""
    watch_parent(parent)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "cets.sites.console.child:desk",
        factory=True,
        address=os.environ["CETS_DESK_ADDRESS"],
        port=int(os.environ["CETS_DESK_PORT"]),
        interface=Interfaces.WSGI,
        blocking_threads=4,
        workers=1,
        # A visitor who sent half a request holds it up, and now and then granian's own threads wait for each other. What
        # ends it loses nothing: that is no warning to an operator who pressed Ctrl-C.
        workers_kill_timeout=DRAIN_SECONDS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
    ).serve()


def desk() -> Application:
    """Return the desk's application for a process that granian starts, which ends with granian, too."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "granian makes a process of its own for the application"
    instance = types.load(Path(os.environ["CETS_HOME"]), process="desk")
    runtime.use_temporary_folder(instance)
    from cets.adapters.storage import open_store
    from cets.sites.desk.wsgi import application

    open_store(instance.store_url)  # a store's folder that is not there yet could not be made afterwards
    close_others_files(instance)  # before any other thread begins
    watch_parent(parent.pid or 0)
    # Pages that are not there are the visitor's matter, not the terminal's.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    # Nor is a request for another host: anybody could fill the log with it, a traceback each.
    logging.getLogger("django.security.DisallowedHost").setLevel(logging.CRITICAL)
    return with_health(application)


def close_others_files(instance: types.Instance) -> bool:
    """Let this process, whatever code runs in it, reach nothing that is another's; return whether that holds.

    Neither the worker's secrets, nor the key that signs the audit, nor the owner's way to the database, also not by
    looking into the processes that know them; and it changes no file but in the store and the temporary folder.
    """
    others = [
        instance.home / "secrets" / "worker.json",
        instance.home / "cets.toml",
        instance.home / "postgres",
        runtime.Keys(instance.keys_dir).signing,
        Path.home() / ".pgpass",
        Path.home() / ".postgresql",
    ]
    reading = [(path, landlock.READ | landlock.RUN) for path in landlock.all_but(others)]
    own = [instance.home / "tmp", Path("/dev")]
    if instance.store_url.startswith("file://"):
        own.append(Path(url2pathname(urlsplit(instance.store_url).path)))
    return landlock.restrict([*reading, *((path, landlock.EVERYTHING) for path in own)], network=True)


def with_health(application: Application) -> Application:
    """Answer `/healthz` for whoever starts us, before any page, session or log."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/healthz":
            return application(environ, start_response)
        start_response(
            "200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2"), ("Cache-Control", "no-store")]
        )
        return [b"ok"]

    return answer


if __name__ == "__main__":
    runtime.end_in_order()  # also while it is only starting
    {"desk": run_desk, "worker": run_worker}[sys.argv[1]](int(sys.argv[2]))
