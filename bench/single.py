"""One report after another, each to its hits: run as a process of its own beside a large ingest."""

import sys
import time
from io import BytesIO
from pathlib import Path

from cets.sites.console import runtime


def loop(home: Path) -> None:
    """For each line on standard input take one note in, and print how long it was until its hit was known."""
    with runtime.started(home, "worker") as instance:
        from cets.access.viewer import acting
        from cets.domains.agencies import queries
        from cets.domains.deconfliction import matching
        from cets.domains.deconfliction.models import Hit
        from cets.domains.intake.actions import Incoming, receive
        from cets.domains.intake.parser.client import Parser
        from cets.domains.intake.reader import Reading, read_parts
        from cets.domains.sharing.levels import Level
        from cets.kernel import clock

        agency, viewer = queries.service_account("AG5")
        with Parser() as parser:
            reading = Reading(runtime.vault(instance), parser)
            for number, _ in enumerate(sys.stdin):
                data = f"note {number}: the same kestrel.blue{number // 2}@mail.example again".encode()
                began = time.perf_counter()
                at = clock.now()
                (received,) = receive(
                    [Incoming("note", BytesIO(data), len(data))],
                    vault=reading.vault,
                    agency=agency,
                    sharing=Level.CONTACT,
                    by=viewer,
                    at=at,
                )
                matching.match(
                    read_parts([received.part_id], reading=reading, country="GB", by=viewer, at=at), at=at
                )
                with acting(viewer):
                    hits = Hit.objects.filter(agency_id=agency.id).count()
                assert hits >= (number + 1) // 2
                sys.stdout.write(f"{time.perf_counter() - began}\n")
                sys.stdout.flush()
