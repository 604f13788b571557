"""One asks, another decides; the database holds it too."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, transaction

import factories
from cets.access.viewer import Refused, acting
from cets.audit.models import Event
from cets.domains.agencies import logins
from cets.domains.agencies.actions import UnknownRole
from cets.domains.agencies.models import RoleGrant
from cets.domains.approvals import actions, queries
from cets.domains.approvals.models import Approval
from cets.domains.ledger import absences
from cets.kernel import clock
from cets.kernel.errors import CetsError
from cets.kernel.ids import new_id


@pytest.fixture
def people(db):
    esx = factories.agency("ESX")
    names = ("finch", "heron", "wren")
    made = {name: factories.officer(esx, f"{name}@esx.example", "administrator") for name in names}
    made["robin"] = factories.officer(esx, "robin@esx.example")
    return made


def ask(people, by="finch", officer="robin", role="analyst", reason="Joins the analysts on Monday"):
    return actions.ask(
        kind="grant_role",
        subject_id=people[officer].id,
        params={"role": role},
        reason=reason,
        by=factories.viewer(people[by]),
        at=clock.now(),
    )


def decide(people, approval, by="heron", agreed=True):
    return actions.decide(
        approval=approval, agreed=agreed, answer="Seen", by=factories.viewer(people[by]), at=clock.now()
    )


def roles_of(people, officer="robin"):
    with acting(factories.viewer(people["finch"])):
        return list(
            RoleGrant.objects.filter(officer=people[officer], ended_at=None).values_list("role", flat=True)
        )


def test_the_role_comes_with_the_second_persons_agreement(people):
    approval = ask(people)
    assert roles_of(people) == []

    decide(people, approval)

    assert roles_of(people) == ["analyst"]
    with acting(factories.viewer(people["finch"])):
        assert RoleGrant.objects.get(officer=people["robin"]).approval_id == approval.id


def test_a_refusal_gives_nothing_and_is_kept(people):
    approval = ask(people)

    decided = decide(people, approval, agreed=False)

    assert roles_of(people) == []
    assert (decided.agreed, decided.answer) == (False, "Seen")


def test_asked_and_agreed_stand_in_the_audit(people, as_process):
    decide(people, ask(people))

    keeper = factories.officer(people["robin"].agency, "owl@esx.example", "data_protection_officer")
    with acting(factories.viewer(keeper)):
        types = list(
            Event.objects.filter(type__startswith="approvals:")
            .order_by("number")
            .values_list("type", flat=True)
        )
    assert types == ["approvals:approval:asked", "approvals:approval:agreed"]


def test_who_asked_cannot_decide(people):
    approval = ask(people)

    with pytest.raises(actions.NeedsTwo):
        decide(people, approval, by="finch")

    assert roles_of(people) == []


def test_who_gains_cannot_decide(people):
    approval = ask(people, officer="heron")

    with pytest.raises(actions.NeedsTwo):
        decide(people, approval, by="heron")


def test_nobody_decides_twice(people):
    approval = ask(people)
    decide(people, approval, agreed=False)

    with pytest.raises(actions.AlreadyDecided):
        decide(people, approval, by="wren")

    assert roles_of(people) == []


def test_the_same_is_asked_once(people):
    ask(people)

    with pytest.raises(actions.AlreadyAsked):
        ask(people, by="heron")


def test_a_reason_is_needed(people):
    for nothing in ("  ", "\u200b", "\u202e \u3164"):
        with pytest.raises(actions.NoReason):
            ask(people, reason=nothing)


def test_an_unknown_role_and_an_officer_who_left_are_refused(people):
    with pytest.raises(UnknownRole):
        ask(people, role="king")
    with pytest.raises(CetsError):
        actions.ask(
            kind="grant_role",
            subject_id=new_id(),
            params={"role": "analyst"},
            reason="x",
            by=factories.viewer(people["finch"]),
            at=clock.now(),
        )


def test_nobody_without_the_right_asks_decides_or_sees(people):
    approval = ask(people)
    analyst = factories.viewer(factories.officer(people["robin"].agency, "jay@esx.example", "analyst"))

    with pytest.raises(Refused):
        actions.ask(
            kind="grant_role",
            subject_id=people["robin"].id,
            params={"role": "analyst"},
            reason="x",
            by=analyst,
            at=clock.now(),
        )
    with pytest.raises(Refused):
        actions.decide(approval=approval, agreed=True, answer="", by=analyst, at=clock.now())
    with acting(analyst):
        assert list(Approval.objects.all()) == []
        with pytest.raises(queries.NotFound):
            queries.get(analyst, approval.id)


def test_what_waits_for_a_viewer_is_not_what_the_viewer_asked(people):
    approval = ask(people)

    for name, expected in (("finch", []), ("heron", [approval])):
        viewer = factories.viewer(people[name])
        with acting(viewer):
            assert list(queries.waiting(viewer)) == expected


def test_a_lost_audit_row_undoes_decision_and_role(people, monkeypatch):
    approval = ask(people)

    def fail(*_, **__):
        raise OSError("no audit")

    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(OSError):
        decide(people, approval)

    assert roles_of(people) == []
    with acting(factories.viewer(people["finch"])):
        assert Approval.objects.get().decided_at is None


def test_the_second_factor_goes_only_by_two(people):
    login = people["robin"].login
    factor(people)
    viewer = factories.viewer(people["finch"])

    approval = actions.ask(
        kind="reset_second_factor",
        subject_id=people["robin"].id,
        params={},
        reason="Lost it",
        by=viewer,
        at=clock.now(),
    )
    assert Authenticator.objects.filter(user=login).exists()
    decide(people, approval)

    assert not Authenticator.objects.filter(user=login).exists()


def factor(people, of="robin", type_="totp", **data):
    with acting(factories.viewer(people[of])):
        return Authenticator.objects.create(
            user=people[of].login, type=type_, data=data or {"secret": "invented"}
        )


def reset_asked(people, by="finch"):
    return actions.ask(
        kind="reset_second_factor", subject_id=people["robin"].id, params={}, reason="Lost it", by=factories.viewer(people[by]),
        at=clock.now(),
    )  # fmt: skip


def end_administrator(people, name):
    viewer = factories.viewer(people["wren"])
    with acting(viewer):
        grant = RoleGrant.objects.get(officer=people[name], role="administrator", ended_at=None)
    absences.end_role(grant=grant, by=viewer, at=clock.now())


def stands(people, approval, to="heron"):
    viewer = factories.viewer(people[to])
    with acting(viewer):
        waits = approval in queries.waiting(viewer)
        assert queries.get(viewer, approval.id).stands is waits
        return waits


@pytest.mark.parametrize("agreed", [True, False])
def test_a_request_lapses_with_the_officer(people, agreed):
    approval = ask(people)
    assert stands(people, approval)
    absences.leave(officer=people["robin"], by=factories.viewer(people["finch"]), at=clock.now())

    assert not stands(people, approval)
    with pytest.raises(actions.Lapsed):
        decide(people, approval, agreed=agreed)


@pytest.mark.parametrize("how", ["role", "leave"])
def test_who_is_no_administrator_any_more_is_no_first_person(people, how):
    approval = ask(people)
    if how == "role":
        end_administrator(people, "finch")
    else:
        absences.leave(officer=people["finch"], by=factories.viewer(people["wren"]), at=clock.now())

    assert not stands(people, approval)
    with pytest.raises(actions.Lapsed):
        decide(people, approval)
    assert roles_of(people | {"finch": people["heron"]}) == []


def test_what_was_asked_before_the_role_was_lost_stays_lapsed(people):
    approval = ask(people)
    end_administrator(people, "finch")
    again = actions.ask(
        kind="grant_role", subject_id=people["finch"].id, params={"role": "administrator"}, reason="Back", by=factories.viewer(people["heron"]),
        at=clock.now(),
    )  # fmt: skip
    decide(people, again, by="wren")

    with pytest.raises(actions.Lapsed):
        decide(people, approval)
    decide(people, ask(people))  # the lapsed one is in nobody's way
    assert roles_of(people) == ["analyst"]


def test_the_database_takes_nobody_for_a_first_person_who_is_no_administrator(people):
    approval = ask(people)
    end_administrator(people, "finch")
    heron = factories.viewer(people["heron"])

    with acting(heron):
        Approval.objects.filter(id=approval.id).update(
            decided_by=heron.actor_id, decided_at=clock.now(), agreed=True
        )
        with pytest.raises(IntegrityError, match="role_needs_two"), transaction.atomic():
            RoleGrant.objects.create(
                officer=people["robin"], agency_id=people["robin"].agency_id, role="analyst", granted_at=clock.now(), approval_id=approval.id
            )  # fmt: skip


# --- a password that somebody else knows --------------------------------------------------------------


@pytest.fixture
def real(monkeypatch):
    """An instance that is no demo: a password alone does not sign in."""
    monkeypatch.setattr(settings, "CETS", replace(settings.CETS, mode="real"))


def new_password(people, of="robin"):
    return logins.reset_password(officer=people[of], by=factories.viewer(people["finch"]))


def test_nobody_alone_gets_the_password_of_a_role(people, real):
    decide(people, ask(people))
    before = people["robin"].login.password

    with pytest.raises(logins.WouldOpenRoles, match="End the roles first"):
        new_password(people)

    people["robin"].login.refresh_from_db()
    assert people["robin"].login.password == before
    with acting(factories.viewer(people["finch"])):
        (grant,) = RoleGrant.objects.filter(officer=people["robin"])
    absences.end_role(grant=grant, by=factories.viewer(people["finch"]), at=clock.now())
    assert new_password(people)  # the way on


@pytest.mark.parametrize("type_", ["totp", "webauthn"])
def test_with_an_own_second_factor_a_password_opens_nothing(people, real, type_):
    decide(people, ask(people))
    factor(people, type_=type_)

    assert new_password(people)


def test_recovery_codes_by_themselves_are_no_second_factor(people, real):
    decide(people, ask(people))
    factor(people, type_="recovery_codes", used_mask=0)

    with pytest.raises(logins.WouldOpenRoles):
        new_password(people)


def test_nor_once_two_took_the_second_factor_away(people, real):
    decide(people, ask(people))
    factor(people)
    decide(people, reset_asked(people))

    with pytest.raises(logins.WouldOpenRoles):
        new_password(people)


def test_in_whose_hands_an_account_is(people):
    officer = people["robin"]
    assert logins.hands_of(officer) == logins.Hands(has_own_password=False, has_second_factor=False)

    logins.change_password(
        login=officer.login, password="long and own 7", officer=officer, by=factories.viewer(officer)
    )
    factor(people)

    assert logins.hands_of(officer) == logins.Hands(has_own_password=True, has_second_factor=True)


# --- what SQL in an administrator's own request could do ----------------------------------------------


def test_the_database_refuses_a_role_without_an_agreement(people):
    viewer = factories.viewer(people["finch"])
    robin = people["robin"]

    with pytest.raises(IntegrityError, match="role_needs_two"), acting(viewer):
        RoleGrant.objects.create(
            officer=robin, agency_id=robin.agency_id, role="analyst", granted_at=clock.now()
        )
    approval = ask(people)
    with pytest.raises(IntegrityError, match="role_needs_two"), acting(viewer):
        RoleGrant.objects.create(
            officer=robin,
            agency_id=robin.agency_id,
            role="analyst",
            granted_at=clock.now(),
            approval_id=approval.id,
        )


def test_the_database_refuses_a_forged_asker_and_decider(people):
    finch, heron, robin = (people[name] for name in ("finch", "heron", "robin"))
    blank = {
        "agency_id": robin.agency_id,
        "kind": "grant_role",
        "subject_id": robin.id,
        "params": {"role": "analyst"},
        "reason": "x",
    }

    with pytest.raises(ProgrammingError), acting(factories.viewer(finch)):
        Approval.objects.create(**blank, asked_by=heron.id, asked_at=clock.now())
    approval = ask(people)
    with pytest.raises(ProgrammingError), acting(factories.viewer(finch)):
        Approval.objects.filter(id=approval.id).update(
            decided_by=heron.id, decided_at=clock.now(), agreed=True
        )
    with pytest.raises(ProgrammingError), acting(factories.viewer(heron)), transaction.atomic():
        Approval.objects.filter(id=approval.id).update(params={"role": "administrator"})


def test_an_agreement_serves_once_and_an_ended_role_stays_ended(people):
    approval = ask(people)
    decide(people, approval)
    viewer, robin = factories.viewer(people["heron"]), people["robin"]
    with acting(viewer):
        RoleGrant.objects.filter(officer=robin).update(ended_at=clock.now())

    with pytest.raises(IntegrityError, match="role_needs_two"), acting(viewer):
        RoleGrant.objects.filter(officer=robin).update(ended_at=None)
    with pytest.raises(IntegrityError, match="role_needs_two"), acting(viewer):
        RoleGrant.objects.create(
            officer=robin,
            agency_id=robin.agency_id,
            role="analyst",
            granted_at=clock.now(),
            approval_id=approval.id,
        )


OTHERS = "second_factor_own_hands"


@pytest.mark.parametrize("who", ["nobody", "wren", "finch"])
def test_the_database_keeps_second_factors_in_their_owners_hands(people, who):
    """Neither without a token nor with another's is one lent, altered, moved or removed; also by an administrator."""
    held = factor(people)
    mine = factor(people, of="wren", secret="mine")
    theirs = Authenticator.objects.filter(id=held.id)
    attacks = (
        theirs.delete,
        lambda: theirs.update(data=mine.data),
        lambda: theirs.update(user=people["wren"].login),
        lambda: theirs.update(type="webauthn"),
        lambda: Authenticator.objects.filter(id=mine.id).update(user=people["robin"].login, type="webauthn"),
        lambda: Authenticator.objects.create(user=people["robin"].login, type="webauthn", data=mine.data),
    )
    for attack in attacks:
        acts = nullcontext() if who == "nobody" else acting(factories.viewer(people[who]))
        with pytest.raises(ProgrammingError, match=OTHERS), transaction.atomic(), acts:
            attack()
    assert theirs.get().data == {"secret": "invented"}


def test_an_agreement_takes_away_what_was_there_and_nothing_later(people):
    factor(people)
    approval = reset_asked(people)
    with pytest.raises(ProgrammingError, match=OTHERS), acting(factories.viewer(people["heron"])):
        Authenticator.objects.all().delete()  # asked for and not agreed to
    decide(people, approval)
    new = factor(people)

    for name in ("finch", "heron"):
        with pytest.raises(ProgrammingError, match=OTHERS), acting(factories.viewer(people[name])):
            Authenticator.objects.filter(id=new.id).delete()


def test_what_was_refused_or_is_about_somebody_else_takes_nothing_away(people):
    factor(people)
    factor(people, of="wren")
    decide(people, reset_asked(people), agreed=False)
    with pytest.raises(ProgrammingError, match=OTHERS), acting(factories.viewer(people["heron"])):
        Authenticator.objects.filter(user=people["robin"].login).delete()
    decide(people, reset_asked(people))
    with pytest.raises(ProgrammingError, match=OTHERS), acting(factories.viewer(people["heron"])):
        Authenticator.objects.filter(user=people["wren"].login).delete()


def test_before_anybody_is_known_a_recovery_code_is_used_up_and_nothing_else(people):
    held = factor(people, type_="recovery_codes", seed="sealed", used_mask=0b0101)
    row = Authenticator.objects.filter(id=held.id)
    for data in (
        {"seed": "sealed", "used_mask": 0b0100},  # a code comes back
        {"seed": "another", "used_mask": 0b0111},
        {"seed": "sealed"},
        {"seed": "sealed", "used_mask": 0b0111, "migrated_codes": ["1"]},
    ):
        with pytest.raises(ProgrammingError, match=OTHERS), transaction.atomic():
            row.update(data=data)

    row.update(data={"seed": "sealed", "used_mask": 0b0111}, last_used_at=clock.now())

    assert row.get().data["used_mask"] == 0b0111
