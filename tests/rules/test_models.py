"""Every field says how sensitive it is; models and migrations are one; permissions and roles account for each other."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command

from cets.access.permissions import Permission
from cets.access.roles import ROLES

WORDS = {"open", "personal", "victim", "evidence", "secret"}
OURS = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("cets.")]


def test_the_walk_sees_the_models() -> None:
    assert {"Report", "Holding", "Hit", "Event", "Entry"} <= {model.__name__ for model in OURS}


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_every_field_says_how_sensitive_it_is(model: Any) -> None:
    said = dict(getattr(model, "sensitivity", {}))
    fields = {field.name for field in model._meta.concrete_fields + model._meta.many_to_many}
    assert not fields - set(said), (
        f"{model._meta.label}: say in `sensitivity` how sensitive these are: {sorted(fields - set(said))}"
    )
    assert not set(said) - fields, (
        f"{model._meta.label}: `sensitivity` names fields that are gone: {sorted(set(said) - fields)}"
    )
    unknown = {name: word for name, word in said.items() if word not in WORDS}
    assert not unknown, f"{model._meta.label}: {unknown}; the words are {sorted(WORDS)}"


def test_a_field_that_says_nothing_is_named() -> None:
    fields = [SimpleNamespace(name=name) for name in ("id", "new")]
    meta = SimpleNamespace(label="a.Model", many_to_many=[], concrete_fields=fields)
    model = SimpleNamespace(sensitivity={"id": "open", "gone": "open"}, _meta=meta)
    with pytest.raises(AssertionError, match="new"):
        test_every_field_says_how_sensitive_it_is(model)


def test_models_and_migrations_are_one(module_db: str, as_process: Any) -> None:
    try:
        with as_process("owner"):
            call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit as stop:
        pytest.fail(f"Models changed without a migration: run makemigrations (status {stop.code}).")


def test_every_permission_belongs_to_a_role() -> None:
    held = frozenset().union(*(role.permissions for role in ROLES.values()))
    assert not set(Permission) - held, (
        f"No role holds {sorted(set(Permission) - held)}: give it to one in access/roles.py or drop it."
    )


@pytest.mark.parametrize("name", ROLES)
def test_every_role_is_told_in_words(name: str) -> None:
    role = ROLES[name]
    assert str(role.caption), f"{name} needs a caption."
    assert len(str(role.description)) > 20, f"{name} needs a description that a non-developer can read."


@pytest.mark.parametrize("name", ["administrator", "data_protection_officer", "deconfliction_officer"])
def test_who_looks_after_the_house_reads_no_report(name: str) -> None:
    reading = {
        Permission.REPORT_VIEW,
        Permission.SEARCH,
        Permission.ORIGINAL_OPEN,
        Permission.IDENTIFIER_REVEAL,
        Permission.HIT_SETTLE,
    }
    assert not ROLES[name].permissions & reading


def test_nobody_both_asks_for_everything_and_reads() -> None:
    """An administrator gives himself no case right: no role holds both."""
    for role in ROLES.values():
        assert not {Permission.ROLE_APPROVE, Permission.REPORT_VIEW} <= role.permissions, role.name
