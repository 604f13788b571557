"""Messages and activity as an officer reads them: sides, days, silences, marks, the words he looks for, gradings, paper."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from lxml import html

import factories
from cets.access.viewer import Refused, acting
from cets.audit.models import Event, Payload
from cets.domains.identifiers.items import of_sighting
from cets.domains.identifiers.models import Sighting
from cets.domains.reports import actions, items
from cets.domains.reports.models import ItemGrading, Message, Part, Report
from cets.kernel import clock
from unit.sites.desk.desk_nation import Nation, client, nation, process_switch

VICTIM = "wren.small@mail.example"
CHAT = """[13/04/2026, 20:01:10] Kestrel: are you there
[13/04/2026, 20:02:00] Wren: my mail is other.person@mail.example
[13/04/2026, 20:02:30] Kestrel: Harbour at nine, (HARBOUR) I said 100%
[16/04/2026, 21:30:00] Kestrel: call +44 7700 900142, and not harbor
"""
MAIL = f"""From: Office <office@school.example>
To: Kim Small <{VICTIM}>
Subject: About the harbour, and kestrel.blue@mail.example
Date: Mon, 13 Apr 2026 09:12:00 +0000
X-Originating-IP: [192.0.2.44]
Message-ID: <1@school.example>
Content-Type: text/plain

The pupil told us. Write to kestrel.blue@mail.example.
"""
LINES = f"email,role\n{VICTIM},victim\n"
LONG = "".join(
    f"[13/04/2026, 20:{n // 60:02}:{n % 60:02}] {'Kestrel' if n % 2 else 'Merlin'}: line {n:03} of it\n"
    for n in range(130)
)


@pytest.fixture(scope="module")
def made(module_db: str, request: Any) -> Nation:
    switch = process_switch(request)
    found = nation(switch)
    with switch("worker"), factories.intake() as intake:
        for name, content in (("chat", CHAT), ("mail", MAIL), ("lines", LINES), ("long", LONG)):
            found.reports[name] = intake.take("ESX", content, name=name)[0].report_id
    return found


@pytest.fixture
def browser(made: Nation) -> Client:
    return client("analyst@esx.example")


def get(browser: Client, url: str) -> Any:
    answer = browser.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return html.document_fromstring(answer.content.decode())


def find(browser: Client, url: str, words: str, **more: str) -> tuple[str, Any]:
    answer = browser.post(url, {"words": words, **more})
    assert answer.status_code == 302, answer.content.decode()
    assert words not in answer["Location"], "what is looked for stands in no address"
    return answer["Location"], get(browser, answer["Location"])


def text(node: Any) -> str:
    return " ".join(node.text_content().split())


def lines(page: Any) -> list[Any]:
    return list(page.xpath("//ol[contains(@class, 'cets-reading')]/li[@data-row]"))


def line(page: Any, number: int) -> Any:
    (found,) = page.xpath(f"//li[@id='message-{number}']")
    return found


def messages(made: Nation, name: str) -> str:
    return f"/reports/{made.reports[name]}/messages/"


def row(made: Nation, model: Any, name: str, **which: Any) -> Any:
    with acting(factories.viewer(made.officers["analyst"])):
        return model.objects.select_related("part").filter(report_id=made.reports[name], **which).first()


@contextmanager
def changed(made: Nation, as_process: Any, name: str, number: int, **values: Any) -> Iterator[None]:
    """Have a message as some other source writes it, for a while."""
    by, found = factories.viewer(made.officers["analyst"]), row(made, Message, name, number=number)
    with as_process("worker"), acting(by):
        Message.objects.filter(id=found.id).update(**values)
    yield
    with as_process("worker"), acting(by):
        Message.objects.filter(id=found.id).update(**{key: getattr(found, key) for key in values})


# --- reading --------------------------------------------------------------------------------------------------------


def test_days_are_headings_and_silence_is_told(made: Nation, browser: Client) -> None:
    page = get(browser, messages(made, "chat"))
    days = [text(day) for day in page.xpath("//li[@class='cets-day']/h3")]
    assert len(days) == 2
    assert "13 Apr 2026" in days[0]
    assert "16 Apr 2026" in days[1]


def test_sides_stay_on_every_page_and_are_told_in_words(made: Nation, browser: Client) -> None:
    first, second = get(browser, messages(made, "long")), get(browser, messages(made, "long") + "?page=2")
    for page in (first, second):
        for one in lines(page):
            side = "left" if "Merlin" in text(one) else "right"
            assert f"cets-message--{side}" in one.get("class"), text(one)
    said = "Left: Merlin. Right: Kestrel. The source does not say whose account it is."
    assert said in text(first)


def test_of_whose_device_it_is_that_side_is_the_right_one(
    made: Nation, browser: Client, as_process: Any
) -> None:
    with as_process("worker"), acting(factories.viewer(made.officers["analyst"])):
        part = Part.objects.get(report_id=made.reports["chat"])
        Message.objects.filter(part=part, sender="Kestrel").update(sender="owner of the phone")
    page = get(browser, messages(made, "chat"))
    assert "cets-message--right" in line(page, 1).get("class")
    assert "account holder" in text(line(page, 1))
    assert "account holder" not in text(line(page, 2))
    assert "Right: owner of the phone, whose account or device it is." in text(page)
    with as_process("worker"), acting(factories.viewer(made.officers["analyst"])):
        Message.objects.filter(part=part, sender="owner of the phone").update(sender="Kestrel")


def test_who_sent_what_went_out_is_the_account_holder(made: Nation, browser: Client, as_process: Any) -> None:
    with changed(made, as_process, "chat", 2, headers=[["direction", "sent by the owner"]]):
        page = get(browser, messages(made, "chat"))
    assert "Right: Wren, whose account or device it is." in text(page)
    assert "account holder" in text(line(page, 2))
    assert "account holder" not in text(line(page, 1))


def test_every_identifier_is_marked_where_it_stands(made: Nation, browser: Client) -> None:
    page = get(browser, messages(made, "chat"))
    (marked,) = line(page, 2).xpath(".//div[contains(@class, 'cets-message__text')]/a")
    assert marked.text == "other.person@mail.example"
    assert marked.get("href").startswith("/identifiers/")
    assert line(page, 1).xpath(".//span[@class='cets-message__who']//a/text()") == ["Kestrel"]


def test_what_turns_a_text_round_turns_no_identifier_and_nothing_of_the_desk(
    made: Nation, browser: Client, as_process: Any
) -> None:
    """In a line written from the right, or after a sign that turns it round, 198.51.100.23 would read 32.001.15.891."""
    turned, by = "\u202eKestrel", factories.viewer(made.officers["analyst"])
    marks = get(browser, messages(made, "chat")).xpath("//a[contains(@class, 'cets-mark')]")
    assert {text(mark) for mark in marks} >= {"other.person@mail.example", "+44 7700 900142"}
    assert {mark.get("dir") for mark in marks} == {"auto"}

    with changed(made, as_process, "chat", 4, kind="system", text=f"{turned} left"):
        event = line(get(browser, messages(made, "chat")), 4)
    (said,) = event.xpath("./bdi[contains(., 'left')]")
    assert said.get("dir") == "ltr", (
        "its time, behind it, is not turned, and who did it stands before what he did"
    )

    long = Message.objects.filter(report_id=made.reports["long"])
    with as_process("worker"), acting(by):
        long.filter(sender="Merlin").update(sender=turned)
    sides = text(get(browser, messages(made, "long")))
    with as_process("worker"), acting(by):
        long.filter(sender=turned).update(sender="Merlin")
    assert f"Left: \u2068{turned}\u2069. Right: Kestrel." in sides


@pytest.mark.parametrize(
    "sender", ["Merlin (other.person@mail.example)", "Merlin <other.person@mail.example>"]
)
def test_who_is_introduced_once_is_marked_on_every_line(
    made: Nation, browser: Client, as_process: Any, sender: str
) -> None:
    with changed(made, as_process, "chat", 1, sender=sender):
        first = line(get(browser, messages(made, "chat")), 1)
    assert first.xpath(".//span[@class='cets-message__who']//a/text()") == ["other.person@mail.example"]


def test_a_mails_headers_stand_unfolded_with_their_identifiers_and_no_victims(
    made: Nation, browser: Client
) -> None:
    page = get(browser, messages(made, "mail"))
    mail = line(page, 1)
    headers = {text(one.find("dt")): one.find("dd") for one in mail.xpath(".//dl[@class='cets-headers']/div")}
    assert list(headers) == [
        "From",
        "To",
        "Subject",
        "Date",
        "X-Originating-IP",
        "Message-ID",
        "Content-Type",
    ]
    assert "office@school.example" in headers["From"].xpath(".//a/text()")
    assert headers["X-Originating-IP"].xpath(".//a/text()") == ["192.0.2.44"]
    assert VICTIM not in html.tostring(page).decode()
    assert "Child A" in text(headers["To"])
    (subject,) = mail.xpath(".//h3//a/text()")
    assert subject == "kestrel.blue@mail.example"
    (in_text,) = mail.xpath(".//div[contains(@class, 'cets-mail__text')]//a/text()")
    assert in_text == "kestrel.blue@mail.example", (
        "the offsets of the subject's marks are not those of the text"
    )


def test_a_message_is_found_again_at_its_own_address(made: Nation, browser: Client) -> None:
    first = get(browser, messages(made, "long"))
    (own,) = line(first, 17).xpath(".//a[contains(@class, 'cets-message__number')]/@href")
    assert own.endswith("?at=1-17#message-17")
    page = get(browser, messages(made, "long") + "?at=1-117")
    assert "cets-message--here" in line(page, 117).get("class")
    assert line(page, 117).get("aria-current") == "true"
    assert "101 to 130 of 130" in text(page)


def test_every_message_has_its_page_however_long_the_conversation(
    made: Nation, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chat of a million lines is read to its end, and who comes for a message finds it on the page."""
    monkeypatch.setattr("cets.sites.desk.views.report_messages.MOST_OF_ONE", 100, raising=False)
    url = messages(made, "long")
    for asked in ("?page=3", "?page=4", "?at=1-130"):
        page = get(browser, url + asked)
        assert "101 to 130 of 130" in text(page), asked
        assert "line 129 of it" in text(line(page, 130))
        assert len(lines(page)) == 30


# --- words within a report ------------------------------------------------------------------------------------------


def test_words_are_found_counted_and_marked(made: Nation, browser: Client) -> None:
    address, page = find(browser, messages(made, "chat"), "harbour")
    assert "1 message holds “harbour”" in text(page)
    assert [text(one) for one in page.xpath("//mark[@class='cets-found']")] == ["Harbour", "HARBOUR"]
    (way,) = page.xpath("//a[contains(., 'Show it in the conversation')]/@href")
    there = get(browser, way)
    assert "1 of 1" in text(there)
    assert [text(one) for one in line(there, 3).xpath(".//mark[@class='cets-found']")] == [
        "Harbour",
        "HARBOUR",
    ]
    assert "find=" in address


def test_what_a_header_says_and_an_attachment_is_called_is_found(
    made: Nation, browser: Client, as_process: Any
) -> None:
    """What is on the screen is found: "no message here shows it" would be a lie."""
    _address, page = find(browser, messages(made, "mail"), "192.0.2.44")
    assert "1 message holds" in text(page)
    assert [text(one) for one in page.xpath("//mark[@class='cets-found']")] == ["192.0.2.44"]
    with changed(
        made, as_process, "chat", 1, attachments=['a "harbour view".jpg'], headers=[["device", "Blue\nphone"]]
    ):
        for words in ('a "Harbour view"', "blue"):
            _address, page = find(browser, messages(made, "chat"), words)
            assert "1 message holds" in text(page), words
            assert [text(one) for one in page.xpath("//mark[@class='cets-found']")], words
        _address, page = find(browser, messages(made, "chat"), "device")
        assert "No message here shows" in text(page), "what a field is called is no answer"


def test_to_whom_it_went_is_told_where_nothing_else_says_it(
    made: Nation, browser: Client, as_process: Any
) -> None:
    with changed(made, as_process, "chat", 1, recipients=["sandpiper.three", "+44 7700 900142"]):
        page = get(browser, messages(made, "chat"))
        assert "To: sandpiper.three, +44 7700 900142" in text(line(page, 1))
        assert "To:" not in text(line(page, 2))
        _address, page = find(browser, messages(made, "chat"), "sandpiper")
        assert "1 message holds" in text(page)
    with changed(made, as_process, "chat", 1, recipients=["Wren"]):
        assert "To:" not in text(get(browser, messages(made, "chat")).body), "there are only the two of them"


def test_an_event_tells_whose_it_was_and_all_that_is_known_of_it(
    made: Nation, browser: Client, as_process: Any
) -> None:
    about = {
        "kind": "system",
        "text": "",
        "masked": "",
        "headers": [["call", "missed"]],
        "attachments": ["one.jpg"],
    }
    with changed(made, as_process, "chat", 2, **about):
        shown = text(line(get(browser, messages(made, "chat")), 2))
    for words in ("Wren", "call: missed", "Attachment, not shown: one.jpg", "line 2"):
        assert words in shown, (words, shown)


def test_one_goes_from_one_to_the_next(made: Nation, browser: Client) -> None:
    _address, page = find(browser, messages(made, "long"), "LINE 01")
    assert "10 messages hold “LINE 01”" in text(page)
    assert len(lines(page)) == 10
    (way,) = lines(page)[4].xpath(".//a[contains(., 'Show it in the conversation')]/@href")
    there = get(browser, way)
    assert "5 of 10" in text(there)
    (after,) = there.xpath("//a[@rel='next'][contains(., 'Next one')]/@href")
    assert "6 of 10" in text(get(browser, after))
    (earlier,) = there.xpath("//a[@rel='prev'][contains(., 'Previous one')]/@href")
    assert "4 of 10" in text(get(browser, earlier))


def test_words_are_found_in_all_conversations_of_a_report(
    made: Nation, browser: Client, as_process: Any
) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.txt", CHAT)
        archive.writestr("two.txt", LONG.replace("line 017", "the harbour, line 017"))
    with as_process("worker"), factories.intake() as intake:
        url = f"/reports/{intake.take('ESX', packed.getvalue(), name='chats.zip')[0].report_id}/messages/"
    assert len(get(browser, url).xpath("//nav[@aria-label='Conversations']/a")) == 2
    _address, page = find(browser, url, "harbour")
    assert len(lines(page)) == 1
    _address, page = find(browser, url, "harbour", every="on")
    assert len(lines(page)) == 2
    (first, _second) = page.xpath("//a[contains(., 'Show it in the conversation')]/@href")
    there = get(browser, first)
    assert "1 of 2" in text(there)
    (following,) = there.xpath("//a[@rel='next'][contains(., 'Next one')]/@href")
    other = get(browser, following)
    assert "2 of 2" in text(other)
    assert "the harbour, line 017" in text(line(other, 18))


def test_what_is_found_is_paged(made: Nation, browser: Client) -> None:
    _address, page = find(browser, messages(made, "long"), "of it")
    assert "130 messages hold “of it”" in text(page)
    assert len(lines(page)) == 50
    assert "1 to 50 of 130" in text(page)
    (following,) = page.xpath("//a[@rel='next']/@href")
    assert "51 to 100 of 130" in text(get(browser, following))


@pytest.mark.parametrize("words", ["100%", "(HARBOUR)", "_", "\\", "%"])
def test_signs_are_looked_for_as_they_stand(made: Nation, browser: Client, words: str) -> None:
    _address, page = find(browser, messages(made, "chat"), words)
    assert len(lines(page)) == sum(words in one.partition(": ")[2] for one in CHAT.splitlines())


def test_nothing_found_and_nothing_asked_say_so(made: Nation, browser: Client) -> None:
    _address, page = find(browser, messages(made, "chat"), "lighthouse")
    assert "No message here shows “lighthouse”." in text(page)
    answer = browser.post(messages(made, "chat"), {"words": "  "})
    assert answer.status_code == 200
    assert "Write what you look for" in answer.content.decode()


def test_a_victims_value_is_not_found_by_its_letters(made: Nation, browser: Client) -> None:
    """Nor by a part of it: the count would tell what the page hides."""
    for words in (VICTIM, "wren.small", "ren.sma"):
        _address, page = find(browser, messages(made, "mail"), words)
        assert not lines(page), words
    _address, page = find(browser, messages(made, "mail"), "about the harbour")
    assert len(lines(page)) == 1, "a subject is searched as it is shown"


def test_anothers_question_is_nobody_elses(made: Nation, browser: Client) -> None:
    address, _page = find(browser, messages(made, "chat"), "harbour")
    other = get(client("supervisor@esx.example"), address)
    assert len(lines(other)) == 4, "the conversation, and no word of what somebody else looked for"
    assert not other.xpath("//mark[@class='cets-found']")
    assert "harbour" not in html.tostring(other.xpath("//form[contains(@class, 'cets-find')]")[0]).decode()


def test_that_words_were_looked_for_is_recorded_without_them(made: Nation, browser: Client) -> None:
    find(browser, messages(made, "chat"), "harbour")
    with acting(factories.viewer(made.officers["analyst"])):
        event = Event.objects.filter(type="search:report:searched").order_by("-number").first()
        assert event is not None
        assert event.subject_id == str(made.reports["chat"])
        body = Payload.objects.get(event_id=event.id).body
    assert "harbour" not in body


# --- paper ----------------------------------------------------------------------------------------------------------


def test_on_paper_the_whole_conversation_stands_on_one_page(made: Nation, browser: Client) -> None:
    page = get(browser, messages(made, "long") + "?print=1")
    assert len(lines(page)) == 130
    assert "all its 130 messages" in text(page)
    (sheet,) = page.xpath("//*[contains(@class, 'cets-onprint')]")
    assert "Printed by analyst, ESX Police (ESX)" in text(sheet)
    assert "Handling P" in text(sheet)
    assert "Sharing: contact" in text(sheet)
    assert "CETS-ESX-" in text(sheet)
    with acting(factories.viewer(made.officers["analyst"])):
        printed = Event.objects.filter(type="reports:report:printed", subject_id=str(made.reports["long"]))
        assert printed.count() == 1


def test_what_does_not_fit_one_page_says_so(
    made: Nation, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cets.sites.desk.views.report_messages.ON_PAPER", 100)
    page = get(browser, messages(made, "long") + "?print=1&page=2")
    assert "messages 101 to 130 of 130; print the further pages as well" in text(page)
    assert len(lines(page)) == 30


# --- gradings of single items ---------------------------------------------------------------------------------------

GIVEN = {"source": "1", "information": "B", "handling": "C", "conditions": "Not to the school"}


def test_an_item_is_graded_without_script_and_shown_beside_it(made: Nation, browser: Client) -> None:
    page = get(browser, messages(made, "chat"))
    (way,) = line(page, 3).xpath(".//a[contains(., 'Grade')]/@href")
    asked = get(browser, way)
    assert "Harbour at nine" in text(asked)
    assert not asked.xpath("//input[@type='radio'][@checked]"), "no answer is preselected"
    answer = browser.post(way, GIVEN)
    assert answer.status_code == 302
    assert answer["Location"].endswith("?at=1-3#message-3")
    graded = text(line(get(browser, answer["Location"]), 3))
    assert "1-B-C" in graded
    assert "by analyst" in graded
    assert "conditions: Not to the school" in graded
    again = browser.post(way, {**GIVEN, "source": "3", "information": "E", "handling": "P", "conditions": ""})
    assert again.status_code == 302
    assert "3-E-P" in text(line(get(browser, messages(made, "chat")), 3))
    history = get(browser, way)
    codes = [text(one) for one in history.xpath("//section[@aria-labelledby='gradings']//strong")]
    assert codes == ["3-E-P", "1-B-C"], "the newest first, and none is lost"


def test_a_place_of_an_identifier_is_graded_by_itself(made: Nation, browser: Client) -> None:
    page = get(browser, f"/reports/{made.reports['chat']}/identifiers/?kind=phone")
    (places,) = set(page.xpath("//a[contains(., '1 place')]/@href"))
    (way,) = get(browser, places).xpath("//ul[@class='cets-placelist']//a[contains(., 'Grade')]/@href")
    assert "+44 7700 900142" in text(get(browser, way))
    assert browser.post(way, {**GIVEN, "handling": "P"}).status_code == 302
    assert "1-B-P" in text(get(browser, places))


def test_wrong_answers_change_nothing(made: Nation, browser: Client) -> None:
    message = row(made, Message, "long", number=1)
    way = f"/reports/{made.reports['long']}/grade/message/{message.id}/"
    for wrong in ({}, {**GIVEN, "conditions": ""}, {**GIVEN, "source": "4"}):
        answer = browser.post(way, wrong)
        assert answer.status_code == 200
        assert "There is a problem" in answer.content.decode()
    with acting(factories.viewer(made.officers["analyst"])):
        assert not ItemGrading.objects.filter(report_id=made.reports["long"]).exists()


def test_an_item_of_another_report_or_kind_is_not_there(made: Nation, browser: Client) -> None:
    message = row(made, Message, "long", number=1)
    for way in (
        f"/reports/{made.reports['chat']}/grade/message/{message.id}/",
        f"/reports/{made.reports['long']}/grade/trace/{message.id}/",
        f"/reports/{made.reports['long']}/grade/person/{message.id}/",
        f"/reports/{made.reports['nmr']}/grade/message/{message.id}/",
    ):
        assert browser.get(way).status_code == 404, way
        assert browser.post(way, GIVEN).status_code == 404, way


def test_who_may_not_grade_is_refused(made: Nation) -> None:
    """A secondee reads what he was given and grades nothing."""
    viewer = factories.viewer(made.officers["secondee"])
    message = row(made, Message, "long", number=1)
    with acting(factories.viewer(made.officers["supervisor"])):
        report = Report.objects.get(id=made.reports["long"])
    with pytest.raises(Refused):
        actions.grade_item(
            report=report, item=items.of_message(message), grading=actions.UNGRADED, by=viewer, at=clock.now()
        )


def test_nothing_is_written_without_its_record(made: Nation, monkeypatch: pytest.MonkeyPatch) -> None:
    message = row(made, Message, "long", number=2)

    def broken(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("cets.domains.reports.actions.record", broken)
    by = factories.viewer(made.officers["analyst"])
    with acting(by):
        report = Report.objects.get(id=made.reports["long"])
    with pytest.raises(RuntimeError):
        actions.grade_item(
            report=report, item=items.of_message(message), grading=actions.UNGRADED, by=by, at=clock.now()
        )
    with acting(by):
        assert not ItemGrading.objects.filter(report=report).exists()


def test_a_grading_out_of_range_is_refused_by_the_database(made: Nation) -> None:
    message = row(made, Message, "long", number=2)
    by = factories.viewer(made.officers["analyst"])
    with acting(by):
        report = Report.objects.get(id=made.reports["long"])
    for wrong in (actions.Grading(4, "A", "P"), actions.Grading(1, "F", "P"), actions.Grading(1, "A", "C")):
        with pytest.raises(actions.WrongGrading):
            actions.grade_item(
                report=report, item=items.of_message(message), grading=wrong, by=by, at=clock.now()
            )


def test_a_grading_never_stands_beside_something_else(made: Nation, browser: Client, as_process: Any) -> None:
    """What a newer reading says at the same place is another item; the grading before it is told, not taken over."""
    message = row(made, Message, "long", number=5)
    by = factories.viewer(made.officers["analyst"])
    with acting(by):
        report = Report.objects.get(id=made.reports["long"])
        actions.grade_item(
            report=report, item=items.of_message(message), grading=actions.UNGRADED, by=by, at=clock.now()
        )
    assert "2-D-P" in text(line(get(browser, messages(made, "long")), 5))
    with as_process("worker"), acting(by):
        Message.objects.filter(id=message.id).update(text="read otherwise", masked="read otherwise")
    shown = text(line(get(browser, messages(made, "long")), 5))
    assert "Graded 2-D-P before the file was read again; it reads otherwise now" in shown


def test_marks_tell_contents_apart_and_hide_them(made: Nation) -> None:
    message = row(made, Message, "long", number=7)
    item = items.of_message(message)
    assert item == items.of_message(message)
    for name in ("text", "sender", "sent_raw", "subject", "thread"):
        other = row(made, Message, "long", number=7)
        setattr(other, name, f"{getattr(other, name)}x")
        assert items.of_message(other).mark != item.mark, name
    sighting = row(made, Sighting, "chat", message=2)
    with acting(factories.viewer(made.officers["analyst"])):
        assert of_sighting(sighting).key == sighting.holding.key
    assert replace(item, place="elsewhere") != item
