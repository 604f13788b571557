"""The registry of kinds. Importing it is cheap: what is heavy is loaded when a value first needs it."""

import msgspec

from cets.domains.identifiers import commons
from cets.domains.identifiers.kinds.account import Account
from cets.domains.identifiers.kinds.bank_account import BankAccount
from cets.domains.identifiers.kinds.base import Ambiguous, Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.device import Device
from cets.domains.identifiers.kinds.display_name import DisplayName
from cets.domains.identifiers.kinds.domain import Domain
from cets.domains.identifiers.kinds.email import Email
from cets.domains.identifiers.kinds.group import Group
from cets.domains.identifiers.kinds.handle import Handle
from cets.domains.identifiers.kinds.hash import Hash
from cets.domains.identifiers.kinds.imei import Imei
from cets.domains.identifiers.kinds.imsi import Imsi
from cets.domains.identifiers.kinds.ip import IPAddress
from cets.domains.identifiers.kinds.mac import Mac
from cets.domains.identifiers.kinds.onion import Onion
from cets.domains.identifiers.kinds.pgp import Pgp
from cets.domains.identifiers.kinds.phone import Phone
from cets.domains.identifiers.kinds.report_number import ReportNumber
from cets.domains.identifiers.kinds.url import Url
from cets.domains.identifiers.kinds.vehicle import Vehicle
from cets.domains.identifiers.kinds.wallet import Wallet

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Email(), Phone(), Account(), Handle(), DisplayName(), IPAddress(), Device(), Imei(), Imsi(), Mac(),
        Wallet(), Url(), Domain(), Onion(), Pgp(), BankAccount(), Vehicle(), Hash(), Group(),
        ReportNumber(),
    )
}  # fmt: skip


def clean(kind: str, raw: str, context: Context) -> Value:
    """Read `raw` as a value of `kind`.

    Say in `common` when it links nothing. Raises NotValid, Ambiguous, KeyError.
    """
    if len(raw) > KINDS[kind].longest_raw:
        raise NotValid(f"It is too long for this kind: more than {KINDS[kind].longest_raw} characters.")
    try:
        return _judged(KINDS[kind].clean(raw, context))
    except Ambiguous as doubt:
        doubt.readings = tuple(map(_judged, doubt.readings))
        raise


def _judged(value: Value) -> Value:
    why = commons.reason(value)
    return msgspec.structs.replace(value, common=why) if why else value
