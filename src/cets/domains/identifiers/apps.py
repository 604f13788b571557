from django.apps import AppConfig


class IdentifiersConfig(AppConfig):
    name = "cets.domains.identifiers"
    default_auto_field = "django.db.models.BigAutoField"
