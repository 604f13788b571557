"""Jobs, and the commands that take files in."""

from cets.settings.base import *

DATABASES = databases("worker")
