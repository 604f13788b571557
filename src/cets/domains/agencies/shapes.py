"""What names, logins, codes, countries and contacts must look like; each returns the value as it is kept. No database."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from cets.kernel.errors import CetsError
from cets.kernel.texts import hides_something, shows_something

#: How long they may be, as many characters.
NAME, TEAM_NAME, LOGIN, PHONE, EMAIL = 200, 100, 200, 40, 200
#: One spelling of a login is kept, and it is ASCII: no two that a person would take for one. The database checks it as well.
LOGIN_SHAPE = r"^[a-z0-9_][a-z0-9._+'-]*@([a-z0-9][a-z0-9-]*\.)+[a-z0-9][a-z0-9-]*$"

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")
#: What is written for a country outside ISO 3166, and the code that is meant.
_SLIPS = {"UK": "GB", "EL": "GR"}
#: A number begins the text: the reader of numbers would also find one in the middle of a sentence.
_BEGINS_A_NUMBER = re.compile(r"[+(\d]")


class WrongShape(CetsError):
    """A value of an agency, team or officer cannot be used. `field` is its name in the model. Nothing was changed."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{why} Nothing was changed.")
        self.field = field


def code(given: str) -> str:
    """Return an agency's code in capital letters. Raises WrongShape."""
    found = given.strip().upper()
    if not _CODE.fullmatch(found):
        raise WrongShape("code", "A code is 2 to 12 capital letters or digits, a letter first.")
    return found


def country(given: str) -> str:
    """Return the ISO 3166 code of a country whose telephone numbers can be read. Raises WrongShape."""
    import phonenumbers  # noqa: PLC0415 - heavy, and few commands make an agency

    found = given.strip().upper()
    if meant := _SLIPS.get(found):
        raise WrongShape("country", f"{found} is written {meant} in ISO 3166.")
    if found not in phonenumbers.SUPPORTED_REGIONS:
        raise WrongShape(
            "country",
            f"{found or 'Nothing'} is no country whose telephone numbers can be read."
            " Give the two letters of ISO 3166, like GB for the United Kingdom.",
        )
    return found


def agency_name(given: str) -> str:
    """Return an agency's name. Raises WrongShape."""
    return _name(given, "An agency", NAME)


def team_name(given: str) -> str:
    """Return a team's name. Raises WrongShape."""
    return _name(given, "A team", TEAM_NAME)


def officer_name(given: str) -> str:
    """Return an officer's name. Raises WrongShape."""
    return _name(given, "An officer", NAME)


def _name(given: str, whose: str, most: int) -> str:
    found = " ".join(given.split())
    if not shows_something(found) or len(found) > most:
        raise WrongShape("name", f"{whose} has a name of at most {most} characters.")
    if hides_something(found):
        raise WrongShape("name", "The name holds signs that cannot be seen. Type it instead of pasting it.")
    return found


def as_login(given: str) -> str:
    """Return how a login is kept, whatever its case and the space around it. What is no login stays none."""
    found = given.strip()
    return found.lower() if found.isascii() else found


def login(given: str) -> str:
    """Return what an officer signs in as: an e-mail address in small letters. Raises WrongShape."""
    found = as_login(given)
    if len(found) > LOGIN or not re.fullmatch(LOGIN_SHAPE, found):
        raise WrongShape(
            "login",
            "A login is an e-mail address of plain letters, digits and . _ + ' -, like a.finch@police.example.",
        )
    return found


def phone(given: str, country: str) -> str:
    """Return a number that others can call, as it was written, or nothing for nothing. Raises WrongShape."""
    import phonenumbers  # noqa: PLC0415 - see country

    found = " ".join(given.split())
    if not found:
        return ""
    try:
        readable = bool(_BEGINS_A_NUMBER.match(found)) and phonenumbers.is_possible_number(
            phonenumbers.parse(found, country)
        )
    except phonenumbers.NumberParseException:
        readable = False
    if not readable or len(found) > PHONE:
        raise WrongShape(
            "phone",
            f"{found[:40]} is no telephone number that others could call. Write it with its country code, like +44 1632 960001.",
        )
    return found


def email(given: str) -> str:
    """Return an e-mail address, or nothing for nothing. Raises WrongShape."""
    found = given.strip()
    if not found:
        return ""
    try:
        EmailValidator()(found)
    except ValidationError:
        found = found[:80]
        raise WrongShape("email", f"{found} is no e-mail address, like duty@police.example.") from None
    if len(found) > EMAIL:
        raise WrongShape("email", "The e-mail address is too long.")
    return found
