"""How the words of a text are indexed."""

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func


class SimpleVector(Func):
    """`to_tsvector` with the configuration that knows no language: names and handles are not words."""

    function = "to_tsvector"
    template = "%(function)s('simple'::regconfig, %(expressions)s)"
    output_field = SearchVectorField()
