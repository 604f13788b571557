"""How a process reaches the database: always as a restricted role, `owner` only for migrations and backup."""

import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from cets.settings.types import Instance

#: The owner's connection string to the embedded server, in the environment of the owner's own commands only.
OWNER = "CETS_EMBEDDED_DSN"
#: Where the database is, without user and password: all that a restricted process is told.
PLACE = "CETS_DATABASE_PLACE"


def connection(instance: Instance, process: str) -> dict[str, Any]:
    """Return Django's settings of one connection."""
    parts = dict(conninfo_to_dict(server(instance) if process == "owner" else place(instance)))
    if process != "owner":
        parts["user"] = f"{instance.secrets['role_prefix']}_{process}"
        parts["password"] = instance.secrets["role_passwords"][process]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "cets"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        # Values go apart from the statement: its text is told to every session of the same role (`pg_stat_activity`).
        "OPTIONS": {"application_name": f"cets-{process}", "server_side_binding": True, **parts},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": None},
    }


def server(instance: Instance) -> str:
    """Return the owner's connection string: DATABASE_URL, else the embedded server.

    Whoever started that one says in `CETS_EMBEDDED_DSN` where it listens (`sites.console.runtime`).
    """
    if instance.database_url:
        return instance.database_url
    return os.environ[OWNER]


def place(instance: Instance) -> str:
    """Return where the database is, and not who may do everything there."""
    told = os.environ.get(PLACE)
    if told is not None:
        return told
    parts = conninfo_to_dict(server(instance))
    return make_conninfo(
        **{name: str(value) for name, value in parts.items() if name not in {"user", "password", "passfile"}}
    )
