"""The officers' browser application."""

from cets.settings.base import *

DATABASES = databases("desk")
