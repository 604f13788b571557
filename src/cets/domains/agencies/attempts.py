"""Counts of sign-in attempts, kept where every desk process sees them and a restart does not forget them.

It has the shape of Django's cache, which the sign-in library counts in. Django's own cache table holds pickles: who may
write to it runs code in the desk. Here a value is JSON, and a row names nobody: its key is a digest under the desk's secret.
"""

import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils.crypto import salted_hmac

_PUT = (
    "insert into agencies_attempt (key, value, expires_at) values (%s, %s, clock_timestamp() + make_interval(secs => %s))"
    " on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at"
)
#: A few at a time and none that somebody else holds, so that no two clean-ups wait for each other.
_SWEEP = (
    "delete from agencies_attempt where key in (select key from agencies_attempt where expires_at <= clock_timestamp()"
    " limit 100 for update skip locked)"
)


class SharedCounts(BaseCache):
    """Django's cache, as far as counting needs it: values are JSON and every one expires."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set it where nothing is that still counts; say whether that was so. Of two who try at once, one does."""
        return self._put(
            f"{_PUT} where agencies_attempt.expires_at <= clock_timestamp()", key, value, timeout, version
        )

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "select value from agencies_attempt where key = %s and expires_at > clock_timestamp()",
                [self._row(key, version)],
            )
            row = cursor.fetchone()
        return json.loads(row[0]) if row else default

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._put(_PUT, key, value, timeout, version)
        with connection.cursor() as cursor:
            cursor.execute(_SWEEP)

    def delete(self, key: Any, version: int | None = None) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("delete from agencies_attempt where key = %s", [self._row(key, version)])
            return bool(cursor.rowcount)

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("delete from agencies_attempt")

    def _put(self, statement: str, key: Any, value: Any, timeout: Any, version: int | None) -> bool:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        with connection.cursor() as cursor:
            cursor.execute(statement, [self._row(key, version), json.dumps(value), seconds])
            return bool(cursor.rowcount)

    def _row(self, key: Any, version: int | None) -> str:
        return salted_hmac(
            "cets.attempts", self.make_key(key, version=version), algorithm="sha256"
        ).hexdigest()
