"""Persons of a report and what belongs to them: names, contacts, accounts, captured addresses, devices."""

from collections.abc import Iterator
from typing import Any

import msgspec

from cets.domains.identifiers.kinds.base import Role, Way
from cets.domains.intake.cybertip import vocabulary
from cets.domains.intake.cybertip.facts import Facts, words
from cets.domains.intake.cybertip.names import called
from cets.domains.intake.cybertip.owners import Owners, Subject, block_name
from cets.domains.intake.cybertip.record import Field, Leaf, Node
from cets.domains.intake.cybertip.values import is_calling_code, several_in, typed, with_code
from cets.domains.intake.cybertip.victims import calls_victim, child_words, victim_words
from cets.domains.intake.reading import Reader, epoch, split_port
from cets.domains.intake.rows import AnyRow, FreeText, NotUnderstood, Person
from cets.kernel.moments import Moment

#: Whose age alone says nothing of what they are.
_REPORTED = frozenset({"suspect", "convicted", "victim"})
_YES = frozenset({"true", "yes", "y", "1"})

_OWN_ACCOUNTS = ("billing", "linked", "business", "creator")
_COUNTED = (10, 13)  # digits of seconds and of milliseconds since 1970, in this century
_MESSAGE_IDS = frozenset({"messageid", "inreplyto", "references", "contentid"})
#: Into their fields goes whatever somebody is known by: what is no value there is searched like a text.
_OFTEN_OTHERS = frozenset({"handle", "account", "group"})
_SHORTEST = 5  # no identifier that is found in text is shorter


class Account(msgspec.Struct, frozen=True):
    """A user id met in a person block, so that chat lines can be tied to that person."""

    user_id: str
    subject: Subject


class People:
    """Reads person blocks of one file; knows which keys are in use and which user ids belong to whom."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._keys: set[str] = set()
        self._qualities: list[tuple[str, str]] = []
        self.facts = Facts()
        self.owners = Owners()
        self.accounts: list[Account] = []

    def read(
        self,
        node: Node,
        role: Role,
        label: str,
        *,
        platform: str | None = None,
        pivot: bool = True,
        said: tuple[Leaf, ...] = (),
    ) -> Iterator[AnyRow]:
        """Yield the rows of one person block: the person, then every identifier in it.

        Who is called a victim is one, wherever the report lists him, and so is a child who is not reported; nothing makes a
        victim anything else. `said`: texts taken before that call him one.
        """
        parts = [name for name in vocabulary.PERSON_PARTS if node.holds_objects(name)]
        blocks = [node, *node.nodes(*vocabulary.PERSON_WRAPPERS, *parts)]
        told = [leaf for block in blocks for leaf in victim_words(block)]
        for leaf in told:
            self.facts.hold("called", leaf)
            self._qualities.append(("called", f"{leaf.text} ({leaf.place})"))
        told += said
        young = [leaf for block in blocks for leaf in child_words(block)] if role not in _REPORTED else []
        if (told or young) and role != "victim":
            role = "victim"
            yield _called_victim(told) if told else _called_child(young)
        service = _first(blocks, *vocabulary.SERVICES)
        key = self._key(node, label)
        subject = Subject(role, key, service.text if service else platform, pivot)
        self.owners.add(node, subject)
        rows = [row for block in blocks for row in self._of_block(block, subject)]
        facts = [fact for block in blocks for fact in self._facts(block)]
        facts += [("service", service.text)] if service else []
        names, named = called(self._reader, blocks, subject)
        yield (person := self._person(blocks, subject, node.place, names, facts))
        yield from _in_words(person, label, subject)
        yield from rows
        yield from named
        yield from self.told()
        for number, other in enumerate(node.nodes("associatedAccount", "associatedAccounts"), 1):
            yield from self._associated(other, subject, f"{label}, associated account {number}")

    def searched(self, text: str, place: str) -> Iterator[AnyRow]:
        """Yield what is mentioned in a text that stands in no known field."""
        if len(text) < _SHORTEST or is_message_id(block_name(place)):
            return
        owner = self.owners.of(place)
        yield from self._reader.mentioned(
            text, place=place, role=owner.role, person=owner.person, pivot=owner.pivot
        )

    def told(self) -> Iterator[AnyRow]:
        """Yield what is mentioned in the texts that were taken as facts since it was asked last."""
        for leaf in self.facts.unsearched():
            yield from self.searched(leaf.text, leaf.place)

    def _of_block(self, block: Node, subject: Subject) -> Iterator[AnyRow]:
        yield from self._accounts(block, subject)
        yield from self.contacts(block, subject)
        yield from self.captures(block, subject)
        yield from self._prose(block, subject)

    def contacts(self, node: Node, subject: Subject) -> Iterator[AnyRow]:
        """Yield e-mail addresses and phone numbers of a block."""
        for field in node.fields(*vocabulary.EMAILS, inside=("address",)):
            self._use(field)
            for part in several_in("email", field.text):
                yield from self._declared("email", field, subject, raw=part, as_written=part)
        for field in node.fields(*vocabulary.PLATES):
            yield from self._declared("vehicle", field, subject)
        for field in node.fields(*vocabulary.PHONES, inside=("number",)):
            code = field.attributes.text("countryCallingCode", "callingCode", "countryCode")
            self._use(field)
            if code and not is_calling_code(code.text):
                self._qualities.append(("country code", f"{code.text} ({field.place})"))
            for part in several_in("phone", field.text):
                raw = with_code(part, code.text if code else None)
                yield from self._declared("phone", field, subject, raw=raw, as_written=part)

    def captures(self, node: Node, subject: Subject) -> Iterator[AnyRow]:
        """Yield addresses, devices and other values that the provider captured, with time, event and port."""
        captured = node.nodes("sourceInformation", "sourceInformations")
        for source in [node, *captured]:
            if source is not node and source.has(
                "captureType"
            ):  # the captures themselves, without a list around
                yield from self._capture(source, subject)
                continue
            for capture in source.nodes(*vocabulary.CAPTURES):
                yield from self._capture(capture, subject)
            for capture in source.nodes(*vocabulary.IP_EVENTS):
                yield from self._seen(capture, "ip", capture.text("ipAddress", "ip", "value"), subject)
            for device in source.nodes("deviceId", "deviceIds"):
                yield from self._device(device, subject)
        addresses = node.fields(*vocabulary.IPS, inside=("address",))
        port = node.text("port") if len(addresses) == 1 else None
        for field in addresses:
            if port:
                field.attributes.put("port", Leaf(port.text, port.place))
            yield from self._seen(field.attributes, "ip", field, subject)

    def captures_of_file(self, node: Node) -> Iterator[AnyRow]:
        """Yield the captures of an uploaded file; whose they are the report does not say."""
        yield from self.captures(node, Subject("unknown"))

    def of_nobody(self, node: Node, subject: Subject) -> Iterator[AnyRow]:
        """Yield accounts, addresses and contacts that stand in an incident or agency, not at a person."""
        self._qualities.clear()
        self.owners.add(node, subject)
        yield from self._accounts(node, subject)
        yield from self.contacts(node, subject)
        yield from self.captures(node, subject)
        if self._qualities:
            text = "; ".join(f"{label}: {text}" for label, text in self._qualities)
            yield FreeText(text=text, place=node.place, label="Further details")
            self._qualities.clear()
        yield from self.told()

    def geo_lookup(self, node: Node, role: Role) -> Iterator[AnyRow]:
        """Yield what a machine looked up about an address."""
        address = node.text("ipAddress", "ip", "value")
        if address:
            yield from self._declared("ip", address, Subject(role), way="looked_up")

    def account_id(
        self, user_id: str, place: str, subject: Subject, *, as_written: str | None = None, **facts: Any
    ) -> Iterator[AnyRow]:
        """Yield the account of a user id on the subject's platform; without one it is a bare handle."""
        shown = as_written or user_id
        base = {"role": subject.role, "person": subject.person, "pivot": subject.pivot, **facts}
        if subject.platform is None:
            yield from self._reader.declared("handle", user_id, place=place, as_written=shown, **base)
            return
        raw = user_id if user_id.lower().startswith("id:") else f"id:{user_id}"
        yield from self._reader.declared(
            "account", raw, place=place, platform=subject.platform, as_written=shown, **base
        )

    def _key(self, node: Node, label: str) -> str:
        given = node.text("id", "personId")
        key = given.text if given and given.text not in self._keys else label
        number = 2
        while key in self._keys:
            key, number = f"{label} ({number})", number + 1
        self._keys.add(key)
        return key

    def _person(
        self, blocks: list[Node], subject: Subject, place: str, names: list[str], facts: list[tuple[str, str]]
    ) -> Person:
        born = _first(blocks, "dateOfBirth", "dob")
        age = _first(blocks, "approximateAge", "age")
        if age:
            self.facts.hold("told of the age", age)
        facts = [*facts, *self._qualities]
        self._qualities.clear()
        return Person(
            key=subject.person or place,
            role=subject.role,
            place=place,
            names=tuple(names),
            birth_date=born.text if born else None,
            age=age.text if age else None,
            facts=tuple(facts),
        )

    def _facts(self, node: Node) -> Iterator[tuple[str, str]]:
        for name, label in vocabulary.FACTS.items():
            for text in self.facts.texts(node, name):
                yield label, text
        for wrapper in ("addresses", "address"):
            for address in node.nodes(wrapper):
                yield "address", self.facts.address(address)
        for location in node.nodes("espEstimatedLocations", "espEstimatedLocation", "estimatedLocation"):
            yield "location estimated by the provider", self.facts.joined(location, vocabulary.LOCATION)
        for name, leaf in node.flags():
            yield words(name), leaf.text

    def _accounts(self, node: Node, subject: Subject) -> Iterator[AnyRow]:
        for field in node.fields(*vocabulary.USER_IDS, inside=("id",)):
            self._use(field)
            self.accounts.append(Account(field.text, subject))
            yield from self.account_id(field.text, field.place, subject)
        for field in node.fields(*vocabulary.HANDLES, inside=("name",)):
            self._use(field)
            yield from self._handle(field, subject)
        for field in node.fields("displayName", "displayNames", inside=("name",)):
            self._use(field)
            yield from self._declared("display_name", field, subject)
        for field in node.fields(*vocabulary.URLS):
            self._use(field)
            yield from self._declared("url", field, subject)
        for field in node.fields("groupIdentifier", "groupIdentifiers"):
            self._use(field)
            yield from self._declared("group", field, subject)
        yield from self._prior_reports(node, subject)

    def _handle(self, field: Field, subject: Subject) -> Iterator[AnyRow]:
        if len(field.text.split()) > 1:
            # No user name has a space: what is called screen name here is the name that is shown.
            yield from self._declared("display_name", field, subject)
            return
        if subject.platform is None:
            yield from self._declared("handle", field, subject)
            return
        raw = f"{subject.platform.replace('/', ' ')}/{field.text}" if "/" in field.text else field.text
        yield from self._declared("account", field, subject, raw=raw)

    def _prior_reports(self, node: Node, subject: Subject) -> Iterator[AnyRow]:
        names = ("priorCybertipReports", "priorCybertipReport", "priorCTReports", "priorCTReport")
        for value in node.take(*names):
            # A list of numbers, of {"reportId": ...} or of {"value": ...}: all in use.
            holder = Node(node.place)
            holder.put(names[0], value)
            for field in _numbers(holder, names):
                yield from self._declared("report_number", field, subject, raw=f"ncmec:{field.text}")

    def _prose(self, node: Node, subject: Subject) -> Iterator[AnyRow]:
        """What the person wrote of himself is his; what the provider adds is of nobody in particular, but for a victim's."""
        for field in node.fields("profileBio", "bio"):
            self._use(field)
            yield from self._reader.free_text(
                field.text, place=field.place, label="Profile text", role=subject.role, person=subject.person
            )
        noted: dict[str, Any] = {}
        if subject.role == "victim":
            noted = {"role": subject.role, "person": subject.person}
        for field in node.fields(*vocabulary.PROSE):
            yield from self._reader.free_text(
                field.text, place=field.place, label="Additional information", pivot=subject.pivot, **noted
            )

    def _associated(self, node: Node, owner: Subject, label: str) -> Iterator[AnyRow]:
        """An account linked to the person's own: of his role only when it is said to be his, or when he is a victim."""
        kind = node.text("type", "accountType")
        platform = node.text("platform")
        if platform:
            self._use(platform)
        sort = kind.text.lower() if kind else ""
        is_own = owner.role == "victim" or sort.startswith(_OWN_ACCOUNTS)
        yield from self.read(
            node,
            owner.role if is_own else "unknown",
            f"{label} ({sort})" if sort else label,
            platform=platform.text if platform else None,
            pivot=owner.pivot,
            said=(Leaf(kind.text, kind.place),)
            if kind and _calls_victim_or_child(kind, is_own=is_own)
            else (),
        )

    def _capture(self, node: Node, subject: Subject) -> Iterator[AnyRow]:
        declared = node.text("captureType", "type")
        sort = "".join(filter(str.isalnum, declared.text.casefold())) if declared else ""
        if sort in ("deviceid", "device"):
            yield from self._device(node, subject)
            return
        if declared and sort in vocabulary.DEVICES:
            node.take("valueType")
            yield from self._seen(node, "device", node.text("value"), subject, type_name=declared.text)
            return
        value = node.text("value")
        kind = "ip" if vocabulary.IP_WORDS.fullmatch(sort) else vocabulary.CAPTURE_KINDS.get(sort)
        if value is None:
            return
        if kind is None:
            said = f"captured as “{declared.text}”" if declared else "captured without a type"
            yield NotUnderstood(text=f"The value at {value.place} is {said}: not read.", place=value.place)
            yield from self.searched(value.text, value.place)
            node.take("valueType")
            list(self._times(node))
            return
        kind_of_value = node.text("valueType")
        if kind == "user_id":
            yield from self.account_id(value.text, value.place, subject)
        elif kind == "screen_name":
            yield from self._handle(value, subject)
        else:
            name = kind_of_value.text if kind_of_value else None
            yield from self._seen(node, kind, value, subject, type_name=name)
        yield from self._doubts(node)

    def _device(self, node: Node, subject: Subject) -> Iterator[AnyRow]:
        kind = node.text(*vocabulary.DEVICE_TYPES)
        value = node.text(*vocabulary.DEVICE_VALUES) or node.text("deviceId", "identifier", "id")
        node.take("id")
        yield from self._seen(node, "device", value, subject, type_name=kind.text if kind else None)

    def _seen(
        self, node: Node, kind: str, value: Field | None, subject: Subject, *, type_name: str | None = None
    ) -> Iterator[AnyRow]:
        """One captured value with the event, the time and the port it was seen with."""
        event, proxy, port = node.text("eventName"), node.text("possibleProxy"), node.text("port")
        when = node.text(*vocabulary.TIMES)
        seen_at = self._moment(when) if when else None
        if value is None:
            return
        kind, whole = typed(kind, value.text, type_name)
        facts: dict[str, Any] = {"event": event.text if event else None, "seen_at": seen_at}
        if kind == "ip":
            facts["carrier_nat"] = bool(proxy and proxy.text.lower() in _YES)  # shared by many, like one
        for part in several_in(kind, whole):
            raw = part
            if kind == "ip":
                raw, facts["port"] = split_port(part, port.text if port else None)
            as_written = value.text if part == whole else part
            yield from self._declared(kind, value, subject, raw=raw, as_written=as_written, **facts)
        if kind == "ip" and port and facts["port"] is None:
            yield NotUnderstood(text=f"“{port.text[:20]}” at {port.place} is no port.", place=port.place)
        if when and seen_at:
            yield from self._reader.time_doubts(seen_at, place=when.place)

    def _doubts(self, node: Node) -> Iterator[AnyRow]:
        for when, place in self._times(node):
            yield from self._reader.time_doubts(when, place=place)

    def _times(self, node: Node) -> Iterator[tuple[Moment, str]]:
        node.take("eventName", "possibleProxy", "port")
        for when in node.fields(*vocabulary.TIMES):
            yield self._moment(when), when.place

    def _moment(self, when: Field) -> Moment:
        """Read a time, also one counted in seconds or milliseconds since 1970."""
        if len(when.text) in _COUNTED and when.text.isdecimal():
            return epoch(when.text, milliseconds=len(when.text) == max(_COUNTED))
        return self._reader.time(when.text)

    def _declared(
        self,
        kind: str,
        field: Field,
        subject: Subject,
        *,
        raw: str | None = None,
        as_written: str | None = None,
        way: Way = "declared",
        **facts: Any,
    ) -> Iterator[AnyRow]:
        self._use(field)
        whose: dict[str, Any] = {"place": field.place, "platform": subject.platform}
        whose |= {"role": subject.role, "person": subject.person, "pivot": subject.pivot}
        written = as_written or field.text
        rows = self._reader.declared(kind, raw or field.text, as_written=written, way=way, **whose, **facts)
        is_other = kind in _OFTEN_OTHERS
        for row in rows:
            yield row
            is_other = is_other and isinstance(row, NotUnderstood)
        if (is_other or kind == "display_name") and len(written) >= _SHORTEST:
            yield from self._reader.mentioned(written, **whose)

    def _use(self, field: Field) -> None:
        """Keep as facts the attributes that qualify a value without changing what it is."""
        field.attributes.take("id")
        for name in ("type", "verified", "verificationDate", "verifiedDate", "extension", "thirdPartyUser"):
            for given in field.attributes.fields(name):
                self.facts.hold(name, given)
                self._qualities.append((words(name), f"{given.text} ({field.place})"))


def _in_words(person: Person, label: str, subject: Subject) -> Iterator[AnyRow]:
    """Yield what is told of a person as a text that can be read and searched; of a victim it stays with her, unread."""
    told = [f"{name}: {text}" for name, text in person.facts if name in vocabulary.IN_WORDS]
    if told and subject.pivot and subject.role != "victim":
        yield FreeText(text="; ".join(told), place=person.place, label=label.capitalize())


def _called_victim(told: list[Leaf]) -> NotUnderstood:
    places = ", ".join(leaf.place for leaf in told)
    return NotUnderstood(
        text=f"The person is called a victim at {places}, though listed as another: read as a victim.",
        place=told[0].place,
    )


def _called_child(told: list[Leaf]) -> NotUnderstood:
    places = ", ".join(leaf.place for leaf in told)
    text = f"The person is said to be a child at {places}, though listed as another: read as a victim."
    return NotUnderstood(text=text, place=told[0].place)


def _calls_victim_or_child(kind: Field, *, is_own: bool) -> bool:
    """Say whether the type of an account calls its holder a victim, or, where it is not the reported person's own, a child."""
    if calls_victim("type", kind.text):
        return True
    holder = Node(kind.place)
    holder.put("type", Leaf(kind.text, kind.place))
    return not is_own and any(child_words(holder))


def is_message_id(name: str) -> bool:
    """Say whether a field of that name holds what mail programs number mails by, which looks like an address."""
    return "".join(filter(str.isalnum, name.casefold())) in _MESSAGE_IDS


def _first(blocks: list[Node], *names: str) -> Field | None:
    return next((field for block in blocks if (field := block.text(*names))), None)


def _numbers(holder: Node, names: tuple[str, ...]) -> Iterator[Field]:
    for node in holder.nodes(*names):
        yield from node.fields("reportId", "reportIds", "cybertipReportId", "number", "value", "id")
