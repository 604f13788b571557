"""Takes files in as the desk does, sealed and left to the worker: `python -m resilience.sealing HOME FILE...`."""

import sys
from pathlib import Path

from cets.kernel import clock
from cets.sites.console import runtime

TOGETHER = 4


def main(home: Path, paths: list[str]) -> None:
    with runtime.started(home, "worker") as instance:
        from cets.domains.agencies import queries
        from cets.domains.intake.actions import Incoming, receive
        from cets.domains.sharing.levels import Level

        agency, viewer = queries.service_account("ESX")
        vault = runtime.vault(instance)
        for start in range(0, len(paths), TOGETHER):
            some = [Path(path) for path in paths[start : start + TOGETHER]]
            files = [Incoming(path.name, path.open("rb"), path.stat().st_size) for path in some]
            for path, got in zip(
                some,
                receive(
                    files, vault=vault, agency=agency, sharing=Level.of("open"), by=viewer, at=clock.now()
                ),
                strict=True,
            ):
                sys.stdout.write(f"{path}\t{got.reference}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
