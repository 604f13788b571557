"""Numbers and addresses with valid check digits, written apart from the product's readers so that each tests the other."""

from base64 import b32encode
from collections.abc import Iterable, Sequence
from hashlib import sha3_256, sha256

BITCOIN_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE_DIGITS = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_FIVE_BITS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32, _BECH32M = 1, 0x2BC830A3
_BECH32_STEPS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CASHADDR_STEPS = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
_MONERO_CHARS = {8: 11, 5: 7}


def luhn(digits: str) -> str:
    """Return `digits` with their check digit."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        number = int(char) * (2 - place % 2)
        total += number // 10 + number % 10
    return f"{digits}{-total % 10}"


def iban(country: str, rest: str) -> str:
    """Return the account with country and check digits before it."""
    number = int("".join(str(int(char, 36)) for char in f"{rest}{country}00"))
    return f"{country}{98 - number % 97:02d}{rest}"


def isbn13(digits: str) -> str:
    """Return twelve digits with the check digit of a book number."""
    total = sum(int(char) * (1 + 2 * (place % 2)) for place, char in enumerate(digits))
    return f"{digits}{-total % 10}"


def keccak(data: bytes) -> bytes:
    """Return the Keccak hash as it was before it became SHA-3."""
    from Crypto.Hash import keccak as made

    return bytes(made.new(digest_bits=256, data=data).digest())


def base58(data: bytes, alphabet: str = BITCOIN_DIGITS) -> str:
    """Return `data` in Base58, with its check at the end already."""
    number = int.from_bytes(data, "big")
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = alphabet[digit] + text
    return alphabet[0] * (len(data) - len(data.lstrip(b"\0"))) + text


def base58check(payload: bytes, alphabet: str = BITCOIN_DIGITS) -> str:
    """Return version and hash in Base58 with the four bytes of their check."""
    return base58(payload + sha256(sha256(payload).digest()).digest()[:4], alphabet)


def fives(data: bytes) -> list[int]:
    """Return the bits of `data` in words of five, the last filled up with zeros."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[place : place + 5], 2) for place in range(0, len(bits), 5)]


def _check(words: Iterable[int], steps: Sequence[int], shift: int) -> int:
    check = 1
    for word in words:
        top = check >> shift
        check = (check & ((1 << shift) - 1)) << 5 ^ word
        for bit, step in enumerate(steps):
            check ^= step if top >> bit & 1 else 0
    return check


def bech32(prefix: str, words: list[int], *, is_new: bool = False) -> str:
    """Return a bech32 text; `is_new`: bech32m."""
    spread = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    check = _check([*spread, *words, *[0] * 6], _BECH32_STEPS, 25) ^ (_BECH32M if is_new else _BECH32)
    ends = [check >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(_FIVE_BITS[word] for word in [*words, *ends])


def cashaddr(key: bytes) -> str:
    """Return a Bitcoin Cash address without its prefix."""
    words = fives(b"\0" + key)
    spread = [ord(char) & 31 for char in "bitcoincash"] + [0]
    check = _check([*spread, *words, *[0] * 8], _CASHADDR_STEPS, 35) ^ 1
    ends = [check >> 5 * (7 - place) & 31 for place in range(8)]
    return "".join(_FIVE_BITS[word] for word in [*words, *ends])


def monero(keys: bytes, network: int = 18) -> str:
    """Return the Monero address of two keys."""
    data = bytes([network]) + keys
    data += keccak(data)[:4]
    blocks = [data[place : place + 8] for place in range(0, len(data), 8)]
    return "".join(
        base58(block).lstrip("1").rjust(_MONERO_CHARS[len(block)], "1") for block in blocks
    )  # fmt: skip


def ethereum(key: bytes) -> str:
    """Return an Ethereum address with the capitals that are its check."""
    body = key.hex()
    digits = keccak(body.encode()).hex()
    return "0x" + "".join(
        char.upper() if digit in "89abcdef" else char for char, digit in zip(body, digits, strict=False)
    )


def onion(key: bytes) -> str:
    """Return the version 3 address of a key."""
    check = sha3_256(b".onion checksum" + key + b"\3").digest()[:2]
    return b32encode(key + check + b"\3").decode().lower() + ".onion"
