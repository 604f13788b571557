"""Every address is classified here, its view is marked so, and it refuses whoever may not: anonymous, without a role, of another role."""

import re
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.test import Client

from access import world as worlds
from access.addresses import Address, addresses
from access.world import World
from cets.access.permissions import Permission
from cets.access.roles import ROLES

#: For anybody, signed in or not; nothing of a record is on it.
PUBLIC = {
    "accessibility", "shortcuts", "signed_out", "account_signup", "account_inactive", "account_set_password", "account_email",
    "account_email_verification_sent",
}  # fmt: skip
#: Of the sign-in library, before anybody is known.
SIGN_IN = {"account_login", "account_logout", "mfa_authenticate", "mfa_login_webauthn"}
#: Of the sign-in library, for whoever is signed in, about that account alone.
OWN_ACCOUNT = {
    "account_reauthenticate", "account_change_password", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
}  # fmt: skip
#: For every officer, with any role or none.
OFFICER = {"home", "tour", "tour_hide", "purpose", "recorded"}
#: For who holds the permission; to everybody else these addresses do not exist.
NEEDS = {
    Permission.REPORT_VIEW: {
        "take", "alerts", "alert", "alerts_read", "reports", "report", "report_identifiers", "report_places", "report_messages", "report_notes", "report_traces", "report_hits", "report_custody", "report_receipt",
        "report_history", "grade", "grade_item", "sharing", "step", "close", "assign", "secondees", "secondee", "settle", "reveal_doubt", "original", "read_again", "report_shape", "identifier", "reveal", "hits", "hit",
        "hit_contact", "hit_nobody", "hit_not_same", "hit_no_action", "hit_join", "hit_take_back", "hit_theirs",
    },
    Permission.REPORT_ADD: {"upload", "upload_states", "columns", "columns_of_sheet", "note_new", "report_note"},
    Permission.SEARCH: {"search", "results"},
    Permission.SILENT_PAIRS: {"silent_pairs", "silent_pair"},
    Permission.AUDIT_VIEW: {"audit"},
    Permission.AGENCY_MANAGE: {
        "agencies", "agency_add", "agency", "team_add", "team", "patterns", "pattern_add", "pattern", "pattern_replace", "pattern_retire",
    },
    Permission.OFFICER_MANAGE: {"officers", "officer", "officer_add", "officer_step", "role_end"},
    Permission.ROLE_REQUEST: {"role_ask", "roles"},
    Permission.ROLE_APPROVE: {"approvals", "approval"},
}  # fmt: skip

#: What an address's places are filled with: rows that the agency itself holds, so that a refusal is for the role.
_OWN = {
    "report_id": "reports_report", "part_id": "reports_part", "hit_id": "deconfliction_hit", "entry_id": "ledger_entry",
    "officer_id": "agencies_officer", "holding_id": "identifiers_holding", "team_id": "agencies_team", "approval_id": "approvals_approval",
    "search_id": "search_search", "remark_id": "reports_remark", "grant_id": "agencies_rolegrant",
    "alert_id": "ledger_alert", "row_id": "reports_message", "pattern_id": "identifiers_agencypattern",
}  # fmt: skip

ADDRESSES = addresses()
BY_NAME = {address.name: address for address in ADDRESSES}


def permission_of(name: str) -> Permission | None:
    return next((permission for permission, names in NEEDS.items() if name in names), None)


def test_every_address_has_a_name_of_its_own() -> None:
    names = [address.name for address in ADDRESSES]
    assert all(names), [a.route for a in ADDRESSES if not a.name]
    assert len(set(names)) == len(names), sorted({n for n in names if names.count(n) > 1})


def test_every_address_is_classified_once() -> None:
    classes = [PUBLIC, SIGN_IN, OWN_ACCOUNT, OFFICER, *NEEDS.values()]
    named = [name for names in classes for name in names]
    assert len(set(named)) == len(named), sorted({n for n in named if named.count(n) > 1})
    missing, left_over = set(BY_NAME) - set(named), set(named) - set(BY_NAME)
    assert not missing, f"Say in tests/rules/test_screens.py who may call {sorted(missing)}."
    assert not left_over, f"No longer addresses: {sorted(left_over)}. Take them out."


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a.mark], ids=lambda a: a.name)
def test_the_mark_says_the_same(address: Address) -> None:
    assert address.mark.public == (address.name in PUBLIC), f"{address.name}: public or not?"
    assert address.mark.see == permission_of(address.name), (
        f"{address.name}: its mark says {address.mark.see}."
    )


def test_a_view_without_a_mark_is_of_the_sign_in_library() -> None:
    for address in ADDRESSES:
        if not address.mark:
            assert address.view.__module__.startswith("allauth."), (
                f"{address.name}: mark the view with @screen."
            )
            assert address.name in SIGN_IN | OWN_ACCOUNT, address.name


# --- through the client ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(module_db: str, as_process: Any) -> World:
    return worlds.build(as_process)


@pytest.fixture(scope="module")
def own(world: World, module_db: str) -> dict[str, Any]:
    """Rows that ESX holds, and values for every other place."""
    agency = world.agencies["ESX"].id
    found: dict[str, Any] = {"pk": 1, "number": 1, "name": "reset", "item": "message", "agency_id": agency}
    with psycopg.connect(module_db) as conn:
        for place, table in _OWN.items():
            row = conn.execute(
                f"select id from {table} where agency_id = %s order by id limit 1", [agency]
            ).fetchone()
            assert row, table
            found[place] = row[0]
        found["report_id"] = world.reports["ESX", "open"][0]
        pair = conn.execute("select id from deconfliction_silentpair limit 1").fetchone()
        assert pair
        found["pair_id"] = pair[0]  # the centre's: no other agency has one
        row = conn.execute(
            "select key from identifiers_holding where agency_id = %s limit 1", [agency]
        ).fetchone()
        found["key"] = row[0] if row else UUID(int=0)
    return found


def browser(login: str = "") -> Client:
    made = Client(headers={"host": "localhost"}, raise_request_exception=False)
    if login:
        assert made.post("/sign-in/", {"login": login, "password": "demo"}).status_code == 302
    return made


def ask(client: Client, address: Address, values: dict[str, Any]) -> list[Any]:
    path = address.path(**values)
    methods = address.mark.methods if address.mark else ("GET", "POST")
    return [client.get(path) if method == "GET" else client.post(path) for method in methods]


def test_anybody_is_led_to_the_sign_in_page(own: dict[str, Any]) -> None:
    """By the address itself; who sent something is told that nothing was saved, with the way there on the page."""
    client = browser()
    for address in ADDRESSES:
        if address.name in PUBLIC | SIGN_IN:
            continue
        for answer in ask(client, address, own):
            sent = answer.request["REQUEST_METHOD"] == "POST"
            allowed = {302, 401} if sent else {302}
            assert answer.status_code in allowed, (
                f"{address.name} answered {answer.status_code} to somebody unknown."
            )
            way = answer["Location"] if answer.status_code == 302 else led_to(answer)
            assert way.startswith("/sign-in/"), f"{address.name} led to {way}."
            assert not worlds.CANARY.search(answer.content.decode()), address.name


def led_to(answer: Any) -> str:
    """Return where the page's own link leads; what surrounds it is on every page."""
    found = re.findall(r'href="(/sign-in/[^"]*)"', answer.content.decode())
    return found[0] if found else ""


def test_public_pages_name_nothing_of_a_record(own: dict[str, Any], world: World) -> None:
    client = browser()
    for name in PUBLIC:
        for answer in ask(client, BY_NAME[name], own):
            assert answer.status_code in {200, 404}, name
            assert not worlds.CANARY.search(answer.content.decode()), name


@pytest.mark.parametrize("role", ["", *sorted(set(ROLES) - {"command_line"})])
def test_without_the_permission_an_address_does_not_exist(
    own: dict[str, Any], world: World, role: str
) -> None:
    import factories

    if role:
        client, held = browser(world.officers["ESX", role].login.name), ROLES[role].permissions
    else:
        factories.officer(world.agencies["ESX"], "nobody@force.example")
        client, held = browser("nobody@force.example"), frozenset()
    refused = 0
    for permission, names in NEEDS.items():
        for name in sorted(names) if permission not in held else ():
            for answer in ask(client, BY_NAME[name], own):
                assert answer.status_code == 404, (
                    f"{name} answered {answer.status_code} to {role or 'an officer without a role'}."
                )
                refused += 1
    assert refused
    for name in ("home", "recorded"):
        assert client.get(BY_NAME[name].path()).status_code == 200, f"{name} is for every officer."


@pytest.mark.parametrize(("role", "names"), [
    ("analyst", ("reports", "report", "hits", "search", "upload", "report_identifiers", "report_hits")),
    ("data_protection_officer", ("audit",)),
    ("administrator", ("agencies", "officers", "roles", "approvals")),
    ("deconfliction_officer", ("silent_pairs",)),
])  # fmt: skip
def test_with_the_permission_it_does(
    own: dict[str, Any], world: World, role: str, names: tuple[str, ...]
) -> None:
    client = browser(world.officers["ESX", role].login.name)
    for name in names:
        answer = client.get(BY_NAME[name].path(**own))
        assert answer.status_code == 200, f"{name} answered {answer.status_code} to the {role}."
        assert answer["Cache-Control"] == "no-store", f"{name}: nothing that an officer saw stays in a store."


def test_no_page_says_more_in_its_address_or_title(world: World) -> None:
    """Ids in addresses are random; titles name no value (design, rule 10)."""
    for address in ADDRESSES:
        for place, kind in address.places:
            assert kind in {"uuid", "int", "slug"}, (
                f"{address.name}: {place} takes any text; an address holds ids only."
            )
    client = browser(world.officers["ESX", "analyst"].login.name)
    for level in worlds.LEVELS:
        text = client.get(f"/reports/{world.reports['ESX', level][0]}/").content.decode()
        title = text.partition("<title>")[2].partition("</title>")[0]
        assert title
        assert "victim" not in worlds.CANARY.findall(title), title
