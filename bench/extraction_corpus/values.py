"""Invented values in their plain writing. Only reserved domains, addresses and telephone numbers; check digits are valid."""

from collections.abc import Callable, Sequence
from random import Random

from bench.extraction_corpus import encodings as enc

WORDS = [
    "kestrel",
    "bridge",
    "linnet",
    "heron",
    "quarry",
    "meadow",
    "lantern",
    "pebble",
    "willow",
    "harbour",
    "comet",
    "thistle",
    "marten",
    "rowan",
    "otter",
    "dune",
    "fjord",
    "cedar",
    "plover",
    "tarn",
    "badger",
    "canal",
    "orchard",
    "puffin",
    "ridge",
    "saddle",
    "teasel",
    "viaduct",
    "wren",
    "yarrow",
]
HEX = "0123456789abcdef"
#: Bits of a row that a table or a header may hold: never issued in the country whose form they have.
_NOT_ISSUED = {"gb": "ABCDEFGHJKLMNOPRSTUVWXYZ", "other": "AEIOU"}


def pick(rng: Random, options: Sequence[str]) -> str:
    """Return one of the options."""
    return options[int(rng.random() * len(options))]


def some(rng: Random, alphabet: str, length: int) -> str:
    """Return so many characters of the alphabet."""
    return "".join(rng.choices(alphabet, k=length))


def digits(rng: Random, length: int) -> str:
    """Return so many digits, the first no zero."""
    return pick(rng, "123456789") + some(rng, "0123456789", length - 1)


def data(rng: Random, length: int) -> bytes:
    """Return so many bytes."""
    return rng.getrandbits(8 * length).to_bytes(length, "big")


def host(rng: Random) -> str:
    """Return a name under .example."""
    name = pick(rng, WORDS) + pick(rng, ["", str(rng.randrange(2, 999)), f"-{pick(rng, WORDS)}"])
    return f"{pick(rng, ['', '', 'mail.', 'files.', 'a.b.', 'img-3.'])}{name}.example"


def nickname(rng: Random) -> str:
    """Return a user name."""
    first, last = pick(rng, WORDS), pick(rng, WORDS)
    return f"{first}{pick(rng, ['', '_', '.', '_x_'])}{last}{rng.randrange(10, 9999)}"


def email(rng: Random) -> str:
    """Return an address."""
    return f"{pick(rng, WORDS)}{pick(rng, ['.', '_', '-', ''])}{pick(rng, WORDS)}{rng.randrange(1, 9999)}@{host(rng)}"


def url(rng: Random) -> str:
    """Return a page."""
    path = "/".join(pick(rng, WORDS) for _ in range(rng.randrange(1, 3)))
    return f"{pick(rng, ['http', 'https'])}://{host(rng)}/{path}/{some(rng, HEX, 6)}"


def uk_mobile(rng: Random) -> str:
    """Return the digits after +44."""
    return f"7700900{rng.randrange(1000):03d}"


def uk_landline(rng: Random) -> str:
    """Return the digits after +44."""
    return f"1632960{rng.randrange(1000):03d}"


def us_number(rng: Random) -> str:
    """Return the digits after +1."""
    return f"20255501{rng.randrange(100):02d}"


def ipv4(rng: Random) -> str:
    """Return an address of a documentation network."""
    return f"{pick(rng, ['192.0.2', '198.51.100', '203.0.113'])}.{rng.randrange(1, 255)}"


def ipv6_groups(rng: Random) -> list[int]:
    """Return eight groups of the documentation network, among them one run of zeros."""
    groups = [0x2001, 0xDB8, *(rng.randrange(0x10, 0x10000) for _ in range(6))]
    start = rng.randrange(2, 6)
    groups[start : start + 2] = [0, 0]
    return groups


def ipv6(rng: Random) -> tuple[str, str]:
    """Return an address in full and compressed. The one run of zeros is two groups, so that it is told apart."""
    groups = ipv6_groups(rng)
    full = ":".join(f"{group:04x}" for group in groups)
    start = groups.index(0)
    short = [f"{group:x}" for group in groups]
    return full, f"{':'.join(short[:start])}::{':'.join(short[start + 2 :])}"


def uuid(rng: Random) -> str:
    """Return a random UUID."""
    text = some(rng, HEX, 32)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{pick(rng, '89ab')}{text[17:20]}-{text[20:]}"


def mac(rng: Random) -> str:
    """Return the address of a card: of the documentation block, or one that a phone made up."""
    if rng.random() < 0.5:  # noqa: PLR2004 - one in two
        return f"00:00:5e:00:53:{rng.randrange(256):02x}"
    first = f"{pick(rng, HEX)}{pick(rng, '26ae')}"
    return ":".join([first, *(f"{rng.randrange(256):02x}" for _ in range(5))])


def imei(rng: Random) -> str:
    """Return fifteen digits."""
    return enc.luhn(f"35{some(rng, '0123456789', 12)}")


def imsi(rng: Random) -> str:
    """Return a number of the test network."""
    return f"00101{some(rng, '0123456789', 10)}"


_IBANS: dict[str, Callable[[Random], str]] = {
    "GB": lambda rng: f"{pick(rng, ['EXMP', 'KITE', 'RVRB'])}{some(rng, '0123456789', 14)}",
    "DE": lambda rng: some(rng, "0123456789", 18),
    "FR": lambda rng: some(rng, "0123456789", 23),
    "ES": lambda rng: some(rng, "0123456789", 20),
    "NL": lambda rng: f"{pick(rng, ['EXMP', 'KITE'])}{some(rng, '0123456789', 10)}",
    "PL": lambda rng: some(rng, "0123456789", 24),
    "CH": lambda rng: some(rng, "0123456789", 17),
    "SE": lambda rng: some(rng, "0123456789", 20),
    "MT": lambda rng: (
        f"EXMP{some(rng, '0123456789', 5)}{some(rng, '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ', 18)}"
    ),
    "NO": lambda rng: some(rng, "0123456789", 11),
}


def iban(rng: Random) -> str:
    """Return an account with its check digits."""
    country = pick(rng, list(_IBANS))
    return enc.iban(country, _IBANS[country](rng))


def plate(rng: Random) -> str:
    """Return a number plate as it is written: combinations that no authority gives out."""
    style = rng.randrange(5)
    if style == 0:
        return f"{some(rng, _NOT_ISSUED['gb'], 2)}9{rng.randrange(10)} {some(rng, _NOT_ISSUED['gb'], 3)}"
    if style == 1:
        return f"EX-{some(rng, 'ABCDEFGH', 2)} {digits(rng, rng.randrange(2, 5))}"
    if style == 2:  # noqa: PLR2004
        return f"{some(rng, 'IOU', 2)}-{digits(rng, 3)}-{some(rng, 'IOU', 2)}"
    if style == 3:  # noqa: PLR2004
        return f"{digits(rng, 4)} {some(rng, _NOT_ISSUED['other'], 3)}"
    return f"EX{digits(rng, 5)}"


def shown_name(rng: Random) -> str:
    """Return a name as an account shows it."""
    first, last = pick(rng, WORDS).capitalize(), pick(rng, WORDS).capitalize()
    return f"{pick(rng, ['', 'Old ', 'Little '])}{first} {last}"


WALLETS: dict[str, Callable[[Random], str]] = {
    "btc_legacy": lambda rng: enc.base58check(b"\0" + data(rng, 20)),
    "btc_script": lambda rng: enc.base58check(b"\5" + data(rng, 20)),
    "btc_segwit": lambda rng: enc.bech32("bc", [0, *enc.fives(data(rng, 20))]),
    "btc_taproot": lambda rng: enc.bech32("bc", [1, *enc.fives(data(rng, 32))], is_new=True),
    "eth_small": lambda rng: f"0x{data(rng, 20).hex()}",
    "eth_checked": lambda rng: enc.ethereum(data(rng, 20)),
    "ltc": lambda rng: enc.base58check(b"\x30" + data(rng, 20)),
    "ltc_segwit": lambda rng: enc.bech32("ltc", [0, *enc.fives(data(rng, 20))]),
    "doge": lambda rng: enc.base58check(b"\x1e" + data(rng, 20)),
    "dash": lambda rng: enc.base58check(b"\x4c" + data(rng, 20)),
    "zec": lambda rng: enc.base58check(b"\x1c\xb8" + data(rng, 20)),
    "trx": lambda rng: enc.base58check(b"\x41" + data(rng, 20)),
    "xmr": lambda rng: enc.monero(data(rng, 64)),
    "xmr_sub": lambda rng: enc.monero(data(rng, 64), 42),
    "xrp": lambda rng: enc.base58check(b"\0" + data(rng, 20), enc.RIPPLE_DIGITS),
    "ada": lambda rng: enc.bech32("addr", enc.fives(b"\x61" + data(rng, 28))),
}


def wallet(rng: Random, sort: str) -> tuple[str, str]:
    """Return an address and its normal form."""
    address = WALLETS[sort](rng)
    coin = sort.partition("_")[0]
    return address, f"{coin}:{address.lower() if coin == 'eth' else address}"
