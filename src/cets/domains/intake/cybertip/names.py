"""What a person of a report is called, and what stands in the place of a name: in a list of persons, often an address."""

from collections.abc import Iterator

from cets.domains.intake.cybertip import vocabulary
from cets.domains.intake.cybertip.owners import Subject
from cets.domains.intake.cybertip.record import Field, Node
from cets.domains.intake.reading import Reader
from cets.domains.intake.rows import AnyRow, Sighting

_FIELDS = ("fullName", "name", "alternateNames", "aliases", "alias", "value")
_SHORTEST = 5  # no identifier that is found in text is shorter
_AROUND = " \t\n,;:/|<>()[]-"


def called(reader: Reader, blocks: list[Node], subject: Subject) -> tuple[list[str], list[AnyRow]]:
    """Take the names out of a person's blocks; return them, and rows for the identifiers that stand among them."""
    names: list[str] = []
    rows: list[AnyRow] = []
    for fields in (fields for block in blocks for fields in _names(block)):
        parts = []
        for field in fields:
            found = list(_within(reader, field, subject))
            parts.append(_without(field.text, found))
            rows += found
        names.append(" ".join(filter(None, parts)))
    return list(dict.fromkeys(filter(None, names))), rows


def _names(block: Node) -> Iterator[list[Field]]:
    """Take the names of a person out of a block; the parts of one come together."""
    yield [field for name in vocabulary.NAMES for field in block.fields(name)]
    yield from ([field] for field in block.fields(*_FIELDS))


def _within(reader: Reader, field: Field, subject: Subject) -> Iterator[AnyRow]:
    if len(field.text) >= _SHORTEST:
        yield from reader.mentioned(
            field.text,
            place=field.place,
            way="declared" if len(field.text.split()) == 1 else "mentioned",
            role=subject.role,
            person=subject.person,
            platform=subject.platform,
            pivot=subject.pivot,
        )


def _without(text: str, rows: list[AnyRow]) -> str:
    """Return a name without the identifiers found in it: "Kim Larch (kim@post.example)" is called Kim Larch."""
    spans = [(row.start, row.end) for row in rows if isinstance(row, Sighting)]
    for start, end in sorted(((a, b) for a, b in spans if a is not None and b is not None), reverse=True):
        text = text[:start] + text[end:]
    return text.strip(_AROUND) if spans else text
