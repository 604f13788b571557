"""Every address of the desk. None holds a value of a record; ids are random."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
