import ipaddress
import re

from cets.domains.identifiers.kinds.base import Ambiguous, Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain
from cets.domains.identifiers.kinds.refang import refang

_V4 = re.compile(r"\d{1,4}(?:\.\d{1,4}){3}")
_WITH_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.%\w]+)\]|(\d{1,4}(?:\.\d{1,4}){3}))(?::(\d{1,5}))?")
_HIGHEST_PORT = 65535
_HIGHEST_OCTET = 255
_CARRIER_NAT = ipaddress.ip_network("100.64.0.0/10")


def is_carrier_nat(value: str) -> bool:
    """Say whether a canonical address is one that a provider shares among customers (RFC 6598)."""
    return value.startswith("100.") and ipaddress.ip_address(value) in _CARRIER_NAT


def split_port(raw: str) -> tuple[str, int | None]:
    """Return address and port of "203.0.113.24:51514" or "[2001:db8::77]:443".

    The port is None when not given.
    """
    text = refang(plain(raw))
    match = _WITH_PORT.fullmatch(text)
    if not match:
        return text, None
    port = int(match[3]) if match[3] else None
    if port is not None and not 0 < port <= _HIGHEST_PORT:
        raise NotValid("The port after the address is not between 1 and 65535.")
    return match[1] or match[2], port


class IPAddress(Kind):
    """Compressed, lower case.

    An IPv4 address inside IPv6 is read as IPv4. The port is no part of the value.
    """

    name = "ip"
    caption = "IP address"
    in_text = "IP address"
    bits = 8.0  # when the times meet; homes, schools and cafes share one
    examples = (
        ("203.0.113.24", "203.0.113.24"),
        ("2001:0DB8:4:5:0:0:0:77", "2001:db8:4:5::77"),
        ("198[.]51[.]100[.]7:51514", "198.51.100.7"),
    )

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        text, _ = split_port(raw)
        text = text.removesuffix("/32") if "." in text else text.removesuffix("/128")
        if "/" in text:
            raise NotValid("This is a range of addresses, not one address.")
        text = text.partition("%")[0]  # the network card of the machine that wrote it down
        if _V4.fullmatch(text):
            _refuse_leading_zeros(text)
        try:
            address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(text)
        except ValueError as fault:
            raise NotValid("This is not an IPv4 or IPv6 address.") from fault
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return Value(kind=self.name, value=str(address), raw=raw)


def _refuse_leading_zeros(text: str) -> None:
    """Some programs read "024" as twenty-four, others as octal twenty."""
    parts = text.split(".")
    if not any(len(part) > 1 and part.startswith("0") for part in parts):
        return
    readings = []
    for bases in ((10, 10), (8, 10)):
        try:
            octets = [int(part, bases[0] if part.startswith("0") else bases[1]) for part in parts]
        except ValueError:
            continue
        if all(octet <= _HIGHEST_OCTET for octet in octets):
            readings.append(".".join(map(str, octets)))
    if not readings:
        raise NotValid("This is not an IPv4 address.")
    raise Ambiguous("Numbers with leading zeros can be decimal or octal.", tuple(dict.fromkeys(readings)))
