"""What people and programs write where a value is not known, and the values that makers publish for tests.

One judge of shapes for every kind (`is_filler`, `is_word`), and short lists by kind. Whoever writes one of these
has said nothing about a person; two reports that hold the same one are strangers.
"""

import re
import unicodedata
from itertools import pairwise

_WORDS = """
    unknown none null nil nan na nothing undefined empty missing blank unset unspecified unavailable anonymous anon nobody
    noname noemail nomail test tests testing tester testuser admin administrator example sample demo default placeholder dummy
    deleted removed redacted guest
    unbekannt unbekannter keine keiner kein leer beispiel muster mustermann maxmustermann anonym nichtbekannt entfallt
    inconnu inconnue aucun aucune exemple vide anonyme neant
    desconocido desconocida ninguno ninguna ejemplo nulo vacio anonimo prueba
    sconosciuto sconosciuta nessuno nessuna esempio vuoto prova
    desconhecido desconhecida nenhum nenhuma exemplo vazio teste
    onbekend onbekende geen voorbeeld leeg anoniem
    nieznany nieznana brak przyklad pusty
    okand ingen exempel ukendt ukjent eksempel tuntematon necunoscut neznamy ismeretlen bilinmiyor ornek
    неизвестно неизвестный неизвестен нет пример тест аноним пусто невідомо невідомий немає приклад
    άγνωστο άγνωστος κανένα مجهول غيرمعروف 未知 无 不明 なし अज्ञात
"""
_PUNCTUATION = re.compile(r"[\W_]+")
_DIGIT_RUNS = ("0123456789" * 3, "1234567890" * 3, "9876543210" * 3, "0987654321" * 3)
_RUNS = (
    *_DIGIT_RUNS, "0123456789abcdef" * 5, "1234567890abcdef" * 5, "fedcba9876543210" * 5, "123456789abcdef" * 5,
    "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl",
)  # fmt: skip
_LEAST_RUN = 5
_LEAST_ZEROS = 7


def _split(text: str) -> list[str]:
    if not text.isascii():
        bare = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(char for char in bare if not unicodedata.combining(char))
    return [word for word in _PUNCTUATION.split(text.lower()) if word]


_SAYS_NOTHING = frozenset(_split(_WORDS))
#: Names of a field, not of anybody: fillers only beside another filler or the platform's own name.
_FIELDS = frozenset(
    _split(
        "user username usuario utilisateur nutzer benutzer name email e mail account konto id your my you me the or not"
        " no is of a n available applicable given known provided set"
    )
)


def is_word(text: str, *own: str) -> bool:
    """Say whether a name is made only of words like "unknown", "n/a" or "test", or of no letter or digit at all.

    `own`: further words that say nothing in this place, as a platform's name before "user".
    """
    words = _split(text)
    if not words or "".join(words) in _SAYS_NOTHING:
        return True
    fillers = _SAYS_NOTHING.union(own)
    return all(word in fillers or word in _FIELDS for word in words) and any(
        word in fillers for word in words
    )


def is_one_character(text: str, least: int = 1) -> bool:
    return len(text) >= least and text == text[:1] * len(text)


def is_run(text: str) -> bool:
    """Say whether characters follow each other up or down, as on a keyboard."""
    return len(text) >= _LEAST_RUN and any(text in run for run in _RUNS)


def is_filler(text: str) -> bool:
    """Say whether letters and digits were typed to fill a field: one character, a run, or zeros to the end."""
    zeros = len(text) - len(text.rstrip("0"))
    return is_one_character(text) or is_run(text) or (zeros >= _LEAST_ZEROS and zeros * 3 >= len(text) * 2)


# ---- by kind

#: The fill-ins of the Android emulator and of players that imitate a phone. IMEIs that begin with 00 are of test
#: equipment (GSMA TS.06).
_TEST_IMEIS = frozenset({"35824005111111", "86753090000000"})
#: Written in Android's own source as the id of a faulty release, and of its emulator.
_TEST_DEVICES = frozenset({"9774d56d682e549c", "unknown", "default-device", "dead00beef"})
_EMULATOR = re.compile(r"(?:emulator|127\.0\.0\.1|localhost)[-:]\d{2,5}")
#: Addresses that nobody can hold a key of, or that stand in every chain: zero, "dead", the first contracts that are part
#: of Ethereum itself; the well-known ones of Bitcoin ("Bitcoin eater", Counterparty), XRP and Tron.
_BURNT_WALLETS = frozenset({
    "1111111111111111111114oLvT2", "1BitcoinEaterAddressDontSendf59kuE", "1CounterpartyXXXXXXXXXXXXXXXUWLpVr",
    "rrrrrrrrrrrrrrrrrrrrrhoLvTp", "rrrrrrrrrrrrrrrrrrrrBZbvji", "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb",
    "0x000000000000000000000000000000000000dead", "0xdead000000000000000042069420694206942069",
    "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", *(f"0x{number:040x}" for number in range(1, 11)),
})  # fmt: skip
#: The examples of the public registry of IBANs that forms and manuals show.
_SAMPLE_IBANS = frozenset({
    "DE89370400440532013000", "GB29NWBK60161331926819", "GB82WEST12345698765432", "FR1420041010050500013M02606",
    "ES9121000418450200051332", "IT60X0542811101000000123456", "NL91ABNA0417164300", "BE68539007547034",
    "AT611904300234573201", "CH9300762011623852957", "PL61109010140000071219812874", "SE4550000000058398257466",
})  # fmt: skip
_PAIRS = re.compile("..")
_PLATE = re.compile(r"([^\W\d_]*)([0-9]*)")
_MAIL_SITES = frozenset(
    _split("domain email mail site website company host provider foo bar yourdomain mydomain")
)


def is_imei(digits: str) -> bool:
    number = digits[:14]
    return (
        number.startswith("00") or number in _TEST_IMEIS or is_filler(number) or is_one_character(number[8:])
    )


def is_imsi(digits: str) -> bool:
    """The subscriber's own digits begin at the sixth or, in some countries, the seventh place."""
    return is_run(digits) or is_one_character(digits[5:]) or not digits[6:].strip("0")


def is_device(number: str) -> bool:
    bare = re.sub(r"[^0-9a-z]", "", number)
    return (
        number in _TEST_DEVICES
        or _EMULATOR.fullmatch(number) is not None
        or is_word(number)
        or is_filler(bare)
    )


def is_mac(value: str) -> bool:
    """Six pairs that are the same, or as far from each other as 11 from 22."""
    pairs = [int(pair, 16) for pair in _PAIRS.findall(value.replace(":", ""))]
    steps = {after - before for before, after in pairwise(pairs)}
    return len(steps) == 1 or is_run(value.replace(":", ""))


def is_wallet(address: str) -> bool:
    return address in _BURNT_WALLETS or is_one_character(address.removeprefix("0x"))


def is_bank_account(value: str) -> bool:
    sort, _, number = value.partition(":")
    return number in _SAMPLE_IBANS if sort == "iban" else is_filler(number)


def is_vehicle(plate: str) -> bool:
    parts = _PLATE.fullmatch(plate.lower())
    if parts is None:
        return False
    letters, digits = parts[1], parts[2]
    if not letters:
        return is_filler(digits)
    is_letter_filler = letters in _SAYS_NOTHING or is_one_character(letters, 2)
    return (
        letters in _SAYS_NOTHING
        or (is_letter_filler and is_one_character(digits))
        or plate in {"ABC123", "ABC1234"}
    )


def is_phone(value: str) -> bool:
    """All zeros or one digit to the end, or a run from its start or from the end of a country's code."""
    digits = value.removeprefix("+")
    zeros = len(digits) - len(digits.rstrip("0"))
    return (
        zeros >= _LEAST_ZEROS
        or is_one_character(digits[-8:])
        or any(is_run(digits[start:]) for start in range(4))
    )


def is_name(name: str, *own: str) -> bool:
    """Judge what somebody is called on a platform: "unknown", "111", "qwerty", "instagram_user"."""
    return is_word(name, *own) or is_one_character(name, 3) or is_run(name)


def is_account_id(number: str) -> bool:
    return number in {"0", "1", "-1"} or is_word(number) or is_one_character(number, 5) or is_run(number)


def is_email(local: str, host: str) -> bool:
    """A name that says nothing, wherever; one that says little, at a site that says nothing ("user@example.com")."""
    if is_word(local):
        return True
    site = host.split(".")[-2]
    says_little = all(word in _FIELDS for word in _split(local)) or is_one_character(local) or is_run(local)
    return says_little and (site in _SAYS_NOTHING or site in _MAIL_SITES or site == local)
