"""What a message of a Telegram page holds beside its text: files, a place, a contact, a call, a poll, buttons."""

import re

from cets.domains.intake.html_walk import Element

_COORDINATES = re.compile(r"[?&](?:q|ll)=(-?\d{1,3}(?:\.\d{1,20})?),\s?(-?\d{1,3}(?:\.\d{1,20})?)")
#: Pictures and films that are shown in the page, in a link to the file.
_SHOWN = ("photo_wrap", "video_file_wrap", "animated_wrap", "sticker_wrap")
_KINDS = {
    "photo_wrap": "Photo", "video_file_wrap": "Video", "animated_wrap": "Animation", "sticker_wrap": "Sticker",
}  # fmt: skip
_PLACES = frozenset({"media_location", "media_live_location", "media_venue"})
_NO_FILES = {"media_game": "Game", "media_invoice": "Invoice"}
_VCARD = re.compile(r"\s*-\s*vCard\s*$", re.IGNORECASE)


class Media:
    """What was taken out of the elements of one message. `targets`: addresses outside of the export that are declared."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.headers: list[tuple[str, str]] = []
        self.attachments: list[str] = []
        self.files: list[str] = []
        self.targets: list[str] = []
        self.contact = self.phone = ""
        self.is_call = False

    def take(self, element: Element) -> None:
        """Take all of it out of an element."""
        for wrap in _SHOWN:
            for one in element.take_all(wrap):
                self._file(one, " ".join((_KINDS[wrap], *one.words.split("\n"))).strip())
        for one in element.take_all("media_poll"):
            self._poll(one)
        for one in element.take_all("media"):
            self._medium(one)
        for one in element.take_all("bot_buttons_table"):
            for button in one.find_all("bot_button"):
                targets = [target for target, _ in button.links]
                self.headers.append(("Button", ": ".join(filter(None, (button.words, *targets)))))

    def _file(self, element: Element, label: str) -> None:
        name = element.attributes.get("href", "").strip()
        if name:
            self.files.append(name)
            self.attachments.append(f"{name}: {label}" if label else name)
        elif label:
            self.attachments.append(label)

    def _medium(self, element: Element) -> None:
        sorts = element.classes
        title, description, status = (
            _words(element.take(*one.split())) for one in ("title bold", "description", "status")
        )
        target = element.attributes.get("href", "").strip()
        further = element.words
        if "media_call" in sorts:
            self.is_call = True
            self.lines.append(f"Call to {title or 'somebody'}: {status or 'no more is said'}")
        elif "media_contact" in sorts:
            self.contact, self.phone = title, _VCARD.sub("", status)
            if target:
                self.files.append(target)
                self.attachments.append(target)
        elif sorts & _PLACES:
            self._place(title if "media_venue" in sorts else "", description, status, target)
        elif named := next((caption for sort, caption in _NO_FILES.items() if sort in sorts), ""):
            self.headers.append((named, "; ".join(filter(None, (title, description, status)))))
            self.targets += [target] if target else []
        else:
            beside = "; ".join(filter(None, (description, status)))
            self._file(element, f"{title} ({beside})" if title and beside else title or beside)
        if further:
            self.headers.append(("Beside the file", further))

    def _place(self, title: str, description: str, status: str, target: str) -> None:
        found = _COORDINATES.search(target)
        where = f"{found[1]}, {found[2]}" if found else status
        captions = (("Location", where), ("Place", title), ("Address", description))
        self.headers += [(caption, said) for caption, said in captions if said]
        self.targets += [target] if target else []

    def _poll(self, element: Element) -> None:
        asked = _words(element.take("question"))
        self.lines += [f"Poll: {asked}"] if asked else []
        self.lines += [answer.words for answer in element.take_all("answer")]
        if said := "; ".join(filter(None, element.words.split("\n"))):
            self.headers.append(("Poll", said))


def _words(element: Element | None) -> str:
    return " ".join(element.words.split()) if element else ""
