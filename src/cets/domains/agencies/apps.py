from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "cets.domains.agencies"
    default_auto_field = "django.db.models.BigAutoField"
