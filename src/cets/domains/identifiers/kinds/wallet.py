import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.checksums import (
    BASE58_XRP,
    base58check,
    bech32,
    cashaddr,
    keccak256,
    monero,
)
from cets.domains.identifiers.kinds.folding import plain

_COINS = {
    "bitcoin": "btc", "litecoin": "ltc", "dogecoin": "doge", "ethereum": "eth", "tron": "trx",
    "monero": "xmr", "dash": "dash", "zcash": "zec", "ripple": "xrp", "solana": "sol",
    "bitcoincash": "bch", "cardano": "ada",
}  # fmt: skip
_CODES = frozenset(_COINS.values())
_PREFIX = re.compile(r"([A-Za-z]{3,12}):(?://)?(.+)")
# Version bytes of Base58Check addresses: main networks only.
_VERSIONS = {
    b"\x00": "btc", b"\x05": "btc", b"\x30": "ltc", b"\x32": "ltc", b"\x1e": "doge", b"\x16": "doge",
    b"\x4c": "dash", b"\x10": "dash", b"\x41": "trx", b"\x1c\xb8": "zec", b"\x1c\xbd": "zec",
}  # fmt: skip
_HASH_BYTES = 20
_PRIVATE_KEYS = frozenset({0x80, 0xEF})
_TEST_VERSIONS = frozenset({0x6F, 0xC4})
_SEGWIT = {"bc": "btc", "ltc": "ltc"}
_BECH32, _BECH32M = 1, 0x2BC830A3
_TAPROOT_WORDS = 52
_MONERO_NETWORKS = frozenset({18, 19, 42})
_MONERO_LENGTHS = frozenset({95, 106})
_ETH = re.compile(r"0x[0-9a-fA-F]{40}")
_SOLANA = re.compile(r"[1-9A-HJ-NP-Za-km-z]{32,44}")
_CHECKSUM = "The checksum does not fit: a character is wrong or missing."


def checksummed(address: str) -> str:
    """Return an Ethereum address with the capitals that are its check (EIP-55)."""
    body = address[2:].lower()
    digits = keccak256(body.encode()).hex()
    return "0x" + "".join(
        char.upper() if int(digit, 16) >= 8 else char  # noqa: PLR2004 - the upper half of a hex digit
        for char, digit in zip(body, digits, strict=False)
    )


class Wallet(Kind):
    """`coin:address`, checked.

    Where a coin's addresses hold no check (Solana), the raw text must name the coin.
    """

    name = "wallet"
    caption = "Wallet"
    in_text = "cryptocurrency wallet"
    bits = 13.0  # nobody types another's address by accident; exchanges share deposit addresses, rarely
    examples = (
        ("1AGNa15ZQXAZUgFiqJ2i7Z2DPU2J6hW62i", "btc:1AGNa15ZQXAZUgFiqJ2i7Z2DPU2J6hW62i"),
        ("0x0000000000000000000000000000000000000123", "eth:0x0000000000000000000000000000000000000123"),
    )

    def clean(self, raw: str, context: Context) -> Value:  # noqa: ARG002 - one signature for every kind
        text = plain(raw)
        said = None
        if (prefixed := _PREFIX.fullmatch(text)) and (coin := _coin(prefixed[1])):
            said, text = coin, prefixed[2].partition("?")[0].strip()
        coin, address = _read(text, said)
        if said and said != coin:
            raise NotValid("The address belongs to another coin than the one named.")
        return Value(kind=self.name, value=f"{coin}:{address}", raw=raw)

    def show(self, value: str) -> str:
        coin, _, address = value.partition(":")
        return checksummed(address) if coin == "eth" else address


def _coin(name: str) -> str | None:
    name = name.lower()
    return name if name in _CODES else _COINS.get(name)


def _read(text: str, said: str | None) -> tuple[str, str]:
    small = text.lower()
    if small.startswith(("bc1", "ltc1")):
        return _segwit(text)
    for applies, coin, check in (
        (bool(_ETH.fullmatch(text)), "eth", _ethereum),
        (small.startswith("addr1"), "ada", _cardano),
        (said == "bch" and not text.startswith(("1", "3")), "bch", _bitcoin_cash),
        (said == "sol", "sol", _solana),
        (len(text) in _MONERO_LENGTHS, "xmr", _monero),
        (text.startswith("r") and said in {None, "xrp"}, "xrp", _ripple),
    ):
        if applies:
            return coin, check(text)
    return _base58(text)


def _ripple(text: str) -> str:
    if not base58check(text, BASE58_XRP):
        raise NotValid(_CHECKSUM)
    return text


def _ethereum(text: str) -> str:
    body = text[2:]
    if body not in {body.lower(), body.upper()} and checksummed(text) != text:
        raise NotValid("The capitals of the address, which are its check, do not fit.")
    return text.lower()


def _segwit(text: str) -> tuple[str, str]:
    if text not in {text.lower(), text.upper()}:
        raise NotValid("An address of this form is written in small letters or in capitals, not mixed.")
    text = text.lower()
    parts = bech32(text)
    coin = _SEGWIT.get(parts[0]) if parts else None
    if parts is None or coin is None or not parts[1]:
        raise NotValid(_CHECKSUM)
    version, check = parts[1][0], parts[2]
    if check != (_BECH32M if version else _BECH32):
        raise NotValid(_CHECKSUM)
    return coin, text


def _cardano(text: str) -> str:
    parts = bech32(text.lower())
    if parts is None or parts[2] != _BECH32:
        raise NotValid(_CHECKSUM)
    return text.lower()


def _bitcoin_cash(text: str) -> str:
    text = text.lower()
    if not cashaddr("bitcoincash", text):
        raise NotValid(_CHECKSUM)
    return text


def _solana(text: str) -> str:
    if not _SOLANA.fullmatch(text):
        raise NotValid("A Solana address has 32 to 44 characters of the Base58 alphabet.")
    return text


def _monero(text: str) -> str:
    payload = monero(text)
    if payload is None or payload[0] not in _MONERO_NETWORKS:
        raise NotValid(_CHECKSUM)
    return text


def _base58(text: str) -> tuple[str, str]:
    payload = base58check(text)
    if payload is None:
        raise NotValid(_CHECKSUM)
    coin = _VERSIONS.get(payload[:-_HASH_BYTES])
    if coin:
        return coin, text
    if payload[0] in _PRIVATE_KEYS:
        raise NotValid("This is a private key, not an address.")
    if payload[0] in _TEST_VERSIONS:
        raise NotValid("This is an address of a test network, where nothing has a value.")
    raise NotValid("The checksum fits, but no known coin has addresses of this form.")
