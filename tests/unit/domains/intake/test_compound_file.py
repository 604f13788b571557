"""Compound files: what is written is read again, and no chain of sectors leads anywhere for long."""

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cets.domains.intake.compound_file import CompoundFile, Entry, NotReadable, has_in_root, names_in_root
from unit.domains.intake.compound_samples import Storage, compound

_NAMES = st.text("abcxyz_ 0123\u0416", min_size=1, max_size=20)
_STREAMS = st.one_of(
    st.binary(max_size=200),
    st.integers(4000, 9000).map(lambda size: bytes(size // 2) + b"k" * (size - size // 2)),
)
_TREES = st.recursive(
    st.dictionaries(_NAMES.map(str.lower), _STREAMS, max_size=5),
    lambda inner: st.dictionaries(_NAMES.map(str.lower), st.one_of(_STREAMS, inner), max_size=5),
    max_leaves=8,
)


def tree(opened: CompoundFile, storage: Entry) -> Storage:
    return {
        name: tree(opened, entry) if entry.is_storage else opened.read(entry, 1 << 24)
        for name, entry in opened.inside(storage).items()
    }


@settings(max_examples=60, deadline=None)
@given(_TREES, st.sampled_from([9, 12]))
def test_what_is_written_is_read_again(root: Storage, shift: int) -> None:
    opened = CompoundFile(io.BytesIO(compound(root, shift=shift)))
    assert tree(opened, opened.root) == root
    assert not opened.remarks


def test_a_file_whose_table_does_not_fit_in_the_head_is_read_to_its_end() -> None:
    content = random.Random(7).randbytes(8_500_000)
    opened = CompoundFile(io.BytesIO(compound({"large": content, "small": b"end"})))
    assert tree(opened, opened.root) == {"large": content, "small": b"end"}


def test_what_lies_in_the_root_tells_a_format() -> None:
    data = compound({"One": b"1", "Inner": {"two": b"2"}})
    head = data[:600] + names_in_root(io.BytesIO(data))
    assert has_in_root(head, "one", "inner")
    assert not has_in_root(head, "two")
    assert not has_in_root(b"no" + head, "one")
    assert names_in_root(io.BytesIO(data[:700])) == b""


def test_a_stream_that_is_cut_is_read_as_far_as_it_goes_and_said() -> None:
    # The directory and the table come last in a file of this writer: the stated size is what is wrong here.
    data = bytearray(compound({"stream": b"k" * 5000}))
    at = data.index("stream".encode("utf-16-le")) + 120
    data[at : at + 4] = (6000).to_bytes(4, "little")
    opened = CompoundFile(io.BytesIO(bytes(data)))
    (entry,) = opened.inside(opened.root).values()
    assert opened.read(entry, 1 << 20).rstrip(b"\0") == b"k" * 5000
    assert opened.remarks == ["The stream “stream” is shorter than it says; what is there was read"]


def test_circles_end() -> None:
    data = bytearray(compound({"stream": b"k" * 600_000}))
    opened = CompoundFile(io.BytesIO(bytes(data)))
    table = data.index((1).to_bytes(4, "little") + (2).to_bytes(4, "little") + (3).to_bytes(4, "little"))
    data[table + 40 : table + 44] = (2).to_bytes(4, "little")  # sector 10 leads back to the third
    directory = data.index("stream".encode("utf-16-le"))
    data[directory + 68 : directory + 76] = (1).to_bytes(4, "little") * 2  # the entry is its own neighbour
    opened = CompoundFile(io.BytesIO(bytes(data)))
    (entry,) = opened.inside(opened.root).values()
    for _ in range(20):
        assert len(opened.read(entry, 1 << 24)) <= 600_000
    assert opened.read(entry, 1 << 24) == b"", "no more is read than a few times the file"


@pytest.mark.parametrize(
    "data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
)
def test_what_is_no_compound_file_is_refused(data: bytes) -> None:
    with pytest.raises(NotReadable):
        CompoundFile(io.BytesIO(data))
