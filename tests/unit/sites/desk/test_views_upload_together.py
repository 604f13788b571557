"""Files that are one report, through the desk: ticked without a script, and folders sent in several requests with one."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import factories
from cets.access.viewer import acting
from cets.domains.intake import rereading
from cets.domains.reports.models import Part, Report
from cets.kernel import clock
from unit.sites.desk.desk_nation import client


@pytest.fixture
def officer(db):
    return factories.officer(factories.agency("ESX"), "finch@esx.example", "analyst")


@pytest.fixture
def browser(officer):
    return client("finch@esx.example")


def send(browser, *files, paths=None, report="", headers=None):
    given = [SimpleUploadedFile(name, content) for name, content in files]
    body = {"level": "contact", "uploads": given, "together": "on", "report": report}
    if paths is not None:
        body["paths"] = paths
    return browser.post("/upload/", body, headers=headers or {})


def script(browser, *files, **how):
    return send(browser, *files, headers={"hx_request": "true"}, **how)


def parts(officer):
    with acting(factories.viewer(officer)):
        return list(
            Part.objects.order_by("report__reference", "number").values_list("report_id", "number", "name")
        )


def test_ticked_files_are_one_report_without_a_script(browser, officer, as_process):
    answer = send(
        browser,
        ("a.txt", b"kestrel@mail.example"),
        ("b.txt", b"and kestrel@mail.example again"),
        ("c.txt", b""),
    )

    assert answer.status_code == 302
    assert [(number, name) for _, number, name in parts(officer)] == [(1, "a.txt"), (2, "b.txt")]
    assert len({report for report, _, _ in parts(officer)}) == 1
    page = browser.get("/upload/").content.decode()
    assert "The file is empty. Nothing was kept." in page
    with as_process("worker"), factories.intake() as intake:
        viewer = factories.viewer(officer)
        with acting(viewer):
            waiting = list(Part.objects.filter(state="sealed").values_list("id", flat=True))
        rereading.read_again(waiting, reading=intake.reading, country="GB", by=viewer, at=clock.now())
        with acting(viewer):
            assert set(Part.objects.values_list("state", flat=True)) == {"read"}
            assert Report.objects.get().state == "read"


def test_not_ticked_each_file_is_a_report(browser, officer):
    given = [SimpleUploadedFile(name, name.encode()) for name in ("a.txt", "b.txt")]
    browser.post("/upload/", {"level": "contact", "uploads": given})
    assert len({report for report, _, _ in parts(officer)}) == 2


def test_the_page_asks_whether_files_are_one_report(browser):
    page = browser.get("/upload/").content.decode()
    assert "These files are one report" in page
    assert page.index('name="together"') < page.index('name="uploads"'), "met before the files by keyboard"
    assert "webkitdirectory" in page


def test_a_folder_in_several_requests_is_one_report(browser, officer):
    first = script(browser, ("a.txt", b"one"), ("a.txt", b"two"), paths=["seized/a.txt", "seized/in/a.txt"])
    report = first.headers["CETS-Report"]
    second = script(browser, ("c.txt", b"three"), paths=["seized/c.txt"], report=report)

    assert second.headers["CETS-Report"] == report
    assert [(str(one), number, name) for one, number, name in parts(officer)] == [
        (report, 1, "seized/a.txt"),
        (report, 2, "seized/in/a.txt"),
        (report, 3, "seized/c.txt"),
    ]
    assert first.content.decode().startswith("<div data-file-states")


def test_what_was_there_is_said_when_a_folder_comes_again(browser, officer):
    first = script(browser, ("a.txt", b"one"), ("b.txt", b"two"), paths=["seized/a.txt", "seized/b.txt"])
    again = script(browser, ("a.txt", b"one"), ("b.txt", b"two"), paths=["seized/a.txt", "seized/b.txt"])

    assert len(parts(officer)) == 2
    assert again.content.decode().count("Already held") == 2
    assert "CETS-Report" not in again.headers
    assert "CETS-Report" in first.headers


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/abs/a.txt", "abs/a.txt"),
        ("in\\..\\a.txt", "in/a.txt"),
        ("..", "a.txt"),
    ],
)
def test_a_path_is_only_a_name(browser, officer, path, name):
    script(browser, ("a.txt", b"one"), paths=[path])
    assert [one for *_, one in parts(officer)] == [name]


def test_paths_that_do_not_fit_the_files_are_not_used(browser, officer):
    script(browser, ("a.txt", b"one"), ("b.txt", b"two"), paths=["only/one.txt"])
    assert [one for *_, one in parts(officer)] == ["a.txt", "b.txt"]


def test_nothing_is_added_to_the_report_of_another(browser, officer):
    factories.officer(factories.agency("NTH"), "heron@nth.example", "analyst")
    factories.officer(officer.agency, "siskin@esx.example", "analyst")
    for login in ("heron@nth.example", "siskin@esx.example"):
        own = script(client(login), ("x.txt", login.encode()), paths=["f/x.txt"]).headers["CETS-Report"]
        answer = script(browser, ("a.txt", b"one"), paths=["f/a.txt"], report=own)
        assert answer.status_code == 404
    assert script(browser, ("a.txt", b"one"), paths=["f/a.txt"], report=str(uuid.uuid4())).status_code == 404
    assert script(browser, ("a.txt", b"one"), paths=["f/a.txt"], report="no id").status_code == 422
    assert not [name for *_, name in parts(officer) if name == "f/a.txt"]


def test_files_that_are_too_large_are_refused_alone(browser, officer, monkeypatch):
    from dataclasses import replace

    from django.conf import settings

    monkeypatch.setattr(settings, "CETS", replace(settings.CETS, max_file_bytes=1_000))
    send(browser, ("small.txt", b"small"), ("large.txt", b"y" * 2_000))
    assert [name for *_, name in parts(officer)] == ["small.txt"]
    assert "this instance takes files up to" in browser.get("/upload/").content.decode()


def test_only_refused_files_make_no_report(browser, officer):
    answer = send(browser, ("a.txt", b""), ("b.txt", b""))
    assert answer.status_code == 302
    assert "CETS-Report" not in answer.headers
    assert parts(officer) == []
