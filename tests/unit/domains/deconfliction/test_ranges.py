"""An address held for a time meets what falls into it, and nothing far from it."""

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.deconfliction import queries

LEASE = "2026-04-05T00:00:00Z,2026-04-05T12:00:00Z"
INSIDE, AT_EDGE, AFTER = "2026-04-05T06:00:00Z", "2026-04-05T12:01:30Z", "2026-04-05T12:05:00Z"
BEYOND = "2026-11-20T06:00:00Z"

CASES = [
    ("ip,start,end", f"203.0.113.24,{LEASE}", "ip,time", f"203.0.113.24,{INSIDE}", "ip_same_time"),
    ("ip,start,end", f"203.0.113.24,{LEASE}", "ip,time", "203.0.113.24,2026-04-05T00:00:00Z", "ip_same_time"),
    ("ip,start,end", f"203.0.113.24,{LEASE}", "ip,time", f"203.0.113.24,{AT_EDGE}", "ip_same_time"),
    ("ip,start,end", f"203.0.113.24,{LEASE}", "ip,time", f"203.0.113.24,{AFTER}", "ip_apart"),
    ("ip,start,end", f"203.0.113.24,{LEASE}", "ip,time", f"203.0.113.24,{BEYOND}", None),
    ("ip,start,end", f"203.0.113.24,{LEASE}", "ip,start,end", f"203.0.113.24,{INSIDE},{AFTER}", "ip_same_time"),
    ("ip,first seen,last seen", f"203.0.113.24,{LEASE}", "ip,time", f"203.0.113.24,{INSIDE}", "ip_unsure_time"),
    ("ip,first seen,last seen", f"203.0.113.24,{LEASE}", "ip,time", f"203.0.113.24,{AT_EDGE}", "ip_same_time"),
    ("ip,port,start,end", f"100.72.3.9,4000,{LEASE}", "ip,port,time", f"100.72.3.9,4000,{INSIDE}", "ip_same_time"),
    ("ip,port,start,end", f"100.72.3.9,4000,{LEASE}", "ip,port,time", f"100.72.3.9,4001,{INSIDE}", None),
    ("ip,start,end", "203.0.113.24,2026-04-05T00:00:00Z,9999-12-31", "ip,time", f"203.0.113.24,{INSIDE}", "ip_unsure_time"),
    ("ip,start,end", "203.0.113.24,0001-01-01,2026-04-05T12:00:00Z", "ip,time", f"203.0.113.24,{INSIDE}", "ip_unsure_time"),
    ("ip,start,end", f"100.72.3.9,{LEASE}", "ip,port,time", f"100.72.3.9,4000,{INSIDE}", "ip_nat_no_port"),
]  # fmt: skip


@pytest.mark.parametrize(("mine", "my_row", "theirs", "their_row", "relation"), CASES)
def test_a_lease_meets_what_falls_into_it(db, as_process, mine, my_row, theirs, their_row, relation):
    factories.agency("ESX")
    factories.agency("NMR")
    with as_process("worker"), factories.intake() as intake:
        intake.take("ESX", f"{mine}\n{my_row}\n", name="a.csv")
        intake.take("NMR", f"{theirs}\n{their_row}\n", name="b.csv")

    for code in ("ESX", "NMR"):
        _, viewer = factories.service(code)
        with acting(viewer):
            hits = [hit for hit in queries.tell(viewer, list(queries.listed(viewer))) if hit.kind == "ip"]
        assert [side.relation for hit in hits for side in hit.theirs] == ([relation] if relation else [])
