"""Check digits and number alphabets that several kinds need."""

from hashlib import sha256

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE58_XRP = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_STEPS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CASHADDR_STEPS = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
_CHECKSUM_BYTES = 4
_NINE = 9


def luhn(digits: str) -> bool:
    """Say whether the last digit is the Luhn check digit of those before it."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        number = int(char) * (1 + place % 2)
        total += number - _NINE if number > _NINE else number
    return total % 10 == 0


def mod97(text: str) -> int:
    """Return the remainder that ISO 7064 asks to be 1, for digits and upper-case letters."""
    return int("".join(str(int(char, 36)) for char in text)) % 97


def base58check(text: str, alphabet: str = BASE58) -> bytes | None:
    """Return the payload of a Base58Check text, version byte first, None when the checksum does not fit."""
    number = 0
    for char in text:
        digit = alphabet.find(char)
        if digit < 0:
            return None
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip(alphabet[0]))
    raw = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    payload, check = raw[:-_CHECKSUM_BYTES], raw[-_CHECKSUM_BYTES:]
    expected = sha256(sha256(payload).digest()).digest()[:_CHECKSUM_BYTES]
    return payload if payload and check == expected else None


def bech32(text: str) -> tuple[str, list[int], int] | None:
    """Return prefix, five-bit words and the checksum constant (1.

    Bech32, 0x2bc830a3: bech32m), None if malformed.
    """
    prefix, _, data = text.rpartition("1")
    words = [_BECH32.find(char) for char in data]
    if not prefix or len(words) < len(_BECH32_STEPS) + 1 or -1 in words:
        return None
    spread = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    check = 1
    for word in spread + words:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ word
        for bit, step in enumerate(_BECH32_STEPS):
            check ^= step if top >> bit & 1 else 0
    return prefix, words[:-6], check


def cashaddr(prefix: str, data: str) -> bool:
    """Say whether the checksum of a Bitcoin Cash address fits."""
    words = [_BECH32.find(char) for char in data]
    if -1 in words:
        return False
    check = 1
    for word in [*(ord(char) & 31 for char in prefix), 0, *words]:
        top = check >> 35
        check = (check & 0x07FFFFFFFF) << 5 ^ word
        for bit, step in enumerate(_CASHADDR_STEPS):
            check ^= step if top >> bit & 1 else 0
    return check == 1


def keccak256(data: bytes) -> bytes:
    """Return the Keccak hash (before SHA-3 was settled) that Ethereum and Monero use."""
    from Crypto.Hash import keccak  # noqa: PLC0415 - heavy, and few files hold such a wallet

    return keccak.new(digest_bits=256, data=data).digest()


# Monero writes blocks of eight bytes as eleven characters; the last block is shorter.
_BLOCK_CHARS, _BLOCK_BYTES = 11, 8
_BYTES_OF_CHARS = {2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}


def monero(text: str) -> bytes | None:
    """Return the payload of a Monero address, network byte first, None when the checksum does not fit."""
    raw = bytearray()
    for start in range(0, len(text), _BLOCK_CHARS):
        block = text[start : start + _BLOCK_CHARS]
        size = _BYTES_OF_CHARS.get(len(block))
        digits = [BASE58.find(char) for char in block]
        if size is None or -1 in digits:
            return None
        number = 0
        for digit in digits:
            number = number * 58 + digit
        if number >= 1 << (8 * size):
            return None
        raw += number.to_bytes(size, "big")
    payload, check = bytes(raw[:-_CHECKSUM_BYTES]), bytes(raw[-_CHECKSUM_BYTES:])
    return payload if keccak256(payload)[:_CHECKSUM_BYTES] == check else None
