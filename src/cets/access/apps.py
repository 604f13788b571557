from django.apps import AppConfig

from cets.kernel import lookups


class AccessConfig(AppConfig):
    name = "cets.access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        lookups.register()
