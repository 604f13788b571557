from django.apps import AppConfig


class DeconflictionConfig(AppConfig):
    name = "cets.domains.deconfliction"
    default_auto_field = "django.db.models.BigAutoField"
