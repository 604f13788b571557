"""Migrations, `cets init`, backup. Never at run time."""

from cets.settings.base import *

DATABASES = databases("owner")
