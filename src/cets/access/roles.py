"""Who may do what: each role a short class that a non-developer can read."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cets.access.permissions import Permission


class Role:
    name: ClassVar[str]
    caption: ClassVar[Promise]
    description: ClassVar[Promise]
    permissions: ClassVar[frozenset[Permission]]
    #: A narrow role sees only the records that were given to its holder by name.
    narrow: ClassVar[bool] = False


_WORK = frozenset(
    {
        Permission.REPORT_VIEW,
        Permission.REPORT_ADD,
        Permission.REPORT_GRADE,
        Permission.SEARCH,
        Permission.HIT_SETTLE,
        Permission.ORIGINAL_OPEN,
    }
)


class IntakeOfficer(Role):
    name = "intake_officer"
    caption = _("Intake officer")
    description = _("Takes in reports, grades them, reads and settles hits of the own agency.")
    permissions = _WORK | {Permission.REPORT_SHARE}


class Analyst(Role):
    name = "analyst"
    caption = _("Analyst")
    description = _("Works on reports and hits of the own agency and may reveal a victim's value.")
    permissions = _WORK | {Permission.REPORT_SHARE, Permission.IDENTIFIER_REVEAL}


class Investigator(Role):
    name = "investigator"
    caption = _("Investigator")
    description = _(
        "Reads the reports of the own agency, adds to them, settles hits, may reveal a victim's value."
    )
    permissions = _WORK | {Permission.IDENTIFIER_REVEAL}


class Supervisor(Role):
    name = "supervisor"
    caption = _("Supervisor")
    description = _("As an analyst; also assigns work within the agency.")
    permissions = Analyst.permissions | {Permission.WORK_ASSIGN}


class Secondee(Role):
    name = "secondee"
    caption = _("Secondee")
    description = _("Of another agency, sees only the reports that were given to them by name.")
    permissions = frozenset({Permission.REPORT_VIEW, Permission.SEARCH})
    narrow = True


class DeconflictionOfficer(Role):
    name = "deconfliction_officer"
    caption = _("Deconfliction officer")
    description = _(
        "Of the national centre: is told of pairs of silent records, and whom to call. Reads no report."
    )
    permissions = frozenset({Permission.SILENT_PAIRS})


class DataProtectionOfficer(Role):
    name = "data_protection_officer"
    caption = _("Data-protection officer")
    description = _("Reads the record of who saw and did what in the own agency. Reads no report.")
    permissions = frozenset({Permission.AUDIT_VIEW})


class Administrator(Role):
    name = "administrator"
    caption = _("Administrator")
    description = _(
        "Looks after agencies, teams, officers and the agency's own patterns; asks for and approves roles. Reads no report."
    )
    permissions = frozenset(
        {
            Permission.AGENCY_MANAGE,
            Permission.OFFICER_MANAGE,
            Permission.ROLE_REQUEST,
            Permission.ROLE_APPROVE,
        }
    )


class CommandLine(Role):
    name = "command_line"
    caption = _("Command line")
    description = _("The service account as which `cets --agency CODE` acts.")
    permissions = _WORK | {Permission.REPORT_SHARE, Permission.IDENTIFIER_REVEAL}


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
