import re
from functools import lru_cache
from typing import NoReturn

from cets.domains.identifiers.kinds.base import Ambiguous, Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.countries import a_country
from cets.domains.identifiers.kinds.folding import plain

# Numbers set aside for drama and documentation. Numbering plans call some of them invalid; here they are
# ordinary.
_DOCUMENTATION = re.compile(
    r"\+44(?:7700900|1632960|20794600?|1914980|2890180|2920180|3069990|8081570|9098790|1[1-6][1-8]4960)\d{3}"
    r"|\+1[2-9]\d\d55501\d\d"
    r"|\+61[2378](?:5550|7010)\d{4}"
    r"|\+33(?:19900|26191|35301|46571|53649|63998)\d{4}"
    r"|\+35320915\d{4,5}"
)
_EXTENSION = re.compile(r"\s*[,;]?\s*(?:ext(?:ension)?\.?|x|#|;ext=)\s*:?\s*\d{1,6}\s*$", re.IGNORECASE)
_PREFIX = re.compile(
    r"['=\"]{0,2}(?:[A-Za-z][A-Za-z. ]{0,20}:(?://)?)?\s*"
)  # "tel:", "Mobile:", a sheet's quote
_REMARK = re.compile(r"\s*\([A-Za-z][A-Za-z .]*\)\s*$")  # "(mobile)"
_WRITTEN = re.compile(r"[+\d\s().\-/]+")
_GROUPED = re.compile(r"\d[^\w+]+\d")
_LETTERS_FOR_DIGITS = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "|": "1"})
_LEAST_REAL_DIGITS = 5
_SHORTEST, _LONGEST = 7, 15
_LEAST_WITH_CODE = 11  # shorter digits that are not given out at home may be any country's
_MAX_RAW = 64
# Where a number is tried, only to name candidates, when the reading agency's own country does not take it.
_OTHERS_WITH_TRUNK = ("GB", "IE", "DE", "FR", "NL", "AU")
_OTHERS_WITHOUT = ("US", "ES", "DK", "NO", "PL")


class Phone(Kind):
    """E.164. A number without country code is read with the country of the reading agency, and says so.

    Digits that are a number there and just as well one with a country's code before it are both, in doubt.
    """

    name = "phone"
    caption = "Phone number"
    in_text = "phone number"
    bits = 10.3  # one holder at a time, but numbers are given out again and phones are shared
    longest_raw = 250
    examples = (
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 1632 960123", "+441632960123"),
        ("+1 (202) 555-0143", "+12025550143"),
    )

    def clean(self, raw: str, context: Context) -> Value:
        text, assumptions = _digits(raw)
        is_grouped = _GROUPED.search(raw) is not None
        readings = _read(text, (context.country or "").upper(), is_grouped=is_grouped)
        values = tuple(
            Value(
                kind=self.name, value=number, raw=raw, in_doubt=len(readings) > 1,
                assumed="; ".join([*assumptions, said] if said else assumptions) or None,
            )
            for number, said in readings
        )  # fmt: skip
        if len(values) > 1:
            raise Ambiguous(
                "It is a national number, or begins with the code of a country; the plus that would tell is missing.",
                tuple(value.value for value in values),
                values,
            )
        return values[0]

    def show(self, value: str) -> str:
        import phonenumbers  # noqa: PLC0415 - heavy; see clean

        try:
            number = phonenumbers.parse(value)
        except phonenumbers.NumberParseException:
            return value
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def _digits(raw: str) -> tuple[str, list[str]]:
    """Return the number in digits and a leading "+", and what was taken for granted on the way."""
    assumptions: list[str] = []
    text = _REMARK.sub("", _PREFIX.sub("", plain(raw), count=1)).strip()
    if len(text) > _MAX_RAW:
        raise NotValid("It is too long for a phone number.")
    without = _EXTENSION.sub("", text)
    if without != text:
        assumptions.append("the extension is left out")
    spelt = without.translate(_LETTERS_FOR_DIGITS)
    if spelt != without and sum(map(str.isdigit, without)) >= _LEAST_REAL_DIGITS:
        assumptions.append("letters that look like digits were read as digits")
        without = spelt
    if not _WRITTEN.fullmatch(without) or without.rfind("+") > without.find("+") + 1:
        raise NotValid("A phone number is written with digits, spaces, brackets and hyphens only.")
    digits = re.sub(r"\D", "", without.replace("(0)", "", 1) if "+" in without else without)
    if not digits:
        raise NotValid("It holds no digits.")
    return ("+" if "+" in without else "") + digits, assumptions


_Reading = tuple[str, str | None]  # the number, and what was taken for granted


def _read(text: str, country: str, *, is_grouped: bool) -> tuple[_Reading, ...]:
    """Return the number with what is assumed; two where the text is as good for either."""
    if text.startswith("+"):
        return ((_international(text), None),)
    if text.startswith("00") and (number := _accepted("+" + text[2:], None)):
        return ((number, None),)
    if len(text) > _LONGEST + 2:
        raise NotValid("It has more digits than a phone number can have.")
    readings = _without_a_plus(text, country, is_grouped=is_grouped) if country else ()
    if not readings:
        _refuse(text, country)
    return readings


def _without_a_plus(text: str, country: str, *, is_grouped: bool) -> tuple[_Reading, ...]:
    """Return how digits without "+" and 00 can be read: in the reading country, with the code they begin with, or both.

    `is_grouped`: somebody set it off in groups, and would have written the plus; programs leave it out.
    """
    national, coded = _accepted(text, country), _accepted("+" + text, None)
    at_home = f"read as {a_country(country)} number"
    if national and (
        is_grouped or national == coded or text.startswith("0") or _is_written_so(text, national)
    ):
        return ((national, at_home),)
    if national and _is_too_long(national, country):
        if coded:
            national = None
        elif _is_possible("+" + text):
            coded = "+" + text  # neither is given out in this length
    is_own = text.startswith(_calling_code(country))
    is_foreign = not is_grouped and len(text) >= _LEAST_WITH_CODE and _is_possible(text, country)
    if not national and not is_own and not is_foreign:
        return ()
    with_code = f"{at_home if is_own else 'read'} with its country code"
    return tuple((number, said) for number, said in ((national, at_home), (coded, with_code)) if number)


def _international(text: str) -> str:
    number = _accepted(text, None)
    if number is None:
        raise NotValid("No country has given out numbers of this form; a digit may be wrong or missing.")
    return number


def _refuse(text: str, country: str) -> NoReturn:
    if len(text) < _SHORTEST:
        raise NotValid("It is too short for a phone number with its area code.")
    others = _OTHERS_WITH_TRUNK if text.startswith("0") else _OTHERS_WITHOUT
    found = (_accepted(text, other) for other in others if other != country)
    candidates = {number: None for number in found if number}
    if number := _accepted("+" + text, None):
        candidates[number] = None
    if country:
        message = f"It is not possible as {a_country(country)} number, and no country code is given."
    else:
        message = "It has no country code, and the country it belongs to is not known."
    raise Ambiguous(message, tuple(candidates))


@lru_cache(maxsize=65536)
def _accepted(text: str, country: str | None) -> str | None:
    """Return the number in E.164 when it is in the numbering plan or set aside for examples, else None."""
    import phonenumbers  # noqa: PLC0415 - heavy, and many files hold no number

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    e164 = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    if _DOCUMENTATION.fullmatch(e164):
        return e164
    return e164 if phonenumbers.is_valid_number(number) else None


@lru_cache(maxsize=4096)
def is_mobile(number: str) -> bool:
    """Say whether a number with "+" is given out to mobile telephones, or is set aside for examples."""
    import phonenumbers  # noqa: PLC0415 - see above

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    kind = phonenumbers.number_type(parsed)
    is_one = kind in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
    return is_one or _DOCUMENTATION.fullmatch(number) is not None


def _calling_code(country: str) -> str:
    import phonenumbers  # noqa: PLC0415 - see above

    return str(phonenumbers.country_code_for_region(country))  # "0" for a code that is no country's


def _is_possible(text: str, country: str | None = None) -> bool:
    """Say whether a number of this length could be given out, be there any or not."""
    import phonenumbers  # noqa: PLC0415 - see above

    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(text, country)))
    except phonenumbers.NumberParseException:
        return False


def _is_written_so(text: str, number: str) -> bool:
    """Say whether people write the national number with just these digits, no 0 or the like before them."""
    import phonenumbers  # noqa: PLC0415 - see above

    parsed = phonenumbers.parse(number)
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return re.sub(r"\D", "", written) == text


#: Plans that libphonenumber leaves open at the end, for the digits a company's switchboard adds, and the most digits
#: after the country code that they give out (Bundesnetzagentur, numbering plan for local numbers).
_OPEN_PLANS = {"DE": 11}


def _is_too_long(number: str, country: str) -> bool:
    """Say whether a national reading is so long that the plan does not give out such numbers."""
    longest = _OPEN_PLANS.get(country)
    return longest is not None and len(number.removeprefix(f"+{_calling_code(country)}")) > longest
