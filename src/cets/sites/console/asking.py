"""What `cets init` asks: the first two administrators, checked before anything is made."""

import getpass

import typer

from cets.domains.agencies import shapes
from cets.settings.passwords import PasswordRefused, check
from cets.sites.console.telling import WrongUse

#: Login, name, password.
Administrator = tuple[str, str, str]


def administrators() -> tuple[Administrator, ...]:
    """Ask for the first two administrators. Raises WrongUse, WrongShape, PasswordRefused before anything is made."""
    found: list[Administrator] = []
    for which in ("first", "second"):
        login = shapes.login(
            typer.prompt(f"Login of the {which} administrator (an e-mail address)", err=True)
        )
        if login in {other for other, *_ in found}:
            raise WrongUse(
                f"{login} is the first administrator already. They are two people. Nothing was changed."
            )
        name = shapes.officer_name(typer.prompt("Name", err=True))
        found.append((login, name, _ask_password()))
    return tuple(found)


def _ask_password() -> str:
    password = getpass.getpass("Password: ")
    check(password)
    if getpass.getpass("The same password once more: ") != password:
        raise PasswordRefused("The two passwords are not the same. Nothing was changed.")
    return password
