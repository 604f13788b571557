"""What granian serves: `granian --interface wsgi cets.sites.desk.wsgi:application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cets.settings.desk")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
