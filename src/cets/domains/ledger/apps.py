from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "cets.domains.ledger"
    default_auto_field = "django.db.models.BigAutoField"
