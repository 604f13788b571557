"""What a message of a Discord page holds beside who wrote it and when: texts, answers, files, cards, reactions."""

import html
import re
from collections.abc import Iterator

import msgspec

from cets.domains.intake.html_tokens import REMARK
from cets.domains.intake.html_walk import Element

_ENTRIES = (
    "preamble__entry",
    "info__guild-name",
    "info__channel-name",
    "info__channel-topic",
    "info__channel-date-range",
)
_TEXTS = ("chatlog__content", "chatlog__system-notification-content")
_CALLED = ("chatlog__markdown-mention", "mention", "chatlog__system-notification-link")
#: In these the line breaks of the page are those of the message.
_AS_TYPED = re.compile(
    r"(?:chatlog__markdown-preserve|preserve-whitespace|(?:chatlog__markdown-)?pre--multiline)"
)
_EDITED = (
    "chatlog__edited-timestamp",
    "chatlog__reply-edited-timestamp",
    "chatlog__reference-edited-timestamp",
)
#: The same for all lines: a message may have many.
_BREAK = Element("br", 0)
_SCROLLS = re.compile(r"scrollToMessage\(event,\s*['\"](\d{1,20})['\"]\)")
_MEDIUM = re.compile(r"(?:Image|Video|Audio|File|Generic)\S*: (?P<name>.+) \([^()]{1,40}\)", re.DOTALL)


def entries(head: Element) -> list[Element]:
    """Return what the head of a page says, one after the other: the server, the channel, its topic, the range."""
    return [one for name in _ENTRIES for one in head.find_all(name)]


def messages_of(group: Element) -> list[Element]:
    """Return what stands in a group without boxes for messages as one element each: a text begins one, but for the first."""
    inside = group.find("chatlog__messages") or group
    messages, has_text = [Element(group.name, group.at)], False
    if inside is not group:
        messages[0].inside += [one for one in group.inside if one is not inside]
    for one in inside.inside:
        is_text = isinstance(one, Element) and "chatlog__content" in one.classes
        if isinstance(one, Element) and is_text and has_text:
            messages.append(Element(one.name, one.at))
        has_text = has_text or is_text
        messages[-1].inside.append(one)
    return messages


def is_system(element: Element) -> bool:
    """Say whether a message is a line of the app's own."""
    return any(element.find(f"chatlog__system-notification-{part}") for part in ("author", "content"))


class Answer(msgspec.Struct, frozen=True):
    """What a message answers. `said`: with the name of who said it; `called`: those whom it calls."""

    author: Element | None
    headers: tuple[tuple[str, str], ...]
    said: str
    called: tuple[Element, ...]


def answers(element: Element) -> Iterator[Answer]:
    """Take out of a message what it answers, or the command that it is the answer to."""
    for kind in ("reply", "reference"):
        element.take_all(f"chatlog__{kind}-symbol")
        for one in element.take_all(f"chatlog__{kind}"):
            _as_read(one)
            numbers = [
                found[1]
                for part in one.all()
                if (found := _SCROLLS.search(part.attributes.get("onclick", "")))
            ]
            for edited in _EDITED:
                one.take_all(edited)
            author = one.take(f"chatlog__{kind}-author")
            name = " ".join(author.words.split()) if author else ""
            said = " ".join(one.words.split())
            headers = [("Reply to message", numbers[0])] if numbers else []
            whole = ": ".join(filter(None, (name, said)))
            headers += [("Reply to", whole)] if whole else []
            yield Answer(author, tuple(headers), whole, tuple(called(one)))


def called(element: Element) -> list[Element]:
    """Return where an element calls somebody: an account, which stands behind the name, or many."""
    return [one for name in _CALLED for one in element.find_all(name)]


class Parts:
    """Takes the rest of a message apart. `targets`: addresses of its files; `told`: of what its texts show, what stands elsewhere."""

    def __init__(self, element: Element) -> None:
        self.headers: list[tuple[str, str]] = []
        self.attachments: list[str] = []
        self.targets: list[str] = []
        #: The words of each, and those whom it calls.
        self.cards: list[tuple[str, list[Element]]] = []
        self.told: set[str] = set()
        self.links: list[tuple[str, str]] = []
        self.shown: list[str] = []
        _as_read(element)
        self._reactions(element)
        for one in element.take_all("chatlog__attachment"):
            self._file(one)
        for one in element.take_all("chatlog__sticker"):
            self.attachments.append(f"sticker {one.attributes.get('title', '').strip() or one.words}".strip())
        self.cards += [
            (card, called(one)) for one in element.take_all("chatlog__embed") if (card := _card(one))
        ]
        for name in _EDITED:
            self.headers += [
                ("Edited", one.attributes.get("title", "").strip() or "yes") for one in element.take_all(name)
            ]
        self.called = called(element)
        self.told |= {one.attributes.get("title", "").strip() for one in self.called} | set(self.targets)
        self.texts: list[str] = []
        for text in [one for name in _TEXTS for one in element.take_all(name)]:
            self.links += text.links
            self.shown += text.shown
            self.texts += [text.words] if text.words else []

    def _reactions(self, element: Element) -> None:
        for one in element.take_all("chatlog__reaction"):
            count = one.take("chatlog__reaction-count")
            sign = one.words or one.attributes.get("title", "").strip()
            self.headers.append(("Reaction", f"{sign} {count.words if count else ''}".strip()))

    def _file(self, element: Element) -> None:
        is_hidden = bool(element.take_all("chatlog__attachment-spoiler-caption"))
        shown = next((found["name"] for said in element.shown if (found := _MEDIUM.fullmatch(said))), "")
        size = element.take("chatlog__attachment-generic-size")
        targets = [one.attributes.get(key, "").strip() for one in element.all() for key in ("href", "src")]
        target = next((one for one in targets if one and not one.startswith("#")), "")
        name = shown or " ".join(element.words.split()) or target.partition("?")[0].rpartition("/")[2]
        beside = "; ".join(filter(None, ("spoiler" if is_hidden else "", size.words if size else "")))
        self.attachments.append(f"{name or 'attachment'}{f' ({beside})' if beside else ''}")
        if "://" in target:
            self.targets.append(target)
        described = [
            said for said in element.shown if not _MEDIUM.fullmatch(said) and not said.endswith(" attachment")
        ]
        self.headers += [
            ("Description of the file", said) for said in dict.fromkeys(described) if said != name
        ]


def _card(element: Element) -> str:
    """Return what a preview or an invitation shows: its words, then where it leads, a line each."""
    targets = [one.attributes.get(key, "").strip() for one in element.all() for key in ("href", "src")]
    return "\n".join(dict.fromkeys(filter(None, (element.words, *(one for one in targets if "://" in one)))))


def _as_read(element: Element) -> None:
    """Keep line breaks where the page keeps them, show signs by their names, and leave out the exporter's own remarks."""
    for one in list(element.all()):
        is_typed = any(_AS_TYPED.fullmatch(name) for name in one.classes)
        inside: list[Element | str] = []
        for piece in one.inside:
            if isinstance(piece, Element) and piece.name == REMARK:
                continue
            if (
                isinstance(piece, Element)
                and piece.name == "img"
                and piece.classes & {"chatlog__emoji", "emoji"}
            ):
                inside.append(_sign(piece))
            elif is_typed and isinstance(piece, str) and "\n" in piece:
                first, *lines = piece.split("\n")
                inside += [first, *(part for line in lines for part in (_BREAK, line))]
            else:
                inside.append(piece)
        one.inside = inside


def _sign(image: Element) -> str:
    said = (image.attributes.get("alt") or image.attributes.get("title") or "").strip()
    return html.escape(f":{said}:" if said.isascii() and said else said)
