"""Which text is the number that another body gave a report, and which only stands where one should."""

import re

from cets.domains.identifiers.kinds.folding import plain

#: A number of digits alone has five or more, as everywhere where bare digits are taken for one: the body counts its
#: reports by the million, and what is shorter counts files or pages. Unrelated reports that are merged are worse than
#: a supplement that stands alone, which is said.
_FEWEST = 5
_FEWEST_WITH_LETTERS = 2  # "EX-12"; a single one counts copies: "draft1", "v2"
_DIGITS = re.compile(
    r"(?:(?:ncmec|cyber ?tip(?:line)?|report|number|no|nr|id)\b[ .:#\-]*)*#? ?(\d[\d ]*)(?:\.0+)?",
    re.ASCII | re.IGNORECASE,
)
_FORM = re.compile(r"[^\W_][\w/.:\- ]{0,60}")
_DATE = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}\b.*|\d{1,2}([-/.])\d{1,2}\2\d{4}\b.*")
_RUNS = ("01234567890123456789", "98765432109876543210")
_NO_NUMBERS = frozenset({
    "tbd", "tba", "tbc", "todo", "test", "testing", "sample", "example", "demo", "dummy", "draft", "placeholder", "unknown",
    "unk", "pending", "none", "null", "nil", "nan", "na", "undefined", "missing", "not", "see", "xxx", "xxxx", "xxxxx",
    "new", "temp", "tmp", "default", "insert", "enter", "attached", "copy", "page",
})  # fmt: skip


def report_number(written: str) -> str | None:
    """Return a report's number in the one spelling by which its supplements find it; None for a placeholder."""
    text = plain(written)
    digits = _DIGITS.fullmatch(text)
    number = digits[1].replace(" ", "") if digits else text
    return number if _is_number(number) else None


def _is_number(text: str) -> bool:
    if not _FORM.fullmatch(text) or _DATE.fullmatch(text):
        return False
    words = re.findall(r"[^\W\d_]+", text.casefold())
    counted = "".join(filter(str.isdigit, text)).lstrip("0")
    is_lettered = words and " " not in text and counted
    fewest = _FEWEST_WITH_LETTERS if is_lettered else _FEWEST
    is_long = len(re.findall(r"\d", text) if is_lettered else counted) >= fewest
    is_filled_in = len(counted) >= _FEWEST and (
        len(set(counted)) == 1 or any(counted in run for run in _RUNS)
    )
    return is_long and not is_filled_in and _NO_NUMBERS.isdisjoint(words)
