"""The embedded server's settings: a small machine, a socket, passwords, and no data in its log."""

import os
import sys
from pathlib import Path

MEGABYTE = 1024 * 1024
LEAST_BUFFERS_MB, MOST_BUFFERS_MB = 64, 512

# Only the socket, and a password even there.
ACCESS_RULES = "local all all scram-sha-256\n"

FIXED = """
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 60
fsync = on
full_page_writes = on
synchronous_commit = on
wal_level = minimal
max_wal_senders = 0
min_wal_size = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
TimeZone = 'UTC'
log_timezone = 'UTC'
# Messages of failed statements quote values; the log keeps only what the server says of itself.
log_min_messages = log
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
log_checkpoints = off
"""


def render(socket_folder: Path) -> str:
    """Return the settings file for this machine."""
    memory = _memory_mb()
    buffers = max(LEAST_BUFFERS_MB, min(MOST_BUFFERS_MB, memory // 8))
    return (
        "# Written anew at each start. Do not edit: set DATABASE_URL to a server of your own instead.\n"
        f"{FIXED}"
        f"shared_buffers = {buffers}MB\n"
        f"effective_cache_size = {max(buffers, memory // 2)}MB\n"
        f"unix_socket_directories = '{socket_folder}'\n"
    )


def initdb_arguments(major: int) -> list[str]:
    """Return how a cluster is made so that it sees every script, whatever the environment's locale is."""
    shared = ["--encoding=UTF8", "--username=postgres", "--auth-local=scram-sha-256", "--auth-host=reject"]
    # macOS has no C.UTF-8; its LC_CTYPE "UTF-8" classifies letters the same way.
    locale = ["--locale=C", "--lc-ctype=UTF-8"] if sys.platform == "darwin" else ["--locale=C.UTF-8"]
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []  # noqa: PLR2004
    return [*shared, *builtin, *locale]


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
