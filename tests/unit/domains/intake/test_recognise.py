"""Which source reads a file is told by its content; what nobody claims is nobody's."""

import pytest

from cets.domains.intake.sources import all_sources, recognise


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"", None),
        (b"\x00" * 64, None),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, None),
        (b"SQLite format 3\x00" + b"\x00" * 50, None),
        (b'{"a": 1}', None),
        (b'[{"a": "b, c"},\n{"a": "d, e"}]', None),
        (b"<?xml version='1.0'?><a/>", None),
        (b"<!DOCTYPE html><p>a@mail.example</p>", "web_page"),
        ('\ufeff{"a": 1, "b": 2}'.encode("utf-16"), None),
        (b"name,email\nA,a@mail.example\n", "csv"),
        (b"name,email\nA\x00,a@mail.example\nB,b@mail\x00.example\nC,\x00c@mail.example\n", "csv"),
        (b"write to kea\x00@mail.example ok", "text"),
        (b"write to kea@mail.example" + b"\x00" * 40, "text"),
        (b"ab\x00cd\x00ef\x00gh", None),
        (b"kea\x00\x01 mail with one more sign of control in it", None),
        (b"\xc3\x28\xa0\x00\xf1" * 20, None),
        (b"just a line with a@mail.example in it\n", "text"),
    ],
)
def test_by_content_alone(head: bytes, name: str | None) -> None:
    found = recognise(head, len(head))
    assert (found.name if found else None) == name


def test_the_surest_source_wins_and_none_raises_on_noise() -> None:
    noise = bytes(range(256)) * 20
    for start in range(0, 256, 7):
        recognise(noise[start:], len(noise))
        for source in all_sources().values():
            assert 0.0 <= source.recognises(noise[start:], len(noise)) <= 1.0
