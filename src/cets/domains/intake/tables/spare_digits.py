"""IMEIs with a 0 in place of the check digit: the spare digit that a handset sends (3GPP TS 23.003), as networks record it.

One such number is one whose check digit is wrong, and nobody corrects that. Where the numbers of several handsets end in 0, none in
another digit, and the check denies it, it is how the column was written.
"""

import re
from collections.abc import Iterable

from cets.domains.identifiers.kinds.checksums import luhn

_SEPARATORS = re.compile(r"[\s\-./]+")
_WHOLE, _SPARE = 15, "0"
_SEVERAL = 2


def are_spare(read_as: str, values: Iterable[str]) -> bool:
    """Say whether a column is of IMEIs and was written with spare digits, by its first values."""
    if read_as != "imei":
        return False
    written = {_SEPARATORS.sub("", value.removesuffix(".0")) for value in values}
    whole = {digits for digits in written if digits.isdecimal() and len(digits) == _WHOLE}
    denied = sum(not luhn(digits) for digits in whole)
    return denied >= _SEVERAL and all(digits.endswith(_SPARE) for digits in whole)


def without_spare(text: str) -> str:
    """Return the number without its spare digit; one that has none as it is."""
    digits = _SEPARATORS.sub("", text)
    is_spare = digits.isdecimal() and len(digits) == _WHOLE and digits.endswith(_SPARE)
    return digits[:-1] if is_spare else text
