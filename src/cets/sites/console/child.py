"""A process that `cets up` starts: `python -m cets.sites.console.child desk|worker`. It ends with its parent."""

import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

from cets.sites.console import runtime


def watch_parent() -> None:
    """End this process when the one that started it is gone, however it went."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def run_worker() -> None:
    """Take jobs until told to stop."""
    runtime.setup(Path(os.environ["CETS_HOME"]), "worker")
    from django.conf import settings

    from cets.sites.console import worker

    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    worker.run(settings.CETS)


def run_desk() -> None:
    """Serve the officers' browser application."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "cets.sites.desk.wsgi:application",
        address=os.environ["CETS_DESK_ADDRESS"],
        port=int(os.environ["CETS_DESK_PORT"]),
        interface=Interfaces.WSGI,
        blocking_threads=4,
        workers=1,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    watch_parent()
    {"desk": run_desk, "worker": run_worker}[sys.argv[1]]()
