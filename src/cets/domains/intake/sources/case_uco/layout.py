"""Where the objects of a graph stand: in a list, alone, in a bundle, or within each other."""

from collections.abc import Iterator
from typing import Any

from cets.domains.intake.json_walk import escaped, first_of, text_of
from cets.domains.intake.sources.case_uco.node import local

#: Of a context, and of what a file begins with.
MOST_TERMS = 400
_USUAL = ("@graph", "uco-core:object", "core:object")
_MARKS = ("unifiedcyberontology.org", "caseontology.org")
#: What an object has that is more than a part of another.
_OF_AN_OBJECT = frozenset({"hasFacet", "kindOfRelationship"})


def is_ours(top: Any) -> bool:
    """Say whether a file's first value names the ontology: in its context, or written out in keys and types."""
    context = top.get("@context") if isinstance(top, dict) else None
    return any(mark in term for term in (*_terms(context), *_names(top)) for mark in _MARKS)


def records(top: Any) -> tuple[str, ...]:
    """Return the patterns of the objects of a file that begins like this."""
    if isinstance(top, list):
        return ("/*", *(f"/*{pattern}" for pattern in records(first_of(top))))
    inner = dict.fromkeys(_USUAL, "/*")
    for key, value in top.items() if isinstance(top, dict) else ():
        if key == "@graph" or (local(key) == "object" and "action" not in key):
            inner[key] = "" if isinstance(value, dict) else "/*"
    return tuple(f"/{escaped(key)}{step}" for key, step in inner.items())


def objects(value: Any, pointer: str) -> Iterator[tuple[Any, str]]:
    """Yield an object with its place, a reference in it for each object that stands within, and then these."""
    pending = [(value, pointer)]
    while pending:
        value, pointer = pending.pop()
        inner: list[tuple[Any, str]] = []
        yield _without(value, pointer, "", inner, is_part=False), pointer
        pending.extend(reversed(inner))


def _without(
    value: Any, pointer: str, key: str, inner: list[tuple[Any, str]], *, is_part: bool = True
) -> Any:
    if isinstance(value, list):
        return [_without(each, f"{pointer}/{index}", key, inner) for index, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if is_part and _is_object(value, key):
        identity = text_of(value.get("@id")) or f"_:{pointer}"
        inner.append(({**value, "@id": identity}, pointer))
        return {"@id": identity}
    return {
        name: each if name.startswith("@") else _without(each, f"{pointer}/{escaped(name)}", name, inner)
        for name, each in value.items()
    }


def _is_object(value: dict[str, Any], key: str) -> bool:
    names = frozenset(map(local, value))
    return bool(names & _OF_AN_OBJECT) or (local(key) == "object" and len(names - {"@id"}) > 1)


def _terms(context: Any) -> Iterator[str]:
    """Yield the addresses that a context names."""
    entries = context if isinstance(context, list) else [context]
    for entry in entries[:MOST_TERMS]:
        yield text_of(entry)
        for each in list(entry.values())[:MOST_TERMS] if isinstance(entry, dict) else ():
            yield text_of(each.get("@id")) if isinstance(each, dict) else text_of(each)


def _names(top: Any) -> Iterator[str]:
    """Yield the keys and types of the first object, and of the first of each list in it."""
    first = first_of(top) if isinstance(top, list) else top
    if not isinstance(first, dict):
        return
    for one in (first, *map(first_of, list(first.values())[:MOST_TERMS])):
        for key, value in list(one.items())[:MOST_TERMS] if isinstance(one, dict) else ():
            yield key
            if key == "@type":
                yield from map(text_of, value[:MOST_TERMS] if isinstance(value, list) else [value])
