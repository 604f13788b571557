"""The door of the command line: `cets`, or `python -m cets.sites.console.main`."""

import os
import signal
import sys


def main() -> None:
    """Run the command line. Whatever a person can be told of a failure is told in a sentence."""
    on_interrupt = signal.getsignal(signal.SIGINT)
    if on_interrupt is signal.default_int_handler:
        # While the commands are loaded nothing has begun yet: Ctrl-C may end us on the spot, and without a traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _hold_standard_files()
    from cets.sites.console import runtime
    from cets.sites.console.commands import app
    from cets.sites.console.telling import fail, told
    from cets.sites.console.words import refuse_no_place

    runtime.end_in_order()
    signal.signal(signal.SIGINT, on_interrupt)
    if sys.stdout is None:
        fail("Standard output is closed, and what a command finds is told there.", 2)
    with told():
        refuse_no_place(sys.argv[1:])
        app()


def _hold_standard_files() -> None:
    """Fill the places of standard files that are closed, also for what we start: else a lock or a connection gets one."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - standard error
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


if __name__ == "__main__":
    main()
