import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.checksums import mod97
from cets.domains.identifiers.kinds.folding import plain

_PREFIX = re.compile(r"(?:iban|account(?:\s*(?:no\.?|number))?)\s*[:=#]?\s*", re.IGNORECASE)
_IBAN_START = re.compile(r"[A-Z]{2}[0-9]{2}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_OTHER = re.compile(r"[A-Z0-9]{5,34}")
#: Length of an IBAN by country, from the public registry.
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27,
    "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25,
    "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18,
    "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33,
    "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28,
    "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}  # fmt: skip


class BankAccount(Kind):
    """`iban:...` with its check digits checked, else `account:...` with letters and digits only."""

    name = "bank_account"
    caption = "Bank account"
    in_text = "bank account"
    bits = 13.0  # one holder, or a household
    examples = (
        ("GB33 BUKB 2020 1555 5555 55", "iban:GB33BUKB20201555555555"),
        ("12-34-56 01234567", "account:12345601234567"),
    )

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        text = re.sub(r"[\s\-./]+", "", _PREFIX.sub("", plain(raw), count=1)).upper()
        if _IBAN_START.match(text) and text[:2] in IBAN_LENGTHS:
            return Value(kind=self.name, value=f"iban:{_iban(text)}", raw=raw)
        if not _OTHER.fullmatch(text) or not any(map(str.isdigit, text)):
            raise NotValid("A bank account has 5 to 34 letters and digits.")
        return Value(kind=self.name, value=f"account:{text}", raw=raw)

    def show(self, value: str) -> str:
        sort, _, number = value.partition(":")
        return " ".join(re.findall(".{1,4}", number)) if sort == "iban" else number


def _iban(text: str) -> str:
    if not _IBAN.fullmatch(text) or len(text) != IBAN_LENGTHS[text[:2]]:
        raise NotValid(
            f"An IBAN of {text[:2]} has {IBAN_LENGTHS[text[:2]]} letters and digits; this has {len(text)}."
        )
    if mod97(text[4:] + text[:4]) != 1:
        raise NotValid("The check digits of the IBAN do not fit: a character is wrong or two are swapped.")
    return text
