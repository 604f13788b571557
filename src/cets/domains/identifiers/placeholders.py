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
_LEAST_SHORT_RUN = 3
_LEAST_REPEATED, _LONGEST_PATTERN = 16, 4


def _split(text: str) -> list[str]:
    if not text.isascii():
        bare = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(char for char in bare if not unicodedata.combining(char))
    return [word for word in _PUNCTUATION.split(text.lower()) if word]


_SAYS_NOTHING = frozenset(_split(_WORDS))


def words_for_nothing() -> frozenset[str]:
    return _SAYS_NOTHING


#: Names of a field, not of anybody: fillers only beside another filler or the platform's own name.
_FIELDS = frozenset(
    _split(
        "user username usuario utilisateur nutzer benutzer name email e mail account konto id your my you me the or not"
        " no is of a n available applicable given known provided set"
    )
)
#: What a platform or its manual calls whoever uses it. Alone it names no one of them; "user12" is somebody's there.
_ANYBODY = frozenset(
    _split(
        "user users username userid login loginname screenname nickname handle account accountname profile owner me"
        " myself self you someone somebody anyone anybody person usuario utilisateur nutzer benutzer"
        " benutzername konto test tester testuser guest demo example sample"
    )
)
_COUNTED = re.compile(r"([^\W\d_]+)[\W_]*[0-9]{0,2}")
#: Names that people take for a mailbox or bear: each is one, unless its site says nothing either.
_CHOSEN = frozenset(
    _split(
        "anon anonymous anonym anonyme anonimo anoniem аноним nobody guest leer muster demo prova vide vazio leeg brak pusty nothing"
        " undefined missing blank empty default dummy prueba sample"
    )
)
#: Names that programmers give to whatever comes first.
_METASYNTACTIC = frozenset(_split("foo bar baz qux quux foobar spam eggs lorem ipsum asdf qwer"))


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


def _is_no_mailbox(local: str) -> bool:
    return is_word(local) and _CHOSEN.isdisjoint(_split(local))


def is_one_character(text: str, least: int = 1) -> bool:
    return len(text) >= least and text == text[:1] * len(text)


def is_run(text: str) -> bool:
    """Say whether characters follow each other up or down, as on a keyboard."""
    return len(text) >= _LEAST_RUN and any(text in run for run in _RUNS)


def is_short_run(text: str) -> bool:
    """Say whether a text is how people begin a row of keys: "abc", "1234", "qwe"."""
    return len(text) >= _LEAST_SHORT_RUN and any(run.startswith(text) for run in _RUNS)


def is_repeated(text: str) -> bool:
    """Say whether a text of some length is one short pattern again and again: "abab...", "12341234..."."""
    period = (text + text).find(text, 1)
    return len(text) >= _LEAST_REPEATED and period <= _LONGEST_PATTERN


def is_filler(text: str) -> bool:
    """Say whether letters and digits were typed to fill a field: one character, a run, or zeros to the end."""
    zeros = len(text) - len(text.rstrip("0"))
    return is_one_character(text) or is_run(text) or (zeros >= _LEAST_ZEROS and zeros * 3 >= len(text) * 2)


# ---- by kind

#: The fill-ins of the Android emulator and of players that imitate a phone, and the examples of encyclopaedias and
#: manuals. IMEIs that begin with 00 are of test equipment (GSMA TS.06).
_TEST_IMEIS = frozenset({"35824005111111", "86753090000000", "49015420323751", "35209900176148"})
_TEST_IMEI_LIKE_A_NUMBER = "004999010640000"  # of the emulator, too: 00 and the code of Germany
#: Written in Android's own source as the id of a faulty release, and of its emulator.
_TEST_DEVICES = frozenset({"9774d56d682e549c", "unknown", "default-device", "dead00beef"})
#: UUIDs that standards define or use as examples, and the ones that documentation tools fill in.
_PUBLISHED_UUIDS = frozenset({
    "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "6ba7b812-9dad-11d1-80b4-00c04fd430c8", "6ba7b814-9dad-11d1-80b4-00c04fd430c8", "550e8400-e29b-41d4-a716-446655440000",
    "123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426655440000", "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
})  # fmt: skip
_BLUETOOTH_SERVICE = re.compile(r"[0-9a-f]{8}-0000-1000-8000-00805f9b34fb")
#: Words that can be spelt with hexadecimal digits, which is why somebody did.
_HEX_SPEAK = re.compile(
    r"(?:dead|beef|cafe|babe|face|feed|fade|deed|c0de|c0da|f00d|d00d|b00b|bead|decaf|1337|0ff1ce)+"
)
_UUID_DIGITS, _LEAST_ZEROS_BEFORE = 32, 20
_EMULATOR = re.compile(r"(?:emulator|127\.0\.0\.1|localhost)[-:]\d{2,5}")
#: Addresses that nobody can hold a key of, or that stand in every chain: zero, "dead", the first contracts that are part
#: of Ethereum itself; the well-known ones of Bitcoin ("Bitcoin eater", Counterparty), XRP and Tron.
_BURNT_WALLETS = frozenset({
    "1111111111111111111114oLvT2", "1BitcoinEaterAddressDontSendf59kuE", "1CounterpartyXXXXXXXXXXXXXXXUWLpVr",
    "rrrrrrrrrrrrrrrrrrrrrhoLvTp", "rrrrrrrrrrrrrrrrrrrrBZbvji", "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb",
    "0x000000000000000000000000000000000000dead", "0xdead000000000000000042069420694206942069",
    "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", *(f"0x{number:040x}" for number in range(1, 11)),
})  # fmt: skip
#: Named by many who never held a key: the first blocks of Bitcoin and its first payment, and those of the private key "1".
_FAMOUS_WALLETS = frozenset({
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX", "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S",
    "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "1EHNa6Q4Jz2uvNExL497mE43ikXhwF6kZm", "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf",
    # the examples of the Bitcoin wiki
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
})  # fmt: skip
#: The examples of the public registry of IBANs that forms and manuals show.
_SAMPLE_IBANS = frozenset({
    "DE89370400440532013000", "GB29NWBK60161331926819", "GB82WEST12345698765432", "FR1420041010050500013M02606",
    "ES9121000418450200051332", "IT60X0542811101000000123456", "NL91ABNA0417164300", "BE68539007547034",
    "AT611904300234573201", "CH9300762011623852957", "PL61109010140000071219812874", "SE4550000000058398257466",
})  # fmt: skip
_PAIRS = re.compile("..")
_PLATE = re.compile(r"([^\W\d_]*)([0-9]*)")
_MOST_ON_A_PLATE = 5  # letters: a German district's three and two more
_PATTERN_OF_A_PLATE = re.compile(r"x+(0+|1+|9+)x+")  # "XX00 XXX"
_MAIL_SITES = frozenset(
    _split("domain email mail site website company host provider foo bar yourdomain mydomain")
)


def is_imei(digits: str) -> bool:
    """The maker's own number begins at the ninth place."""
    number = digits[:14]
    return (
        number.startswith("00")
        or number in _TEST_IMEIS
        or is_filler(number)
        or is_one_character(number[8:])
        or is_run(number[8:])
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
        or is_repeated(bare)
        or _HEX_SPEAK.fullmatch(bare) is not None
        or (len(bare) == _UUID_DIGITS and _is_uuid(number, bare))
    )


def _is_uuid(number: str, bare: str) -> bool:
    """Judge 32 hexadecimal digits: published, one part like "1234" beside the other, or counted up from zero."""
    parts = number.split("-")
    return (
        number in _PUBLISHED_UUIDS
        or _BLUETOOTH_SERVICE.fullmatch(number) is not None
        or (len(parts) > 1 and all(is_short_run(part) or is_one_character(part) for part in parts))
        or _UUID_DIGITS - len(bare.lstrip("0")) >= _LEAST_ZEROS_BEFORE
    )


def is_digest(digits: str) -> bool:
    """Judge the digits of a hash, of whatever sort: none of these is the hash of anything."""
    return is_filler(digits) or is_repeated(digits) or _HEX_SPEAK.fullmatch(digits) is not None


def is_mac(value: str) -> bool:
    """Six pairs that are the same, or as far from each other as 11 from 22."""
    pairs = [int(pair, 16) for pair in _PAIRS.findall(value.replace(":", ""))]
    steps = {after - before for before, after in pairwise(pairs)}
    return len(steps) == 1 or is_run(value.replace(":", ""))


def is_wallet(address: str) -> bool:
    return address in _BURNT_WALLETS or is_one_character(address.removeprefix("0x"))


def is_famous_wallet(address: str) -> bool:
    return address in _FAMOUS_WALLETS


def is_bank_account(value: str) -> bool:
    sort, _, number = value.partition(":")
    return number in _SAMPLE_IBANS if sort == "iban" else is_filler(number)


def is_vehicle(plate: str) -> bool:
    """Judge a plate without its hyphens: of letters as few as on "DE-MO 12" nobody knows that they are a word."""
    parts = _PLATE.fullmatch(plate.lower())
    if parts is None:
        return _PATTERN_OF_A_PLATE.fullmatch(plate.lower()) is not None
    letters, digits = parts[1], parts[2]
    if not letters:
        return is_filler(digits)
    is_said = letters in _SAYS_NOTHING and (len(letters) > _MOST_ON_A_PLATE or not digits.strip("0"))
    is_struck = is_one_character(letters, 2) and is_one_character(digits, _LEAST_SHORT_RUN)
    return is_said or is_struck or plate in {"ABC123", "ABC1234"}


def is_phone(value: str) -> bool:
    """All zeros or one digit to the end, or a run from its start or from the end of a country's code.

    Where numbers have eight digits, 23456789 and 88888888 are somebody's; 12345678 no country gives out.
    """
    digits = value.removeprefix("+")
    zeros = len(digits) - len(digits.rstrip("0"))
    return (
        zeros >= _LEAST_ZEROS
        or f"00{digits}" == _TEST_IMEI_LIKE_A_NUMBER
        or is_one_character(digits[-9:])
        or (is_one_character(digits[-8:]) and digits[-1:] in ("0", "1"))
        or any(_is_typed_number(digits[start:]) for start in range(4))
    )


def _is_typed_number(digits: str) -> bool:
    return is_run(digits) and (len(digits) > _DIGITS_OF_SMALL_COUNTRIES or digits[0] in "01")


_DIGITS_OF_SMALL_COUNTRIES = 8


def is_name(name: str, *own: str) -> bool:
    """Judge what a room or a person is called on a platform: "unknown", "111", "qwerty", "instagram_user"."""
    return is_word(name, *own) or is_one_character(name, 3) or is_run(name)


def is_user_name(name: str, *own: str) -> bool:
    """Judge a user name: also "user", "user1", "abc", one sign, or a number that only counts ("0", "-1", "12").

    Two letters are somebody's.
    """
    counted = _COUNTED.fullmatch(name)
    return (
        is_name(name, *own)
        or is_short_run(name)
        or len(name.strip("+-")) == 1
        or _is_a_count(name)
        or (counted is not None and counted[1] in _ANYBODY)
    )


def is_account_name(name: str, platform: str) -> bool:
    """Judge a user name on its platform, where each is one person's, "user12" and "88" as well: only words that fill a field are none."""
    return (
        is_word(name, platform)
        or name in _ANYBODY
        or len(name.strip("+-")) <= 1
        or not name.strip("0")
        or (len(name) >= _LEAST_SHORT_RUN and not name.strip("x"))
        or _is_a_negative(name)
    )


def is_account_id(number: str) -> bool:
    """Judge the number of an account: each is one's, but for words, zeros and what means that there is none."""
    return is_word(number) or len(number) == 1 or not number.strip("0") or _is_a_negative(number)


def _is_a_negative(text: str) -> bool:
    return text.startswith("-") and text[1:].isdecimal()


def _is_a_count(text: str) -> bool:
    """Say whether a text is a number so short that it counts within a list, or means that there is none."""
    return len(text.lstrip("+-")) < _LEAST_SHORT_RUN and text.lstrip("+-").isdecimal()


def is_email(local: str, host: str) -> bool:
    """A name that says nothing, wherever; one that says little, at a site that says nothing ("user@example.com")."""
    if _is_no_mailbox(local):
        return True
    site = host.split(".")[-2]
    words = _split(local)
    says_little = (
        is_word(local) or all(word in _FIELDS or word in _METASYNTACTIC for word in words) or _is_typed(local)
    )
    is_no_site = site in _SAYS_NOTHING or site in _MAIL_SITES or site in _METASYNTACTIC or site == local
    return says_little and (is_no_site or len(site) == 1 or _is_typed(site, _LEAST_SHORT_RUN))


def _is_typed(text: str, least: int = 1) -> bool:
    """Say whether keys were struck to fill a field. `least`: how many equal ones; qq.com and aa.com are sites."""
    return is_one_character(text, least) or is_run(text) or is_short_run(text)
