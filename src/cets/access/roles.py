"""Who may do what: each role a short class that a non-developer can read."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cets.access.permissions import Permission as P


class Role:
    name: ClassVar[str]
    caption: ClassVar[StrPromise]
    description: ClassVar[StrPromise]
    permissions: ClassVar[frozenset[P]]
    #: A narrow role sees only the records that were given to its holder by name.
    narrow: ClassVar[bool] = False


_WORK = frozenset({P.REPORT_VIEW, P.REPORT_ADD, P.REPORT_GRADE, P.SEARCH, P.HIT_SETTLE, P.ORIGINAL_OPEN})


class IntakeOfficer(Role):
    name = "intake_officer"
    caption = _("Intake officer")
    description = _("Takes in reports, grades them, reads and settles hits of the own agency.")
    permissions = _WORK | {P.REPORT_SHARE}


class Analyst(Role):
    name = "analyst"
    caption = _("Analyst")
    description = _("Works on reports and hits of the own agency and may reveal a victim's value.")
    permissions = _WORK | {P.REPORT_SHARE, P.IDENTIFIER_REVEAL}


class Investigator(Role):
    name = "investigator"
    caption = _("Investigator")
    description = _("Reads the reports of the own agency, adds to them, settles hits, may reveal a victim's value.")
    permissions = _WORK | {P.IDENTIFIER_REVEAL}


class Supervisor(Role):
    name = "supervisor"
    caption = _("Supervisor")
    description = _("As an analyst; also assigns work within the agency.")
    permissions = Analyst.permissions | {P.WORK_ASSIGN}


class Secondee(Role):
    name = "secondee"
    caption = _("Secondee")
    description = _("Of another agency, sees only the reports that were given to them by name.")
    permissions = frozenset({P.REPORT_VIEW, P.SEARCH})
    narrow = True


class DeconflictionOfficer(Role):
    name = "deconfliction_officer"
    caption = _("Deconfliction officer")
    description = _("Of the national centre: is told of pairs of silent records, and whom to call. Reads no report.")
    permissions = frozenset({P.SILENT_PAIRS})


class DataProtectionOfficer(Role):
    name = "data_protection_officer"
    caption = _("Data-protection officer")
    description = _("Reads the record of who saw and did what in the own agency. Reads no report.")
    permissions = frozenset({P.AUDIT_VIEW})


class Administrator(Role):
    name = "administrator"
    caption = _("Administrator")
    description = _("Looks after agencies, teams, officers; asks for and approves roles. Reads no report.")
    permissions = frozenset({P.AGENCY_MANAGE, P.OFFICER_MANAGE, P.ROLE_REQUEST, P.ROLE_APPROVE})


class CommandLine(Role):
    name = "command_line"
    caption = _("Command line")
    description = _("The service account as which `cets --agency CODE` acts.")
    permissions = _WORK | {P.REPORT_SHARE, P.IDENTIFIER_REVEAL}


ROLES: dict[str, type[Role]] = {
    role.name: role
    for role in (
        IntakeOfficer,
        Analyst,
        Investigator,
        Supervisor,
        Secondee,
        DeconflictionOfficer,
        DataProtectionOfficer,
        Administrator,
        CommandLine,
    )
}
