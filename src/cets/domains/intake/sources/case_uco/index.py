"""What the objects of a graph are to each other: names for references, owners of accounts, threads of messages."""

import re
from typing import Any

import msgspec

from cets.domains.intake.sources.case_uco.node import Node
from cets.domains.intake.stated_roles import WORDS

MOST_KNOWN = 200_000
#: Facet and property that an object is shown by, with the kind of identifier it is.
SHOWN = {
    "EmailAddressFacet": ("addressValue", "email"), "PhoneAccountFacet": ("phoneNumber", "phone"),
    "MobileAccountFacet": ("MSISDN", "phone"), "IPv4AddressFacet": ("addressValue", "ip"), "IPv6AddressFacet": ("addressValue", "ip"),
    "IPAddressFacet": ("addressValue", "ip"), "DomainNameFacet": ("value", "domain"), "URLFacet": ("fullValue", "url"),
    "MACAddressFacet": ("addressValue", "mac"), "WifiAddressFacet": ("addressValue", "mac"),
    "BluetoothAddressFacet": ("addressValue", "mac"), "ApplicationFacet": ("name", ""), "ContactFacet": ("displayName", ""),
    "DigitalAccountFacet": ("displayName", ""), "AccountFacet": ("accountIdentifier", ""), "FileFacet": ("fileName", ""),
}  # fmt: skip


#: Facets that hold a value, or the object that does, by the property that names it.
_HELD = (
    ("emailAddress", None), ("phoneNumber", None), ("contactEmail", "contactEmailAddress"), ("contactPhone", "contactPhoneNumber"),
    ("contactAccount", None),
)  # fmt: skip


_NUMBER = re.compile(r"\+\d[\d\s().\-]{5,}")


def is_number(node: Node, account: str) -> bool:
    """Say whether the identifier of a telephone account is its number: some write the customer's number there."""
    return "PhoneAccount" in node.types and bool(_NUMBER.fullmatch(account))


class Index(msgspec.Struct):
    shown: dict[str, str] = msgspec.field(default_factory=dict)
    kinds: dict[str, str] = msgspec.field(default_factory=dict)  # of objects that are identifiers
    persons: set[str] = msgspec.field(default_factory=set)
    owners: dict[str, str] = msgspec.field(default_factory=dict)
    performers: set[str] = msgspec.field(default_factory=set)
    threads: dict[str, str] = msgspec.field(default_factory=dict)
    addresses: dict[str, str] = msgspec.field(default_factory=dict)  # of accounts that hold one by reference
    holders: dict[str, str] = msgspec.field(default_factory=dict)  # the other way round
    accounts: dict[str, str] = msgspec.field(
        default_factory=dict
    )  # their names, without mail addresses and numbers
    issuers: dict[str, str] = msgspec.field(default_factory=dict)  # of accounts: a body, else a program
    stated: dict[str, list[str]] = msgspec.field(
        default_factory=dict
    )  # what an object is by its types and name
    beside: dict[str, list[str]] = msgspec.field(
        default_factory=dict
    )  # of persons and their roles, both ways

    def add(self, value: Any) -> None:
        if not isinstance(value, dict) or len(self.shown) >= MOST_KNOWN:
            return
        node = Node(value, "")
        names = [name for facet in node.nodes("hasFacet") if (name := self._facet(node, facet))]
        stated = node.text("name")
        if node.id and node.id not in self.kinds:
            self.shown.setdefault(node.id, next(iter([*names, stated]), "") or node.id)
        if node.types & {"Person", "Contact"}:
            self.persons.add(node.id)
            self.stated[node.id] = sorted(node.types)
        elif any("Role" in sort or sort.casefold() in WORDS for sort in node.types):
            self.stated[node.id] = [*sorted(node.types), *filter(None, [stated])]
        if "InvestigativeAction" in node.types:
            self.performers.update(node.refs("performer"))
        self._related(node)

    def _related(self, node: Node) -> None:
        kind = node.text("kindOfRelationship").casefold()
        if kind == "has_account":
            for source in node.refs("source")[:1]:
                self.owners.update(dict.fromkeys(node.refs("target"), source))
        elif "role" in kind:
            for source in node.refs("source")[:1]:
                for target in node.refs("target"):
                    self.beside.setdefault(source, []).append(target)
                    self.beside.setdefault(target, []).append(source)

    def roles(self, person: str) -> list[str]:
        """Return the words by which the file says what a person is in the matter: his types, and the roles he has."""
        return [word for ref in (person, *self.beside.get(person, ())) for word in self.stated.get(ref, ())]

    def _facet(self, node: Node, facet: Node) -> str:
        """Learn from a facet; return what it shows its object by."""
        identity, name = node.id, ""
        if "SimpleNameFacet" in facet.types:
            name = " ".join(filter(None, (facet.text("givenName"), facet.text("familyName"))))
        for sort in sorted(facet.types & SHOWN.keys()):
            field, kind = SHOWN[sort]
            name = facet.text(field)
            is_host = kind == "domain" and "." not in name  # the name of a machine in its own network
            if name and kind and not is_host and identity not in self.kinds:
                self.kinds[identity], self.shown[identity] = kind, name
        self._held(identity, facet)
        for field in ("accountIssuer", "application"):
            if field == "accountIssuer" or "ApplicationAccountFacet" in facet.types:
                for ref in facet.refs(field)[:1]:
                    self.issuers[identity] = (
                        ref if field == "accountIssuer" else self.issuers.get(identity, ref)
                    )
        if "AccountFacet" in facet.types and name and "@" not in name.strip("@"):
            self.accounts.setdefault(identity, name)
            if is_number(node, name) and identity not in self.kinds:
                self.kinds[identity], self.shown[identity] = "phone", name
        for thread in facet.nodes("messageThread"):
            self.threads.update(dict.fromkeys(thread.refs("element"), identity))
        return name

    def _held(self, identity: str, facet: Node) -> None:
        for field, inner in _HELD:
            refs = (
                [ref for one in facet.nodes(field) for ref in one.refs(inner)] if inner else facet.refs(field)
            )
            for ref in refs:
                if field == "emailAddress":
                    self.addresses[identity] = ref
                    self.holders.setdefault(ref, identity)
                if "ContactFacet" in facet.types:
                    self.owners.setdefault(ref, identity)

    def issuer(self, identity: str) -> str | None:
        """Return the name of whose account an object is one of."""
        ref = self.issuers.get(identity)
        return self.known(ref) if ref else None

    def name(self, ref: str) -> str:
        target = self.addresses.get(ref, ref)
        return self.shown.get(target) or self.shown.get(ref, ref)

    def known(self, ref: str) -> str | None:
        """Return the name of what a reference means, None when the file does not hold it or it has no name."""
        name = self.name(ref)
        return None if name == ref or name == self.addresses.get(ref) else name

    def owner(self, identity: str) -> str | None:
        """Return the person whose account an object is; the address of an account is that person's, too."""
        owner = self.owners.get(identity) or self.owners.get(self.holders.get(identity, ""))
        return owner if owner in self.persons else None
