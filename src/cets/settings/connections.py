"""How a process reaches the database: always as a restricted role, `owner` only for migrations and backup."""

import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from cets.settings.types import Instance


def connection(instance: Instance, process: str) -> dict[str, Any]:
    """Return Django's settings of one connection."""
    parts = dict(conninfo_to_dict(server(instance)))
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
        "OPTIONS": {"application_name": f"cets-{process}", **parts},
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
    return os.environ["CETS_EMBEDDED_DSN"]
