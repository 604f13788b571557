"""Values that go over the end of a line in a mail, also behind the marks of a quotation.

The ends of lines at which a value may go on are joined in a text of their own, which is read like any other; only what
goes over its joint counts. A number or a plate may go on after a blank; a word is joined only where the whole then has
the length or the check of its kind.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from cets.domains.identifiers.extract.page import Page
from cets.domains.identifiers.kinds.suffixes import public_suffix

_LINE_END = re.compile(r"\n(?:(?<=\S\n)|(?<=\S \n))(?=(?:>[> ]{0,10})?[\w+(@\[{.</?#%&=~\-])")
_QUOTE = re.compile(r"(?:>[> ]{0,10})?")
_SHORTEST_LINE = 40
#: After these nothing goes on, but for an address cut at its dot and "no.".
_ENDS_A_CLAUSE = frozenset(".,;!?\u2026\u3002\uff01\uff1f\u0964")
_IS_OPEN = re.compile(r"<[^\s<>]{3,119}\Z|@[\w.\-]{1,100}\.\Z|\bn[or]\.\Z", re.IGNORECASE)
_BEFORE, _AFTER = 120, 160
#: A group of a number, of a key or of a plate, at the end of a line and at the beginning of the next.
_GROUP_ENDS = re.compile(r"(?:(?<![^\s(+:=])\(?\+?[\dA-Z\-]{1,12}\)?|[@\[(]|(?:\[at\]|\(at\)))\Z")
_GROUP_BEGINS = re.compile(r"\(?\d[\d\-)]{0,14}(?![^\s\d.,;!?)\-])|[A-Z0-9\-]{2,12}(?!\w)|[@\[(]")
_VALUE_BEGINS = re.compile(r"(?:[\-:=] ?)?[@\"']?(?=[\w.\-/]{0,40}\d)\w")
_FIELD_ENDS = re.compile(r"[:=]\Z")
_FIELD_BEGINS = re.compile(r"[+(]?\d|[A-Z0-9]{2}")
_MARK_ENDS = re.compile(r"[\[({<][\w@.]{1,8}[\])}>]\Z")
_MARK_BEGINS = re.compile(r"[\[({<][\w@.]{1,8}[\])}>]")
_NUMBER_BEGINS = re.compile(r"#?\d{5,}")
_WORD_ENDS = re.compile(r"[A-Za-z0-9]{6,}\Z")
_WORD_BEGINS = re.compile(r"[A-Za-z0-9]{5,}")
_MAY_GO_ON = re.compile(r"[a-z]*(?:[\d>]|\.onion|[A-Z])|[^\s<>]{1,200}>")
_DIGIT_NEAR_END = re.compile(r"\d[a-z]{0,12}\Z")
_ONION_BEGINS = re.compile(r"[a-z2-7]{0,56}\.onion\b", re.IGNORECASE)
_PAGE_ENDS = re.compile(r"<(?:https?|hxxps?|ftp):/{0,2}[^\s<>]*\Z", re.IGNORECASE)
_PAGE_BEGINS = re.compile(r"[^\s<>]{1,200}>")
_MAIL_ENDS = re.compile(r"[\w+%\-]@(?:[\w\-]{1,63}\.){0,4}\Z")
_WHOLE = frozenset({32, 40, 64, 128})
_LONGEST_WORD = 130
_SHORTEST_WORD = 24


#: What may go over the end of a line. A name may not: what follows it is another word.
JOINED_KINDS = frozenset({
    "email", "phone", "url", "onion", "wallet", "hash", "pgp", "bank_account", "imei", "imsi", "vehicle", "report_number", "device", "mac",
})  # fmt: skip


_SIGNS_BETWEEN = 3


class Joint(NamedTuple):
    """Where two lines were joined, in the joined text."""

    start: int
    end: int


def _end(joint: Joint) -> int:
    return joint.end


class JoinedPage(Page):
    """The joined ends of a page's lines. Places lead back to the page."""

    def __init__(self, page: Page, pieces: list[tuple[int, str]], joints: list[Joint]) -> None:
        super().__init__("", page.context)
        self.base = page
        self.joints = joints
        self._starts, self._places, length = [], [], 0
        for place, piece in pieces:
            self._starts.append(length)
            self._places.append(place)
            length += len(piece)
        self.hold("".join(piece for _, piece in pieces))
        self.original = page.original

    def on_base(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the page's own folded text."""
        return self._on_base(start), self._on_base(end - 1) + 1

    def _on_base(self, place: int) -> int:
        index = bisect_right(self._starts, place) - 1
        return self._places[index] + place - self._starts[index]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        return self.base.origin(*self.on_base(start, end))

    def goes_over(self, start: int, end: int, kind: str) -> bool:
        """Say whether a place begins before a joint, or right after it, and ends after it.

        The address of a page goes on only between "<" and ">".
        """
        index = bisect_left(self.joints, start, key=_end)
        if index == len(self.joints) or self.joints[index].end >= end:
            return False
        return kind != "url" or (self.text[start - 1 : start] == "<" and self.text[end : end + 1] == ">")

    def begins_after(self, start: int) -> bool:
        """Say whether a place begins right after a joint, so that what announces it stands before."""
        index = bisect_right(self.joints, start, key=_end) - 1
        return index >= 0 and start - self.joints[index].end <= _SIGNS_BETWEEN


def joined(page: Page) -> JoinedPage | None:
    """Return the ends of lines at which something may go on, None when there are none."""
    pieces: list[tuple[int, str]] = []
    joints: list[Joint] = []
    length = 0
    for before, start, after, end in _line_ends(page.said):
        is_quoted = page.said[start:after].count(">") > 0
        for between in _ways(page.said[before:start], page.said[after:end], is_quoted=is_quoted):
            parts = [
                (before, page.said[before:start]),
                (start, between),
                (after, page.said[after:end]),
                (end - 1, "\n\n"),
            ]
            joint = length + start - before
            joints.append(Joint(joint, joint + len(between)))
            pieces += parts
            length += sum(len(text) for _, text in parts)
    return JoinedPage(page, pieces, joints) if joints else None


def _line_ends(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield the last part of a line and the first of the next, as four places."""
    for match in _LINE_END.finditer(text):
        end_of_line = match.start()
        while text[end_of_line - 1] == " ":
            end_of_line -= 1
        if text[end_of_line - 1] in _ENDS_A_CLAUSE and not _IS_OPEN.search(
            text, max(0, end_of_line - _BEFORE), end_of_line
        ):
            continue
        begin = text.rfind("\n", max(0, end_of_line - _BEFORE), end_of_line) + 1
        begin = begin or max(0, end_of_line - _BEFORE)
        if end_of_line - begin < _SHORTEST_LINE:
            continue
        after = _QUOTE.match(text, match.end())
        start = after.end() if after else match.end()
        end = text.find("\n", start, start + _AFTER)
        yield begin, end_of_line, start, end if end >= 0 else min(len(text), start + _AFTER)


def _ways(before: str, after: str, *, is_quoted: bool) -> Iterator[str]:
    """Yield what may have stood between: a blank, nothing."""
    if after[0].islower() and before[-1].islower() and _is_prose(before, after, is_quoted=is_quoted):
        return
    if (
        (_GROUP_ENDS.search(before) and _GROUP_BEGINS.match(after))
        or _NUMBER_BEGINS.match(after)
        or (_FIELD_ENDS.search(before) and _FIELD_BEGINS.match(after))
        or _MARK_ENDS.search(before)
        or _MARK_BEGINS.match(after)
        or (is_quoted and _VALUE_BEGINS.match(after))
    ):
        yield " "
    if _goes_on(before, after):
        yield ""


def _is_prose(before: str, after: str, *, is_quoted: bool) -> bool:
    if is_quoted and _VALUE_BEGINS.match(after):
        return False
    return not _MAY_GO_ON.match(after) and not _DIGIT_NEAR_END.search(before)


def _goes_on(before: str, after: str) -> bool:
    if _ONION_BEGINS.match(after) and _WORD_ENDS.search(before):
        return True
    head, tail = _WORD_ENDS.search(before), _WORD_BEGINS.match(after)
    if head and tail:
        sizes = len(head[0]), len(tail[0])
        is_mixed = any(map(str.isdigit, head[0] + tail[0]))
        return is_mixed and _SHORTEST_WORD <= sum(sizes) <= _LONGEST_WORD and _WHOLE.isdisjoint(sizes)
    if _PAGE_ENDS.search(before) and _PAGE_BEGINS.match(after):
        return True
    mail = _MAIL_ENDS.search(before)
    host = before.rpartition("@")[2].rstrip(".").lower()
    return bool(mail) and after[:1].isalnum() and not (host and "." in host and public_suffix(host))
