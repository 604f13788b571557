"""Wallets, accounts, keys and hashes."""

from base64 import b32encode, b64encode
from collections.abc import Callable
from random import Random

from bench.extraction_corpus import encodings as enc
from bench.extraction_corpus import values as v
from bench.extraction_corpus.forms.base import Make, Written, add, fours, groups, named
from bench.extraction_corpus.values import pick


def _wallet(sort: str) -> Make:
    def make(rng: Random) -> Written:
        return Written(*v.wallet(rng, sort), "wallet")

    return make


for _sort in v.WALLETS:
    add("wallet", _sort, _wallet(_sort))


def _bitcoin_uri(rng: Random) -> Written:
    address, value = v.wallet(rng, pick(rng, ["btc_legacy", "btc_segwit"]))
    return Written(address, value, ("bitcoin:{}?amount=0.01", "<bitcoin:{}>"))


def _capital_segwit(rng: Random) -> Written:
    address, value = v.wallet(rng, "btc_segwit")
    return Written(address.upper(), value, "wallet")


def _solana(rng: Random) -> Written:
    address = enc.base58(v.data(rng, 32))
    return Written(
        address, f"sol:{address}", ("SOL: {}", "Solana: {}", "solana:{}", "sol:{}"), f"sol:{address}"
    )


def _bitcoin_cash(rng: Random) -> Written:
    address = enc.cashaddr(v.data(rng, 20))
    return Written(address, f"bch:{address}", ("bitcoincash:{}",), f"bitcoincash:{address}")


add("wallet", "uri", _bitcoin_uri)
add("wallet", "capitals", _capital_segwit)
add("wallet", "sol_named", _solana)
add("wallet", "bch_named", _bitcoin_cash)


def _iban(write: Callable[[str], str], *frames: str) -> Make:
    def make(rng: Random) -> Written:
        value = v.iban(rng)
        return Written(write(value), f"iban:{value}", frames or ("IBAN {}", "IBAN: {}", "to {} please", "{}"))

    return make


def _account(write: Callable[[str, str], str]) -> Make:
    def make(rng: Random) -> Written:
        sort, number = v.digits(rng, 6), v.digits(rng, 8)
        return Written(write(sort, number), f"account:{sort}{number}", "bank")

    return make


def _account_number(rng: Random) -> Written:
    number = v.digits(rng, rng.randrange(8, 12))
    return Written(number, f"account:{number}", "bank")


add("bank_account", "iban", _iban(str))
add("bank_account", "iban_fours", _iban(fours))
add("bank_account", "iban_small", _iban(str.lower, "iban {}", "iban: {}"))
add("bank_account", "iban_hyphens", _iban(lambda text: fours(text).replace(" ", "-"), "IBAN {}", "IBAN: {}"))
add("bank_account", "number_named", _account_number)
add("bank_account", "sort_code", _account(lambda sort, number: f"{groups(sort, 2, 2, 2, by='-')} {number}"))


def _as_printed(text: str) -> str:
    """Two blanks in the middle, as the program prints it."""
    return f"{fours(text[:20])}  {fours(text[20:])}".upper()


add(
    "pgp",
    "fours",
    named(
        lambda rng: v.some(rng, v.HEX, 40),
        _as_printed,
        "PGP fingerprint: {}",
        "Key fingerprint = {}",
        "my PGP key: {}",
    ),
)
add(
    "pgp",
    "compact_named",
    named(
        lambda rng: v.some(rng, v.HEX, 40),
        str.upper,
        "PGP: {}",
        "PGP fingerprint {}",
        "GPG key fingerprint: {}",
    ),
)
add("pgp", "uri", named(lambda rng: v.some(rng, v.HEX, 40), str.upper, "openpgp4fpr:{}", "OPENPGP4FPR:{}"))
add(
    "pgp",
    "v6_named",
    named(lambda rng: v.some(rng, v.HEX, 64), str, "PGP fingerprint: {}", "PGP v6 fingerprint: {}"),
)


def _hash(sort: str, size: int, write: Callable[[str], str] = str, *frames: str, said: str = "{}") -> Make:
    return named(lambda rng: v.some(rng, v.HEX, size), write, *frames, said=said, prefix=f"{sort}:")


add("hash", "md5", _hash("md5", 32, str, "{}", "the file {} again", "hash: {}"))
add("hash", "sha1", _hash("sha1", 40, str, "{}", "the file {} again", "hash: {}"))
add("hash", "sha256", _hash("sha256", 64, str, "{}", "the file {} again", "hash: {}"))
add("hash", "sha512", _hash("sha512", 128, str, "{}", "hash: {}"))
add("hash", "capitals", _hash("md5", 32, str.upper, "{}", "the picture {} again"))
add("hash", "named", _hash("md5", 32, str, "MD5: {}", "md5={}", "MD5 {}", "md5:{}"))
add("hash", "sha1_named", _hash("sha1", 40, str.upper, "SHA-1: {}", "SHA1 {}", "sha1:{}"))
add("hash", "sha256_named", _hash("sha256", 64, str, "SHA-256: {}", "SHA256={}", "sha256:{}"))
add("hash", "sum_line", _hash("md5", 32, str, "{}  bridge.jpg", "{} *kite-03.png"))
add("hash", "bsd_line", _hash("sha256", 64, str, "SHA256 (bridge.jpg) = {}"))
add("hash", "pdq_named", _hash("pdq", 64, str, "PDQ: {}", "PDQ {}", "PDQ hash: {}", said="PDQ: {}"))


def _magnet(rng: Random) -> Written:
    key = v.data(rng, 20)
    text = b32encode(key).decode()
    return Written(
        text, f"sha1:{key.hex()}", ("urn:sha1:{}", "magnet:?xt=urn:sha1:{}&dn=bridge"), f"urn:sha1:{text}"
    )


def _photodna(rng: Random) -> Written:
    code = v.data(rng, 144)
    text = b64encode(code).decode()
    return Written(text, f"photodna:{code.hex()}", ("PhotoDNA: {}", "PhotoDNA hash: {}"), f"PhotoDNA: {text}")


add("hash", "sha1_base32", _magnet)
add("hash", "photodna_named", _photodna)
