import re

from cets.domains.identifiers.kinds.base import Ambiguous, Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.folding import plain

_PARTS = re.compile(
    r"([^\W\d_][\w .&\-]{0,60}?)\s*(?::|#|/|\bno\.?|\bnumber\b|\s)\s*#?\s*([A-Z0-9][A-Z0-9/._\-]{2,40})",
    re.IGNORECASE,
)
_OURS = re.compile(r"CETS-[A-Z]{2,6}-\d{4}-\d{6}", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/._\-]{2,40}", re.IGNORECASE)
_SAME_BODY = {
    "cybertip": "ncmec",
    "cybertipline": "ncmec",
    "cybertipreport": "ncmec",
    "cybertiplinereport": "ncmec",
}


class ReportNumber(Kind):
    """`body:number`.

    It says which report is meant, not who is: supplements are joined by it, people never.
    """

    name = "report_number"
    caption = "Report number"
    in_text = "report number of another body"
    pivot = False
    bits = 0.0  # names a report, not a person
    examples = (("NCMEC 990000101", "ncmec:990000101"), ("CyberTip: 990000101", "ncmec:990000101"))

    def clean(self, raw: str, context: Context) -> Value:
        text = plain(raw)
        if _OURS.fullmatch(text):
            return Value(kind=self.name, value=f"cets:{text.lower()}", raw=raw)
        if parts := _PARTS.fullmatch(text):
            body, number = parts[1], parts[2]
        elif context.platform and _NUMBER.fullmatch(text):
            body, number = context.platform, text
        elif _NUMBER.fullmatch(text):
            raise Ambiguous("The body that gave this number is not named.")
        else:
            raise NotValid("A report number is the name of a body and the number it gave.")
        if not any(map(str.isdigit, number)):
            raise NotValid("A report number holds at least one digit.")
        key = re.sub(r"[\W_]+", "", body.casefold())
        return Value(kind=self.name, value=f"{_SAME_BODY.get(key, key)}:{number.lower()}", raw=raw)

    def show(self, value: str) -> str:
        body, _, number = value.partition(":")
        return number.upper() if body == "cets" else f"{body.upper()} {number.upper()}"
