from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "cets.domains.intake"
    default_auto_field = "django.db.models.BigAutoField"
