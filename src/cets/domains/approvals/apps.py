from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "cets.domains.approvals"
    default_auto_field = "django.db.models.BigAutoField"
