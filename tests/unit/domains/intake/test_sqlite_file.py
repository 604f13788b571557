"""Databases that somebody else made: read from memory, whatever they hold, and never run."""

import io
import itertools
import sqlite3
import tempfile

import pytest

from cets.domains.intake import sources, sqlite_file
from cets.domains.intake.rows import AnyRow, Failed, NotUnderstood
from cets.domains.intake.sqlite_file import NotReadable, opened
from cets.domains.intake.sqlite_head import MAGIC, has_tables, list_of_tables
from unit.domains.intake.sqlite_samples import database

NOTES = "create table notes(id integer primary key, words text, amount);"


def notes(*words: object, script: str = NOTES, page_size: int = 1024) -> bytes:
    return database(
        script, [("notes", (n, one, n * 2)) for n, one in enumerate(words, 1)], page_size=page_size
    )


def read(data: bytes, table: str = "notes", columns: tuple[str, ...] = ("words",)) -> list[str]:
    with opened(io.BytesIO(data)) as found:
        return [record.text(columns[0]) for record in found.rows(table, columns)]


def told(row: AnyRow) -> str:
    assert isinstance(row, Failed | NotUnderstood)
    return row.reason if isinstance(row, Failed) else row.text


def remarks(data: bytes, table: str = "notes", columns: tuple[str, ...] = ("words",)) -> str:
    """Return what the receipt says of a database after one of its tables was read."""
    with opened(io.BytesIO(data)) as found:
        list(found.rows(table, columns))
        rows = list(found.rest({table: columns}))
    return "\n".join(told(row) for row in rows)


def test_rows_come_in_order_with_their_place_and_only_the_columns_that_are_there() -> None:
    with opened(io.BytesIO(notes("a", "b"))) as found:
        first, second = found.rows("notes", ("words", "amount", "missing"))
    assert (first["words"], first["amount"], first["missing"]) == ("a", 2, None)
    assert second.place == "row 2 of table notes"
    assert "missing" not in second.cells
    assert second.number("amount") == 4
    with opened(io.BytesIO(notes("a"))) as found:
        assert list(found.rows("no such table", ("words",))) == []


def test_a_file_with_a_descriptor_is_read_where_it_lies_and_not_changed() -> None:
    data = bytearray(notes("a"))
    data[18] = data[19] = 2
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        with open(file.fileno(), "rb", closefd=False) as again, opened(again) as found:
            assert [r.text("words") for r in found.rows("notes", ("words",))] == ["a"]
        file.seek(0)
        assert file.read() == data


def test_a_write_ahead_log_that_is_missing_and_free_pages_are_said() -> None:
    data = bytearray(notes(*("long text " * 40 for _ in range(50))))
    data[18] = data[19] = 2
    assert "-wal" in remarks(bytes(data))
    connection = sqlite3.connect(":memory:")
    connection.deserialize(notes(*("long text " * 40 for _ in range(50))))
    connection.execute("delete from notes where id > 5")
    connection.commit()
    said = remarks(connection.serialize())
    assert "free pages" in said
    assert "deleted" in said


@pytest.mark.parametrize("cut", [150, 1024, 3000, 9_000, 20_000])
def test_of_a_cut_file_what_is_there_is_read(cut: int) -> None:
    data = notes(*(f"line {n} " + "x" * 300 for n in range(100)))
    assert len(data) > 30_000
    try:
        found = read(data[:cut])
    except NotReadable:
        assert cut < 3000
        return
    assert found == [f"line {n} " + "x" * 300 for n in range(len(found))]
    said = remarks(data[:cut])
    assert "The file is cut" in said
    assert "The database is damaged: table notes could" in said


def test_damage_in_one_table_leaves_the_others() -> None:
    script = NOTES + "create table others(id integer primary key, words text);"
    rows = [("notes", (n, "x" * 300, 0)) for n in range(1, 100)] + [("others", (1, "whole"))]
    data = bytearray(database(script, rows))
    with opened(io.BytesIO(bytes(data))) as found:
        last = list(found.rows("notes", ("words",)))[-1]
    at = data.index(b"x" * 300, len(data) // 2) // 1024 * 1024
    data[at : at + 1024] = b"\xff" * 1024
    assert 0 < len(read(bytes(data))) < last.row
    assert read(bytes(data), "others") == ["whole"]
    assert "damaged" in remarks(bytes(data))


def test_a_row_that_is_too_long_is_passed_over_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "LONGEST_ROW", 5_000)
    data = notes("first", "y" * 20_000, "third")
    assert read(data) == ["first", "third"]
    assert "row 2 of table notes is too long to be read" in remarks(data)


def test_text_that_is_none_and_blobs_are_said_by_their_place() -> None:
    data = notes("good", b"\xff\xfe\x00blob", b"text as blob")
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    connection.execute("update notes set words = cast(x'41ff42' as text) where id = 1")
    connection.commit()
    broken = connection.serialize()
    assert read(broken) == ["A\ufffdB", "", "text as blob"]
    said = remarks(broken)
    assert "row 1 of table notes: some bytes are no text" in said
    assert "row 2 of table notes, column words: 7 bytes that are no text" in said


def test_many_remarks_of_one_sort_are_counted() -> None:
    said = remarks(notes(*(b"\xff\xff" for _ in range(60))))
    assert said.count("bytes that are no text.") == 20
    assert "40 more rows like these" in said


def test_columns_and_tables_that_nobody_read_are_named_when_they_hold_something() -> None:
    script = NOTES + "create table empty(a); create table full(a); create table known(a);"
    data = database(script, [("notes", (1, "a", 2)), ("full", (1,)), ("known", (1,))])
    with opened(io.BytesIO(data)) as found:
        said = [told(row) for row in found.rest({"notes": ("id", "words")}, {"known"})]
    assert said == ["Columns that are not read: amount.", "Tables that are not read: full."]


def test_views_triggers_virtual_tables_and_generated_columns_have_no_part_in_it() -> None:
    script = """
    create table t(id integer primary key, words text, made text generated always as (upper(words)) virtual);
    create view notes as with recursive n(i) as (select 1 union all select i + 1 from n) select i as id, 'x' as words from n;
    create view more as select words from t;
    create trigger wake after insert on t begin delete from t; end;
    create virtual table found using fts5(words);
    """
    connection = sqlite3.connect(":memory:")
    connection.executescript(script + "drop trigger wake; insert into t(words) values ('quiet');")
    connection.execute("create trigger wake after update on t begin delete from t; end")
    connection.commit()
    with opened(io.BytesIO(connection.serialize())) as found:
        assert "notes" not in found.tables
        assert "found" not in found.tables
        assert found.tables["t"] == ("id", "words")
        assert list(found.rows("notes", ("words",))) == []
        assert [r.text("words") for r in found.rows("t", ("words", "made"))] == ["quiet"]


@pytest.mark.parametrize(
    "statement",
    [
        "delete from notes", "update notes set words = ''", "attach database ':memory:' as other", "create table x(a)", "select load_extension('x')",
        "pragma writable_schema = off", "select randomblob(10)", "vacuum", "drop table notes",
    ],
)  # fmt: skip
def test_nothing_can_be_done_with_it_but_to_read(statement: str) -> None:
    with opened(io.BytesIO(notes("a"))) as found, pytest.raises(sqlite3.DatabaseError):
        found.connection.execute(statement)


def test_a_row_is_found_by_its_key_only_where_that_is_the_row_id() -> None:
    script = "create table good(id integer primary key, v); create table bad(id integer, v);"
    data = database(script, [("good", (7, "x")), ("bad", (7, "y")), ("bad", (2, "z"))])
    with opened(io.BytesIO(data)) as found:
        good = found.get("good", 7, ("v",), key="id")
        assert good is not None
        assert good["v"] == "x"
        assert found.get("good", 8, ("v",), key="id") is None
        assert found.get("good", None, ("v",), key="id") is None
        assert found.get("good", 1 << 70, ("v",), key="id") is None
        assert found.get("bad", 7, ("v",), key="id") is None
        assert found.get("none", 7, ("v",), key="id") is None


def test_pages_that_lead_back_to_themselves_end() -> None:
    """A tree whose branches all lead to the same leaf would go on for ever."""
    data = bytearray(notes(*(f"line {n} " + "x" * 200 for n in range(200)), page_size=512))
    with opened(io.BytesIO(bytes(data))) as found:
        root = found.connection.execute("select rootpage from sqlite_schema where name = 'notes'").fetchone()[
            0
        ]
    start = (root - 1) * 512
    assert data[start] == 5
    cells = int.from_bytes(data[start + 3 : start + 5], "big")
    for index in range(cells):
        at = start + int.from_bytes(data[start + 12 + 2 * index : start + 14 + 2 * index], "big")
        data[at : at + 4] = data[start + 8 : start + 12]
    assert len(read(bytes(data))) <= 200
    assert "damaged" in remarks(bytes(data))


@pytest.mark.parametrize(
    "data",
    [b"", MAGIC, MAGIC + b"\0" * 84, MAGIC + b"\x04\x00" + b"\xff" * 4000, notes("a")[:99], b"x" * 2000],
)
def test_what_is_no_database_says_so(data: bytes) -> None:
    with pytest.raises(NotReadable), opened(io.BytesIO(data)):
        pass


def test_a_database_that_is_too_large_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "LARGEST", 1_000)
    with pytest.raises(NotReadable, match="larger than"), opened(io.BytesIO(notes("a"))):
        pass


def test_the_list_of_tables_is_found_wherever_it_lies() -> None:
    script = "".join(
        f"create table filler{n}(a, b, c, {', '.join(f'column{m}' for m in range(40))});" for n in range(60)
    )
    data = database(script + NOTES + "create table notes_more(a);", page_size=512)
    assert not has_tables(data[:1024], "notes")
    assert has_tables(MAGIC + list_of_tables(io.BytesIO(data), len(data)), "notes", "filler59")
    assert not has_tables(MAGIC + list_of_tables(io.BytesIO(data), len(data)), "note")
    head = sources.head_of(io.BytesIO(data), len(data))
    assert has_tables(head, "notes_more")
    assert not has_tables(b"not a database: create table notes(a)", "notes")


@pytest.mark.parametrize(
    "statement",
    [
        'create table "notes"(a)',
        "CREATE TABLE [notes] (a)",
        "create  table\n notes(a)",
        "create table `notes`(a)",
        "create table if not exists notes(a)",
    ],
)
def test_the_name_of_a_table_is_known_in_any_writing(statement: str) -> None:
    data = database(statement)
    assert has_tables(sources.head_of(io.BytesIO(data), len(data)), "notes")
    wide = database("pragma encoding = 'UTF-16le';" + statement)
    assert has_tables(sources.head_of(io.BytesIO(wide), len(wide)), "notes")


def test_a_list_of_tables_that_leads_in_circles_ends() -> None:
    data = bytearray(database("".join(f"create table t{n}(a, b, c);" for n in range(100)), page_size=512))
    assert data[100] == 5
    data[108:112] = (1).to_bytes(4, "big")
    for end in itertools.chain(range(0, 700, 7), [len(data)]):
        list_of_tables(io.BytesIO(bytes(data[:end])), end)
        sources.recognise(sources.head_of(io.BytesIO(bytes(data[:end])), end), end)
