"""What an agency, its teams and officers may be called, and how they may be reached."""

import pytest
from django.db import IntegrityError, transaction

import factories
from cets.access.viewer import acting
from cets.domains.agencies import actions, queries, shapes
from cets.domains.agencies.models import Agency, Login, Team
from cets.kernel import clock
from cets.sites.console.founding import founder


@pytest.mark.parametrize(
    ("given", "kept"), [("GB", "GB"), ("gb", "GB"), (" de ", "DE"), ("IE", "IE"), ("US", "US")]
)
def test_a_country_is_kept_in_capital_letters(given, kept):
    assert shapes.country(given) == kept


@pytest.mark.parametrize(
    ("given", "said"),
    [("UK", "UK is written GB"), ("el", "EL is written GR"), ("ZZ", "ZZ is no country"), ("QQ", "QQ is no country"), ("", "Nothing"), ("GBR", "GBR")],
)  # fmt: skip
def test_what_is_no_country_says_what_to_write(given, said):
    with pytest.raises(shapes.WrongShape, match=said) as refused:
        shapes.country(given)
    assert refused.value.field == "country"


@pytest.mark.parametrize(
    "given",
    ["+44 7700 900100", "07700 900100", "(01632) 960001 ext. 4", "+1 202 555 0143", "+353 20 915 1234", ""],
)
def test_a_number_that_can_be_called_is_kept_as_written(given):
    assert shapes.phone(given, "GB") == given


@pytest.mark.parametrize(
    "given",
    ["call me", "call 07700 900100", "999999999999999", "12", "-", "+44", "+44 7700 900100" + " x1" * 20],
)
def test_a_number_that_cannot_be_called_is_refused(given):
    with pytest.raises(shapes.WrongShape, match="no telephone number"):
        shapes.phone(given, "GB")


@pytest.mark.parametrize(
    "given", ["not an email", "duty@", "@police.example", f"{'d' * 60}@{'p' * 60}.example, x"]
)
def test_what_is_no_e_mail_address_is_refused(given):
    with pytest.raises(shapes.WrongShape, match="no e-mail address"):
        shapes.email(given)


@pytest.mark.parametrize("given", ["", "   ", "n" * 201])
def test_a_name_is_there_and_not_too_long(given):
    with pytest.raises(shapes.WrongShape, match="An agency has a name of at most 200"):
        shapes.agency_name(given)


@pytest.mark.parametrize(
    "wrong", [{"country": "UK"}, {"name": "   "}, {"phone": "call me"}, {"email": "not an email"}, {"code": "1X"}, {"code": "A" * 13}]
)  # fmt: skip
def test_a_wrong_agency_is_not_made(db, wrong):
    given = {"code": "UKA", "name": "Agency", "country": "GB"} | wrong

    with pytest.raises(shapes.WrongShape):
        actions.add_agency(**given, by=founder(), at=clock.now())

    with acting(founder()):
        assert not Agency.objects.filter(is_centre=False).exists()


def test_a_code_is_kept_and_found_in_any_case(db):
    made = actions.add_agency(code="esx", name=" ESX  Police ", country="gb", by=founder(), at=clock.now())

    assert (made.code, made.name, made.country) == ("ESX", "ESX Police", "GB")
    assert queries.service_account("esX")[0] == made


def test_a_team_is_checked_when_made_and_when_changed(db):
    esx = factories.agency("ESX")
    with acting(founder()):
        duty = Team.objects.get(agency=esx, is_duty=True)

    with pytest.raises(shapes.WrongShape):
        actions.add_team(agency=esx, name="Night desk", phone="call me", by=founder())
    with pytest.raises(shapes.WrongShape):
        actions.set_contact(team=duty, phone="+44 7700 900100", email="nobody", by=founder())

    with acting(founder()):
        assert Team.objects.get(agency=esx).phone == duty.phone


UNSEEN = ["\u200b", "\u202e\u200b", "\u3164", "\u00ad \u2060"]


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_that_nobody_sees_is_none(db, name):
    esx = factories.agency("ESX")
    with acting(founder()):
        duty = Team.objects.get(agency=esx, is_duty=True)
    by, at = founder(), clock.now()

    with pytest.raises(shapes.WrongShape, match="An agency has a name"):
        actions.add_agency(code="NTH", name=name, country="GB", by=by, at=at)
    with pytest.raises(shapes.WrongShape, match="A team has a name"):
        actions.add_team(agency=esx, name=name, by=by)
    with pytest.raises(shapes.WrongShape, match="An officer has a name"):
        actions.add_officer(agency=esx, team=duty, login_name="a@esx.example", name=name, by=by, at=at)


@pytest.mark.parametrize("name", ["East\u200bshire", "\u202eecilop", "A\u2066B\u2069", "Ana\u200dFinch"])
def test_a_name_that_hides_something_is_refused(name):
    for check in (shapes.agency_name, shapes.team_name, shapes.officer_name):
        with pytest.raises(shapes.WrongShape, match="cannot be seen"):
            check(name)


@pytest.mark.parametrize("name", ["Zoë O’Brien-Müller", "محمد می\u200cخواهم", "Ł. Żółć (night)"])
def test_names_of_any_script_stay(name):
    assert shapes.officer_name(name) == name


@pytest.mark.parametrize(
    ("given", "kept"),
    [(" Dupl@ESX.example ", "dupl@esx.example"), ("o'brien+a_b-c@a-b.esx.example", "o'brien+a_b-c@a-b.esx.example")],
)  # fmt: skip
def test_a_login_is_kept_in_small_letters(given, kept):
    assert shapes.login(given) == kept


@pytest.mark.parametrize(
    "given",
    ["", " ", "no mail", "<b>", "\u200b", "аnа@esx.example", "a\u200b@esx.example", "\u212aay@esx.example", "a@esx", "a@@esx.example", "@esx.example",
     "a b@esx.example", "a@esx.example\nb", "a@-esx.example", "a@esx..example", f"{'a' * 200}@esx.example", '"<b>"@esx.example'],
)  # fmt: skip
def test_what_is_no_login_is_refused(given):
    with pytest.raises(shapes.WrongShape, match="e-mail address of plain letters") as refused:
        shapes.login(given)
    assert refused.value.field == "login"


def test_a_login_is_given_and_found_in_any_case_and_once(db):
    esx = factories.agency("ESX")
    ana = factories.officer(esx, "Ana@ESX.example", "analyst")

    with pytest.raises(actions.AlreadyThere):
        factories.officer(esx, "aNA@esx.example")
    assert ana.login.name == "ana@esx.example"
    assert queries.officer_by_login("ANA@esx.example ")[1].actor_id == ana.id


@pytest.mark.parametrize("name", ["Ana@esx.example", "no mail", "ana@esx.example ", "\u200b"])
def test_the_database_keeps_no_other_login(db, name):
    with pytest.raises(IntegrityError, match="login_shape"), transaction.atomic():
        Login.objects.create(name=name)


@pytest.mark.parametrize("name", ["esx police", "ESX  POLICE "])
def test_two_agencies_are_not_called_the_same(db, name):
    factories.agency("ESX")

    with pytest.raises(actions.AlreadyThere, match="Another agency is called"):
        actions.add_agency(code="NTH", name=name, country="GB", by=founder(), at=clock.now())


def test_two_teams_of_an_agency_are_not_called_the_same(db):
    esx, nth = factories.agency("ESX"), factories.agency("NTH")
    actions.add_team(agency=esx, name="Night desk", by=founder())
    actions.add_team(agency=nth, name="Night desk", by=founder())

    with pytest.raises(actions.AlreadyThere):
        actions.add_team(agency=esx, name="NIGHT desk", by=founder())
