"""An instance is made whole or not at all, and words that are none are said in one sentence."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from resilience import harness

GOOD = "long and own 7"
FIRST = f"first@centre.example\nFirst\n{GOOD}\n{GOOD}\n"
SECOND = f"Second@centre.example\nSecond\n{GOOD}\n{GOOD}\n"


@pytest.fixture
def empty(server: str, worker_id: str) -> Iterator[str]:
    """An empty database on the server of the run; what `init` makes on it goes again."""
    name = f"cets_init_{worker_id}_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(
            sql.SQL("create database {} template template0 encoding 'UTF8'").format(sql.Identifier(name))
        )
        before = {role for (role,) in conn.execute("select rolname from pg_roles")}
        yield psycopg.conninfo.make_conninfo(server, dbname=name)
        conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        for (role,) in conn.execute(
            "select rolname from pg_roles where rolname ~ '^cets_[0-9a-f]{6}_'"
        ).fetchall():
            if role not in before:
                conn.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))


@pytest.fixture(scope="module")
def module_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return harness.make_home(tmp_path_factory.mktemp("words") / "home", "ESX")


def init(folder: Path, url: str, answers: str, status: int) -> str:
    done = harness.run(
        "init", "--home", folder / "home", "--keys", folder / "keys", input=answers.encode(), stdin=None, start_new_session=True,
        env=harness.environment(DATABASE_URL=url), status=status,
    )  # fmt: skip
    return done.stderr.decode()


def is_untouched(folder: Path, url: str) -> bool:
    with psycopg.connect(url) as conn:
        found = conn.execute(
            "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
        ).fetchone()
    return not any(folder.iterdir()) and found == (0,)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (FIRST + "FIRST@centre.example\n", "is the first administrator already"),
        (" \n \nno mail\n", "e-mail address of plain letters"),
        ("first@centre.example\n\u200b\n", "An officer has a name"),
        ("first@centre.example\nFirst\n\n\n", "at least 12 characters"),
        ("first@centre.example\nFirst\nshort678\nshort678\n", "at least 12 characters"),
        ("first@centre.example\nFirst\nqwertyuiop123\nqwertyuiop123\n", "none of those that many people use"),
        (f"first@centre.example\nFirst\n{GOOD}\n{GOOD} \n", "not the same"),
    ],
)
def test_a_wrong_answer_changes_nothing(tmp_path: Path, empty: str, answers: str, said: str) -> None:
    told = init(tmp_path, empty, answers, status=2 if "already" in said else 1)

    assert said in told
    assert "Traceback" not in told
    assert is_untouched(tmp_path, empty)


def test_right_answers_make_it_and_a_second_one_is_refused(tmp_path: Path, empty: str) -> None:
    init(tmp_path, empty, FIRST + SECOND, status=0)
    with psycopg.connect(empty) as conn:
        names = conn.execute(
            "select name, has_one_time_password from agencies_login order by name"
        ).fetchall()
    assert names == [("first@centre.example", True), ("second@centre.example", True)]

    (tmp_path / "other").mkdir()
    told = init(tmp_path / "other", empty, FIRST + SECOND, status=1)
    assert "holds the tables of an instance already" in told
    assert not any((tmp_path / "other").iterdir())
    told = harness.run(
        "init", "--home", tmp_path / "third", "--keys", tmp_path / "keys", env=harness.environment(DATABASE_URL=empty), status=1
    ).stderr.decode()  # fmt: skip
    assert "name a folder without keys" in told
    assert (tmp_path / "keys/vault.age").exists()


def test_what_fails_half_way_is_taken_back_and_what_remains_is_said(tmp_path: Path, empty: str) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/mine.txt").write_text("mine")
    with psycopg.connect(empty, autocommit=True) as conn:  # in the way of a table that is made late
        conn.execute("create table search_search (mine int)")

    told = init(tmp_path, empty, FIRST + SECOND, status=1)

    assert "The instance was not made; its home folder and its keys are taken away again." in told
    assert "may remain" in told
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["keys", "mine.txt"]


def test_a_duty_team_that_nobody_can_reach_is_said_and_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    harness.run("init", "--demo-keys", "--home", home)
    add = ["agency", "add", "--country", "GB", "--home", home, "--json"]

    silent = harness.run(*add, "ESX", "--name", "Eastshire")
    assert harness.lines(silent) == [{"agency": "ESX", "name": "Eastshire", "country": "GB"}]
    assert b"Nobody can reach the duty team of ESX yet" in silent.stderr
    for number, way in enumerate((["--phone", "+44 1632 960100"], ["--email", "duty@nmr.example"])):
        assert not harness.run(*add, f"NM{number}", "--name", f"North {number}", *way).stderr

    (found,) = (
        one
        for one in harness.lines(harness.run("doctor", "--home", home, "--json", status=None))
        if one["check"] == "duty teams"
    )
    assert found["state"] == "note"
    assert "that of CENTRE, ESX:" in found["found"]
    again = harness.run(*add, "EAS", "--name", "EASTSHIRE", status=1)
    assert b"Another agency is called EASTSHIRE" in again.stderr


# --- words that are none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [["report", "show", b"CETS\xff"], ["search", b"\xff\xfe"], ["search", "x", "--ref", b"\xff"], ["hits", "--agency", b"\xff"],
     ["hits", "--as", b"\xff"], ["agency", "add", "ESX", "--country", "GB", "--name", b"a\xff"], ["ingest", "-", "--purpose", b"\xff"]],
)  # fmt: skip
def test_a_word_that_is_no_text_is_said(tmp_path: Path, words: list[str | bytes]) -> None:
    given = [word if isinstance(word, str) else os.fsdecode(word) for word in words]

    done = harness.run(*given, "--home", tmp_path / "home", status=2)

    assert b"is not UTF-8 text" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [(["search", "\u200b"], b"nothing to search for"), (["search", "x", "--purpose", "\u202e\u200b"], b"The purpose is recorded")],
)  # fmt: skip
def test_words_that_nobody_sees_are_none(module_home: Path, words: list[str], said: bytes) -> None:
    done = harness.run(*words, "--agency", "ESX", "--home", module_home, status=2)

    assert said in done.stderr


@pytest.mark.parametrize("words", [["--home", ""], ["--home="]])
@pytest.mark.parametrize("command", [["init", "--demo-keys"], ["hits", "--agency", "ESX"], ["doctor"]])
def test_an_empty_home_is_not_the_folder_one_stands_in(
    tmp_path: Path, words: list[str], command: list[str]
) -> None:
    done = harness.run(*command, *words, cwd=tmp_path, status=2)

    assert b"--home is empty" in done.stderr
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content", ["mode = ", 'mode = "demo"\nkeys_dir = "keys"\nstore_url = "file:///x"\n']
)
def test_settings_that_cannot_be_used_are_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "cets.toml").write_text(content)

    done = harness.run("hits", "--agency", "ESX", "--home", tmp_path, status=1)

    assert len(done.stderr.splitlines()) == 1, done.stderr.decode()
    assert str(tmp_path / "cets.toml") in done.stderr.decode()
