"""Every event type is recorded somewhere and can be told in a sentence; every action records one, and its refusal writes nothing."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import cets.domains
from cets.audit import presenting

SOURCE = Path(cets.domains.__file__).parents[1]
DOMAINS = sorted(m.name for m in pkgutil.iter_modules(cets.domains.__path__))


def event_modules() -> Iterator[tuple[str, dict[str, str], tuple[str, ...]]]:
    """Yield each domain's event types: (domain, constant to type, EVENTS)."""
    for domain in DOMAINS:
        if (SOURCE / "domains" / domain / "events.py").exists():
            module = importlib.import_module(f"cets.domains.{domain}.events")
            yield (
                domain,
                {k: v for k, v in vars(module).items() if k.isupper() and isinstance(v, str)},
                module.EVENTS,
            )


MODULES = list(event_modules())
TYPES = [(domain, name, value) for domain, names, _ in MODULES for name, value in names.items()]


@pytest.mark.parametrize(("domain", "names", "listed"), MODULES, ids=[m[0] for m in MODULES])
def test_every_type_is_listed_and_named_after_its_domain(
    domain: str, names: dict[str, str], listed: tuple[str, ...]
) -> None:
    assert sorted(names.values()) == sorted(listed), f"{domain}/events.py: EVENTS must hold every type once."
    for value in listed:
        assert value.split(":")[0] == domain, f"{value}: its first word is the domain, {domain}."
        assert value.count(":") == 2, f"{value}: a type is source:subject:action."


def uses() -> set[tuple[str, str]]:
    """Return (domain, constant) of every event type that code outside events.py names."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        if path.name == "events.py":
            continue
        tree = ast.parse(path.read_text())
        aliases = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("cets.domains."):
                for name in node.names:
                    if name.name == "events":
                        aliases[name.asname or name.name] = node.module.split(".")[2]
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in aliases
            ):
                found.add((aliases[node.value.id], node.attr))
    return found


USED = uses()


@pytest.mark.parametrize(("domain", "name", "value"), TYPES, ids=[t[2] for t in TYPES])
def test_every_type_is_recorded_by_some_code(domain: str, name: str, value: str) -> None:
    assert (domain, name) in USED, (
        f"{value} is recorded by nobody: record it where it happens, or drop it from {domain}/events.py."
    )


def test_every_type_can_be_told() -> None:
    silent = presenting.without_sentence(value for _, _, value in TYPES)
    assert not silent, f"Give these a sentence in audit/presenting.py: {silent}"


# --- actions ------------------------------------------------------------------------------------------------------

#: Actions that record nothing themselves, each with the reason.
WITHOUT_EVENT = {
    "vault.actions.note_custody": "writes the custody chain, a record of its own as append-only as the audit",
    "vault.actions.record_sealed": "the same; its callers record which report was received or added to",
    "reports.actions.write_received": "part of intake.receive, which records each report",
}
_RECORDS = {"record", "record_many"}


def functions() -> dict[str, ast.FunctionDef]:
    """Return every function of the domains by `domain.module.name`."""
    found = {}
    for path in sorted((SOURCE / "domains").rglob("*.py")):
        parts = path.relative_to(SOURCE / "domains").with_suffix("").parts
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                found[".".join((*parts, node.name))] = node
    return found


FUNCTIONS = functions()


def calls(node: ast.AST) -> set[str]:
    """Return the last names of everything that a function calls."""
    names = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            target = one.func
            names.add(
                target.attr
                if isinstance(target, ast.Attribute)
                else target.id
                if isinstance(target, ast.Name)
                else ""
            )
    return names


def records(name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Say whether a function records an event, itself or through what it calls (by name, within the domains)."""
    called = calls(FUNCTIONS[name])
    if called & _RECORDS:
        return True
    later = [n for n in FUNCTIONS if n.rsplit(".", 1)[1] in called and n not in seen and n != name]
    return any(records(n, seen | {name, *later}) for n in later)


ACTIONS = sorted(
    name
    for name, node in FUNCTIONS.items()
    if name.split(".")[1] in {"actions", "absences", "logins"}
    and not node.name.startswith("_")
    and "by" in {a.arg for a in node.args.kwonlyargs + node.args.args}
)


def test_the_walk_sees_the_actions() -> None:
    assert {
        "reports.actions.grade",
        "ledger.actions.assign",
        "deconfliction.actions.decide",
        "intake.actions.receive",
    } <= set(ACTIONS)


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_records_an_event(name: str) -> None:
    if name in WITHOUT_EVENT:
        assert not records(name), f"{name} records an event after all: take it out of WITHOUT_EVENT."
        return
    assert records(name), f"{name} takes `by` and records nothing: record an event in its transaction."


def test_no_exception_is_left_over() -> None:
    assert not set(WITHOUT_EVENT) - set(ACTIONS)


@pytest.mark.parametrize("name", ACTIONS)
def test_the_acting_one_is_named_at_the_call(name: str) -> None:
    assert "by" in {a.arg for a in FUNCTIONS[name].args.kwonlyargs}, f"{name}: `by` is keyword-only."
