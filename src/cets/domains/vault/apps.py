from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "cets.domains.vault"
    default_auto_field = "django.db.models.BigAutoField"
