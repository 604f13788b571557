"""The embedded PostgreSQL of demo, tests and evaluation, and the check that any server is fit for CETS."""

from cets.adapters.postgres.binaries import Binaries, NoPostgres, find_binaries
from cets.adapters.postgres.check import UnfitServer, check_server
from cets.adapters.postgres.cluster import Cluster, ServerFailed
from cets.adapters.postgres.runner import CannotRun

__all__ = [
    "Binaries",
    "CannotRun",
    "Cluster",
    "NoPostgres",
    "ServerFailed",
    "UnfitServer",
    "check_server",
    "find_binaries",
]
