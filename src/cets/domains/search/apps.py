from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "cets.domains.search"
    default_auto_field = "django.db.models.BigAutoField"
