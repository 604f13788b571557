"""Every way in which the corpus writes an identifier of every kind: `FORMS[kind][form]`."""

from bench.extraction_corpus.forms import (  # noqa: F401 - each fills FORMS
    devices,
    mail,
    money_and_files,
    network,
    people,
    telephone,
)
from bench.extraction_corpus.forms.base import FORMS, Form, Written
from bench.extraction_corpus.forms.dressed import dress_all

__all__ = ["FORMS", "Form", "Written"]

dress_all()
