"""Tests: every run-time role at hand; `default` is the desk's, as which most of the product runs."""

from cets.settings.base import *
from cets.settings.connections import connection

DATABASES = {
    "default": connection(CETS, "desk"),
    "matcher": connection(CETS, "matcher"),
    "owner": connection(CETS, "owner"),
}
for chosen in DATABASES.values():
    chosen["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
