from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "cets.domains.reports"
    default_auto_field = "django.db.models.BigAutoField"
