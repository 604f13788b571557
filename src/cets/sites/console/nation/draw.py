"""Seeded drawing of invented values. Every address, number and domain is reserved for examples."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")

COLOURS = (
    "amber", "ashen", "bronze", "cerise", "coral", "ebony", "flaxen", "ivory", "jade", "khaki", "lilac",
    "magenta", "maroon", "mauve", "navy", "olive", "pewter", "puce", "saffron", "sepia", "tawny", "topaz",
)  # fmt: skip
BIRDS = (
    "bittern", "bunting", "chough", "coot", "crake", "dipper", "egret", "fulmar", "gadwall", "garganey",
    "godwit", "grebe", "knot", "lapwing", "merlin", "ouzel", "petrel", "pipit", "pochard", "redpoll",
    "shrike", "smew", "sora", "stint", "twite", "whimbrel", "wigeon", "wryneck",
)  # fmt: skip
_ENDINGS = (
    "beck", "borne", "bury", "combe", "cote", "dale", "den", "fell", "field", "fleet", "ford", "garth",
    "gate", "ham", "holm", "holt", "hurst", "ley", "low", "mere", "more", "ness", "rigg", "shaw", "stead",
    "thorpe", "thwaite", "wick", "worth",
)  # fmt: skip
PLATFORMS = ("Kite Chat", "Larkline", "OtherApp", "Heron Games")
MAIL_HOSTS = ("mail.example", "post.example", "letters.example")

#: The phrases of the provider schema. An offence is only ever named by one of these.
CATEGORIES = (
    "Online Enticement of Children for Sexual Acts",
    "Unsolicited Obscene Material Sent to a Child",
    "Child Pornography (possession, manufacture, and distribution)",
    "Misleading Words or Digital Images on the Internet",
)

#: Neutral small talk, the whole of what anybody says in the nation.
TALK = (
    "Are you in the game lobby?",
    "Homework first, then one round.",
    "The kestrel picture came out well.",
    "Which bus do you take on Mondays?",
    "I finished the maths sheet.",
    "The server was slow again last night.",
    "My team won the tournament.",
    "Did you see the heron by the canal?",
    "Band practice moved to Thursday.",
    "I drew the lighthouse for art class.",
    "New map is out, it looks great.",
    "Can you bring the charger tomorrow?",
    "The library closes early on Fridays.",
    "That level took me ages.",
    "I like the blue one more.",
    "We have chess club after lunch.",
    "Talk later, dinner is ready.",
    "Do you want to swap badges?",
    "The rehearsal went fine.",
    "Rain all weekend, so games it is.",
)

_FREE_BLOCKS = ("198.51.100", "203.0.113")
_MANY = 1_000_000_000
_STRIDE = 7919
#: The stories own these endings of the reserved phone numbers, and the duty teams some of them.
_KEPT_ENDINGS = range(100, 200)


def platform_host(platform: str) -> str:
    """Return the invented web host of an invented platform."""
    return platform.replace(" ", "").lower() + ".example"


def profile_url(platform: str, handle: str) -> str:
    return f"https://{platform_host(platform)}/u/{handle}"


def luhn_digit(digits: str) -> str:
    """Return the check digit that an IMEI ends in."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def imei(serial: int) -> str:
    """Return a well-formed IMEI of a block that is kept back for the future (GSMA TS.06, 98): no device has it.

    Not of test equipment (00): such a number links nothing by itself.
    """
    digits = f"98901234{serial:06d}"
    return digits + luhn_digit(digits)


def iban(account: int) -> str:
    """Return an IBAN with right check digits at a bank that does not exist."""
    body = f"KITE000000{account:08d}"
    number = "".join(str(int(character, 36)) for character in body + "GB00")
    return f"GB{98 - int(number) % 97:02d}{body}"


_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def bitcoin_address(phrase: str) -> str:
    """Return a well-formed address derived from a phrase, so that nobody holds a key to it."""
    payload = b"\x00" + hashlib.sha256(f"invented:{phrase}".encode()).digest()[:20]
    payload += hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, text = int.from_bytes(payload, "big"), ""
    while number:
        number, remainder = divmod(number, 58)
        text = _BASE58[remainder] + text
    zeros = len(payload) - len(payload.lstrip(b"\x00"))
    return "1" * zeros + text


def digest(algorithm: str, phrase: str) -> str:
    """Return a hash of words: the "file" it belongs to does not exist."""
    return hashlib.new(algorithm, f"no such file: {phrase}".encode(), usedforsecurity=False).hexdigest()


class Draw:
    """Draws values that nobody drew before. Two of them with one seed draw the same.

    Handles, names and addresses carry a running number, so that no two personas meet by accident: every
    meeting in the nation is meant. Reserved phone numbers and IPv4 addresses are few; when they run out,
    `phone` and `ipv4` return None and the record goes without.
    """

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)  # noqa: S311  (invented data must be repeatable, not secret)
        self._serial = 0
        self._people = 0
        ends = [end for end in range(1000) if end not in _KEPT_ENDINGS]
        self._gb_phones = [f"+447700900{end:03d}" for end in ends] + [f"+441632960{end:03d}" for end in ends]
        self._us_phones = [f"+1202555{end:04d}" for end in range(120, 180)]
        self._addresses = [f"{block}.{end}" for block in _FREE_BLOCKS for end in range(1, 255)]
        for pool in (self._gb_phones, self._us_phones, self._addresses):
            self.random.shuffle(pool)

    def serial(self) -> int:
        self._serial += 1
        return self._serial

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.random.randrange(len(choices))]

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def whole(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def handle(self) -> str:
        colour, bird = self.pick(COLOURS), self.pick(BIRDS)
        return f"{colour}{self.pick(('', '_', '.'))}{bird}{self.serial()}"

    def name(self) -> tuple[str, str]:
        """Return a forename and a surname that no other persona has together."""
        round_of_names, place = divmod(self._people, len(BIRDS) * len(COLOURS) * len(_ENDINGS))
        self._people += 1
        # The stride shares no factor with the number of names: it visits each before one comes again.
        place = place * _STRIDE % (len(BIRDS) * len(COLOURS) * len(_ENDINGS))
        place, bird = divmod(place, len(BIRDS))
        ending, colour = divmod(place, len(COLOURS))
        surname = COLOURS[colour].capitalize() + _ENDINGS[ending]
        return BIRDS[bird].capitalize(), f"{surname} {round_of_names + 1}" if round_of_names else surname

    def mail(self, local: str) -> str:
        return f"{local}@{self.pick(MAIL_HOSTS)}"

    def account_id(self) -> str:
        return f"{self.whole(100, 999)}{self.serial():06d}"

    def phone(self, country: str) -> str | None:
        pool = self._us_phones if country == "US" else self._gb_phones
        return pool.pop() if pool else None

    def ipv4(self) -> str | None:
        return self._addresses.pop() if self._addresses else None

    def ipv6(self) -> str:
        serial = self.serial()
        return f"2001:db8:{serial >> 16:x}:{serial & 0xFFFF:x}::{self.whole(1, 0xFFFE):x}"

    def device(self) -> tuple[str, str]:
        text = f"{self.random.getrandbits(96):024x}{self.serial():08x}"
        parts = (text[:8], text[8:12], text[12:16], text[16:20], text[20:])
        return self.pick(("IDFA", "GAID")), "-".join(parts).upper()

    def phrase(self) -> str:
        return f"{self.serial()}/{self.whole(0, _MANY)}"

    def before(self, moment: datetime, *, within: timedelta) -> datetime:
        """Return a whole second in the span that ends at the moment."""
        return moment - timedelta(seconds=self.whole(60, int(within.total_seconds())))

    def talk(self) -> str:
        return self.pick(TALK)
