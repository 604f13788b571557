"""The six invented agencies, their duty teams and officers. Every name is a colour, a bird or a wind."""

from cets.sites.console.nation.model import Agency, Officer, Team

#: One password for everybody: the nation is a demonstration, and says so on every page.
DEMO_PASSWORD = "kestrel-lobby-homework-7"  # noqa: S105  (published on purpose, beside the made-up logins)

ROLES = (
    "intake_officer",
    "analyst",
    "investigator",
    "supervisor",
    "data_protection_officer",
    "administrator",
    "deconfliction_officer",
    "secondee",
)


def _officer(login: str, name: str, *roles: str, team: str, seconded_to: str | None = None) -> Officer:
    return Officer(login, name, roles, team, seconded_to)


ESX = Agency(
    code="ESX",
    name="Eastshire Police",
    country="GB",
    mailbox="info@eastshire.example",
    teams=(Team("ESX-DUTY", "Eastshire duty team", "+44 7700 900181", "duty@eastshire.example"),),
    officers=(
        _officer("adeyemi@esx.example", "R. Adeyemi", "intake_officer", team="ESX-DUTY"),
        _officer("amber@esx.example", "W. Amber", "analyst", team="ESX-DUTY"),
        _officer("russet@esx.example", "H. Russet", "investigator", team="ESX-DUTY"),
        _officer("cobalt@esx.example", "L. Cobalt", "supervisor", team="ESX-DUTY"),
        _officer("umber@esx.example", "D. Umber", "data_protection_officer", team="ESX-DUTY"),
        _officer("sable@esx.example", "A. Sable", "administrator", team="ESX-DUTY"),
    ),
)

NMR = Agency(
    code="NMR",
    name="Northmoor Police",
    country="GB",
    mailbox="info@northmoor.example",
    teams=(Team("NMR-DUTY", "Northmoor duty team", "+44 7700 900188", "duty@northmoor.example"),),
    officers=(
        _officer("ochre@nmr.example", "P. Ochre", "intake_officer", team="NMR-DUTY"),
        _officer("brandt@nmr.example", "T. Brandt", "analyst", "investigator", team="NMR-DUTY"),
        _officer("indigo@nmr.example", "S. Indigo", "supervisor", team="NMR-DUTY"),
    ),
)

WVL = Agency(
    code="WVL",
    name="Westvale Constabulary",
    country="GB",
    mailbox="info@westvale.example",
    teams=(Team("WVL-DUTY", "Westvale duty team", "+44 7700 900183", "duty@westvale.example"),),
    officers=(
        _officer("teal@wvl.example", "C. Teal", "intake_officer", team="WVL-DUTY"),
        _officer("mistral@wvl.example", "J. Mistral", "investigator", team="WVL-DUTY"),
        _officer("zephyr@wvl.example", "O. Zephyr", "supervisor", team="WVL-DUTY"),
        _officer("dunlin@wvl.example", "F. Dunlin", "secondee", team="WVL-DUTY", seconded_to="NDC"),
    ),
)

NFP = Agency(
    code="NFP",
    name="Norland Federal Police",
    country="US",
    mailbox="info@norland.example",
    teams=(Team("NFP-DUTY", "Norland duty team", "+1 202-555-0181", "duty@norland.example"),),
    officers=(
        _officer("vermilion@nfp.example", "B. Vermilion", "intake_officer", team="NFP-DUTY"),
        _officer("curlew@nfp.example", "G. Curlew", "analyst", "investigator", team="NFP-DUTY"),
        _officer("sirocco@nfp.example", "M. Sirocco", "supervisor", team="NFP-DUTY"),
    ),
)

NCC = Agency(
    code="NCC",
    name="Nereland Child Protection Centre",
    country="IE",
    mailbox="info@nereland.example",
    teams=(Team("NCC-DUTY", "Nereland duty team", "+44 1632 960184", "duty@nereland.example"),),
    officers=(
        _officer("plover@ncc.example", "N. Plover", "intake_officer", team="NCC-DUTY"),
        _officer("crimson@ncc.example", "E. Crimson", "analyst", team="NCC-DUTY"),
        _officer("avocet@ncc.example", "Y. Avocet", "supervisor", team="NCC-DUTY"),
    ),
)

NDC = Agency(
    code="NDC",
    name="National Co-ordination Centre",
    country="GB",
    mailbox="info@centre.example",
    teams=(
        Team("NDC-DUTY", "Centre duty team", "+44 1632 960190", "duty@centre.example"),
        Team("NDC-DESK", "Deconfliction desk", "+44 1632 960191", "desk@centre.example", duty=False),
    ),
    officers=(
        _officer("siskin@ndc.example", "V. Siskin", "intake_officer", "analyst", team="NDC-DUTY"),
        _officer("linnet@ndc.example", "Q. Linnet", "deconfliction_officer", team="NDC-DESK"),
        _officer("azure@ndc.example", "I. Azure", "deconfliction_officer", team="NDC-DESK"),
        _officer("monsoon@ndc.example", "U. Monsoon", "supervisor", team="NDC-DUTY"),
        _officer("garnet@ndc.example", "K. Garnet", "administrator", team="NDC-DUTY"),
        _officer(
            "sepia@ndc.example", "X. Sepia", "administrator", "data_protection_officer", team="NDC-DUTY"
        ),
    ),
)

AGENCIES = (ESX, NMR, WVL, NFP, NCC, NDC)


def intake_officer(code: str) -> Officer:
    """Return the officer of an agency who takes in what comes by hand."""
    agency = next(agency for agency in AGENCIES if agency.code == code)
    return next(officer for officer in agency.officers if "intake_officer" in officer.roles)


def get_agency(code: str) -> Agency:
    return next(agency for agency in AGENCIES if agency.code == code)
