"""What an agency and its duty team may be called, and how they may be reached."""

import pytest

import factories
from cets.access.viewer import acting
from cets.domains.agencies import actions, queries, shapes
from cets.domains.agencies.models import Agency, Team
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
