"""House rules of the source that no linter of ours holds: walked over the syntax tree."""

import ast
from collections import Counter
from pathlib import Path

import pytest

import cets

SOURCE = Path(cets.__file__).parent
FILES = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
LONGEST = 450

#: Modules longer than LONGEST lines, each with the reason. Split by subject before adding one.
LONG_MODULES: dict[str, str] = {
    "sites/console/commands.py": "one short function for each command, mostly its options",
    "sites/desk/views/hits.py": "the hit page and the steps taken from it; to be split when another step comes",
}
#: Signals are invisible calls; the framework's own may be listened to here, with the reason.
MAY_LISTEN: dict[str, str] = {}


def label(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


TREES = {label(p): ast.parse(p.read_text()) for p in FILES}


def names_called(tree: ast.AST) -> list[tuple[str, int]]:
    return [
        (node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    ]


def prints(tree: ast.AST) -> list[int]:
    return [
        n.lineno
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "print"
    ]


def signals(tree: ast.AST) -> list[int]:
    found = [
        n.lineno
        for n in ast.walk(tree)
        if isinstance(n, ast.ImportFrom)
        and n.module
        and (n.module.endswith(".signals") or n.module == "django.dispatch")
    ]
    return found + [line for name, line in names_called(tree) if name == "receiver"]


def own_saves(tree: ast.AST) -> list[str]:
    return [
        f"{cls.name}.{method.name}"
        for cls in ast.walk(tree)
        if isinstance(cls, ast.ClassDef) and any("Model" in ast.unparse(base) for base in cls.bases)
        for method in cls.body
        if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete", "bulk_create"}
    ]


def test_nothing_prints() -> None:
    found = [f"{name} line {line}" for name, tree in TREES.items() for line in prints(tree)]
    assert not found, f"Use sites.console.output or the log, not print: {found}"


def test_nothing_listens_to_signals() -> None:
    found = [
        f"{name} line {line}"
        for name, tree in TREES.items()
        if name not in MAY_LISTEN
        for line in signals(tree)
    ]
    assert not found, f"Call what should happen; signals hide it: {found}"


def test_no_logic_hides_in_save() -> None:
    found = [f"{name}: {method}" for name, tree in TREES.items() for method in own_saves(tree)]
    assert not found, f"Writes are actions; these belong into actions.py or a constraint: {found}"


def test_modules_stay_short() -> None:
    lines = {label(path): len(path.read_text().splitlines()) for path in FILES}
    long = {name: n for name, n in lines.items() if n > LONGEST and name not in LONG_MODULES}
    assert not long, f"Longer than {LONGEST} lines: {long}. Make each a package with the same import path."
    short = [name for name in LONG_MODULES if lines.get(name, 0) <= LONGEST]
    assert not short, f"Short again, take out of LONG_MODULES: {short}"


def test_test_modules_have_names_of_their_own() -> None:
    """Of two with one name pytest takes the first, and fails on the other only where both are asked for."""
    names = Counter(path.name for path in Path(__file__).parents[1].rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []


def test_no_module_is_called_utils() -> None:
    assert not [label(p) for p in FILES if p.stem in {"utils", "helpers", "common", "misc"}]


def test_exceptions_are_not_left_over() -> None:
    assert not (set(LONG_MODULES) | set(MAY_LISTEN)) - set(TREES)


@pytest.mark.parametrize(
    ("source", "check"),
    [
        ("print('x')", prints),
        ("from django.db.models.signals import post_save", signals),
        ("@receiver(x)\ndef f(): pass", signals),
        ("class A(models.Model):\n    def save(self): pass", own_saves),
    ],
)
def test_a_planted_fault_is_seen(source: str, check: object) -> None:
    assert check(ast.parse(source))  # type: ignore[operator]


@pytest.mark.parametrize("name", [n for n in TREES if n.startswith("domains/") and n.endswith("/models.py")])
def test_models_are_written_by_their_own_domain_or_one_below(name: str) -> None:
    """Sites translate; they save nothing. (Layers between domains are import-linter's.)"""
    domain = name.split("/")[1]
    models = {n.name for n in TREES[name].body if isinstance(n, ast.ClassDef)}
    for other, tree in TREES.items():
        if not other.startswith("sites/"):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"create", "bulk_create", "get_or_create", "update_or_create"}
            ):
                text = ast.unparse(node.func)
                if (
                    any(text.startswith(f"{model}.objects") for model in models)
                    and text != "ViewerKey.objects.create"
                ):
                    pytest.fail(f"{other} line {node.lineno}: {text} belongs into {domain}/actions.py.")
