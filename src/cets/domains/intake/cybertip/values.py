"""What a field holds beside or instead of one plain value: several values, a calling code, the sort of a device."""

import re

#: What each part must look like for a text to be several values of a kind. A phone number has seven digits at the
#: least: "0171 / 1234567" is one.
_PARTS = {
    "email": re.compile(r"[^\s@]+@[^\s@]+"),
    "ip": re.compile(r"[0-9A-Fa-f.:\[\]]{3,50}"),
    "phone": re.compile(r"(?=(?:\D*\d){7})\+?[\d ()./\-]{7,30}"),
}
_SIGNS = r"\s*[;,|\n]\s*|\s+(?:/|&|and|or|und|oder|et|ou|y|e|o)\s+"
_BETWEEN = {
    "email": re.compile(_SIGNS + r"|\s*/\s*|\s+(?=[^\s@]+@)", re.IGNORECASE),
    "ip": re.compile(_SIGNS, re.IGNORECASE),
    "phone": re.compile(_SIGNS + r"|\s*/\s*(?=\+)|\s+(?=\+)", re.IGNORECASE),
}
_MOST_LISTED = 2_000  # characters of a field that may hold several values


def several_in(kind: str, text: str) -> list[str]:
    """Return the values of a field into which several were written, or the text as it is."""
    part = _PARTS.get(kind) if len(text) <= _MOST_LISTED else None
    parts = [each for each in _BETWEEN[kind].split(text.strip()) if each] if part else []
    return parts if part and len(parts) > 1 and all(map(part.fullmatch, parts)) else [text]


def with_code(number: str, code: str | None) -> str:
    """Return a number with the calling code that stands beside it."""
    if code is None or not is_calling_code(code) or number.lstrip().startswith("+"):
        return number
    return f"+{code.lstrip('+')} {number}"


def is_calling_code(code: str) -> bool:
    """Say whether a text is a calling code, with or without its sign."""
    return code.removeprefix("+").isdecimal()


def typed(kind: str, raw: str, type_name: str | None) -> tuple[str, str]:
    """Return the kind that the declared type names, and the value with its scheme if the kind has several."""
    words = "".join(filter(str.isalnum, (type_name or "").casefold()))
    if kind != "device" or not words:
        return kind, raw
    if words in ("imei", "imsi", "mac", "macaddress"):
        return words.removesuffix("address"), raw
    scheme = {"idfa": "idfa", "gaid": "gaid", "aaid": "gaid", "adid": "gaid", "googleadvertisingid": "gaid"}
    return kind, f"{scheme[words]}:{raw}" if words in scheme else raw
