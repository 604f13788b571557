"""The document type at the head of an XML file: where it stands, so that it can be taken off and nothing of it is resolved."""

import re
from typing import Final

_BLANK: Final = re.compile(r"\s*")
_SIGN: Final = re.compile(r"[\"'<>\[\]]")
_TYPE: Final = "<!DOCTYPE"
#: What is passed over as it stands, and what ends it.
_PASSED: Final = (("<!--", "-->"), ("<?", "?>"))
#: An entity that is declared somewhere else than in XML itself.
REFERENCE: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(?=[^\W\d][\w.:\-]{0,100};)")


def taken_off(text: str) -> tuple[str, str] | None:
    """Return a text without the document types before its first element, and these; None where their end is not in it."""
    kept, types, at = list[str](), list[str](), 0
    while True:
        begin = _begin(text, at)
        if begin is None:
            return None
        kept.append(text[at:begin])
        if text[begin : begin + len(_TYPE)].upper() != _TYPE:
            return "".join((*kept, text[begin:])), "\n".join(types)
        end = _end(text, begin + len(_TYPE))
        if end is None:
            return None
        types.append(text[begin:end])
        at = end


def _begin(text: str, at: int) -> int | None:
    """Return where the first declaration or element behind comments and instructions is; None when that is not in the text."""
    while True:
        at = _blank(text, at)
        if len(text) - at < len(_TYPE) and "<!--".startswith(text[at : at + 4]):
            return None
        behind = _behind(text, at)
        if behind is None:
            return None
        if behind == at:
            return at
        at = behind


def _behind(text: str, at: int) -> int | None:
    """Return where a comment or an instruction ends, `at` itself where there is none, None when it does not end."""
    for first, last in _PASSED:
        if text.startswith(first, at):
            end = text.find(last, at + len(first))
            return None if end < 0 else end + len(last)
    return at


def _end(text: str, at: int) -> int | None:
    """Return where a document type ends. What stands in quotes or in a comment ends nothing."""
    depth, is_inside = 0, False
    while found := _SIGN.search(text, at):
        sign, at = found[0], found.end()
        if sign in "\"'":
            at = text.find(sign, at) + 1
            if not at:
                return None
        elif sign == "<":
            behind = _behind(text, found.start())
            if behind is None:
                return None
            depth, at = (depth, behind) if behind > found.start() else (depth + 1, at)
        elif sign == ">":
            if not depth and not is_inside:
                return at
            depth = max(depth - 1, 0)
        elif not depth:
            is_inside = sign == "["
    return None


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
