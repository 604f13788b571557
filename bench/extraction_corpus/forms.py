"""Every way in which the corpus writes an identifier of every kind: `FORMS[kind][form]`.

A form says where it can stand. `read_as` is what the kind itself would be given where the text around tells
something that the value does not ("IDFA", the platform); tests compare it with the normal form.
"""

from base64 import b32encode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

from bench.extraction_corpus import encodings as enc
from bench.extraction_corpus import values as v
from bench.extraction_corpus.values import pick


class Written(NamedTuple):
    """A value as it is written. `frames`: texts that may stand around it, or the key of such in the phrases."""

    raw: str
    value: str
    frames: tuple[str, ...] | str = ("{}",)
    read_as: str | None = None
    around: tuple[str, str] = ("", "")  # signs that touch it, within the frame
    breaks: tuple[int, ...] = ()  # where a line may end within it


Make = Callable[[Random], Written]


@dataclass(frozen=True, slots=True)
class Form:
    """`where`: any, en, rtl, tight, suffix, digits, prefix or mail. `country`: who alone can read it, if not everybody."""

    make: Make
    where: str = "any"
    country: str | None = None


FORMS: dict[str, dict[str, Form]] = {}


def _add(kind: str, form: str, make: Make, where: str = "any", country: str | None = None) -> None:
    FORMS.setdefault(kind, {})[form] = Form(make, where, country)


def _groups(text: str, *sizes: int, by: str = " ") -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(text[start : start + size])
        start += size
    return by.join([*parts, text[start:]] if text[start:] else parts)


# --- e-mail ------------------------------------------------------------------------------------------------


def _email(change: Callable[[str], str] = str, frames: tuple[str, ...] | str = "email") -> Make:
    def make(rng: Random) -> Written:
        value = v.email(rng)
        return Written(change(value), value, frames)

    return make


def _defang(at: str, dot: str) -> Callable[[str], str]:
    return lambda text: text.replace("@", at).replace(".", dot)


def _tagged(rng: Random) -> Written:
    value = v.email(rng).replace("@", f"+{pick(rng, v.WORDS)}@")
    return Written(value, value, "email")


def _international_host(rng: Random) -> tuple[str, str]:
    """Return a host with letters beyond ASCII and its Punycode."""
    readable = (
        f"{pick(rng, ['bücher', 'brücke', 'rivière', 'montaña', 'łąka', 'мост', 'река', '橋', 'γέφυρα'])}.example"
    )
    ascii_form = f"xn--{readable.partition('.')[0].encode('punycode').decode()}.example"
    return readable, ascii_form


def _idn_email(rng: Random) -> Written:
    readable, _ = _international_host(rng)
    value = f"{pick(rng, v.WORDS)}{v.digits(rng, 3)}@{readable}"
    return Written(value, value, "email")


def _punycode_email(rng: Random) -> Written:
    readable, ascii_form = _international_host(rng)
    local = f"{pick(rng, v.WORDS)}{v.digits(rng, 3)}"
    return Written(f"{local}@{ascii_form}", f"{local}@{readable}", "email")


_add("email", "plain", _email())
_add("email", "capitals", _email(str.upper))
_add("email", "tagged", _tagged)
_add("email", "angle", _email(frames=("Kite Flyer <{}>", "Old Heron <{}>,", "mail: <{}>")))
_add("email", "mailto", _email(frames=("mailto:{}", "<mailto:{}>", "mailto:{}?subject=bridge")))
_add("email", "markup", _email(frames=('<a href="mailto:{}">here</a>', '{"email":"{}","n":3}', "[me](mailto:{})")))
_add("email", "square_at", _email(_defang("[at]", "[.]")))
_add("email", "round_at", _email(_defang("(at)", "(dot)")))
_add("email", "curly_at", _email(_defang("{at}", "{dot}")))
_add("email", "spaced_at", _email(_defang(" [at] ", " [dot] ")))
_add("email", "only_at", _email(_defang("[@]", ".")))
_add("email", "capital_at", _email(_defang(" (AT) ", " (DOT) ")))
_add("email", "word_at", _email(_defang(" at ", " dot "), ("my mail: {}", "write to {}")), "en")
_add("email", "arroba", _email(_defang("[arroba]", "[punto]")))
_add("email", "punkt", _email(_defang("(ät)", "(punkt)")))
_add("email", "idn", _idn_email)
_add("email", "punycode", _punycode_email)


# --- telephone ---------------------------------------------------------------------------------------------


def _phone(code: str, number: Callable[[Random], str], write: Callable[[str], str]) -> Make:
    def make(rng: Random) -> Written:
        national = number(rng)
        return Written(write(national), f"+{code}{national}", "phone")

    return make


def _any_uk(write: Callable[[str], str]) -> Make:
    return _phone("44", lambda rng: (v.uk_mobile if rng.random() < 0.6 else v.uk_landline)(rng), write)  # noqa: PLR2004


def _us(write: Callable[[str], str]) -> Make:
    return _phone("1", v.us_number, write)


def _letters(rng: Random) -> Written:
    number = v.uk_mobile(rng)
    dressed = number.replace("0", pick(rng, "oO")).replace("1", pick(rng, "lI"))
    return Written(f"+44 {dressed[:4]} {dressed[4:]}", f"+44{number}", "phone")


def _extension(rng: Random) -> Written:
    number, end = v.uk_landline(rng), v.digits(rng, rng.randrange(2, 4))
    return Written(
        f"+44 {number[:4]} {number[4:]}{pick(rng, [' ext. ', ' x', ', ext ', ' extension '])}{end}", f"+44{number}", "phone"
    )


def _odd_blanks(rng: Random) -> Written:
    number, blank = v.uk_mobile(rng), pick(rng, "\u00a0\u2009\u202f\u2011")
    return Written(f"+44{blank}{number[:4]}{blank}{number[4:]}", f"+44{number}", "phone")


_add("phone", "international", _any_uk(lambda n: f"+44 {n[:4]} {n[4:]}"))
_add("phone", "compact", _any_uk(lambda n: f"+44{n}"))
_add("phone", "groups", _any_uk(lambda n: f"+44 {n[:4]} {n[4:7]} {n[7:]}"))
_add("phone", "trunk_zero", _any_uk(lambda n: f"+44 (0){n[:4]} {n[4:]}"))
_add("phone", "trunk_zero_spaced", _any_uk(lambda n: f"+44 (0) {n[:4]} {n[4:]}"))
_add("phone", "double_zero", _any_uk(lambda n: f"0044 {n[:4]} {n[4:]}"))
_add("phone", "double_zero_compact", _any_uk(lambda n: f"0044{n}"))
_add("phone", "bracketed_code", _any_uk(lambda n: f"(+44) {n[:4]} {n[4:]}"))
_add("phone", "hyphens", _any_uk(lambda n: f"+44-{n[:4]}-{n[4:]}"))
_add("phone", "dots", _any_uk(lambda n: f"+44.{n[:4]}.{n[4:]}"))
_add("phone", "tel_uri", lambda rng: _any_uk(lambda n: f"+44{n}")(rng)._replace(frames=("tel:{}", '<a href="tel:{}">')))
_add("phone", "extension", _extension)
_add("phone", "letters", _letters)
_add("phone", "odd_blanks", _odd_blanks)
_add("phone", "us_brackets", _us(lambda n: f"+1 ({n[:3]}) {n[3:6]}-{n[6:]}"))
_add("phone", "us_hyphens", _us(lambda n: f"+1-{n[:3]}-{n[3:6]}-{n[6:]}"))
_add("phone", "us_compact", _us(lambda n: f"+1{n}"))
_add("phone", "national_mobile", _phone("44", v.uk_mobile, lambda n: f"0{n[:4]} {n[4:]}"), country="GB")
_add("phone", "national_threes", _phone("44", v.uk_mobile, lambda n: f"0{n[:4]} {n[4:7]} {n[7:]}"), country="GB")
_add("phone", "national_compact", _phone("44", v.uk_mobile, lambda n: f"0{n}"), country="GB")
_add("phone", "national_hyphens", _phone("44", v.uk_mobile, lambda n: f"0{n[:4]}-{n[4:]}"), country="GB")
_add("phone", "national_landline", _phone("44", v.uk_landline, lambda n: f"0{n[:4]} {n[4:]}"), country="GB")
_add("phone", "national_area", _phone("44", v.uk_landline, lambda n: f"(0{n[:4]}) {n[4:]}"), country="GB")
_add("phone", "spaced_out", _phone("44", v.uk_mobile, lambda n: " ".join(f"0{n}")), country="GB")
_add("phone", "keycaps", _phone("44", v.uk_mobile, lambda n: "".join(f"{d}\ufe0f\u20e3" for d in f"0{n}")), country="GB")
_add("phone", "no_plus", _phone("44", v.uk_mobile, lambda n: f"44{n}"), country="GB")
_add("phone", "us_national_brackets", _us(lambda n: f"({n[:3]}) {n[3:6]}-{n[6:]}"), country="US")
_add("phone", "us_national_hyphens", _us(lambda n: f"{n[:3]}-{n[3:6]}-{n[6:]}"), country="US")
_add("phone", "us_national_dots", _us(lambda n: f"{n[:3]}.{n[3:6]}.{n[6:]}"), country="US")


# --- addresses of machines and pages -----------------------------------------------------------------------


def _v4(write: Callable[[str], str]) -> Make:
    def make(rng: Random) -> Written:
        value = v.ipv4(rng)
        return Written(write(value), value, "ip")

    return make


def _v6(write: Callable[[str, str], str]) -> Make:
    def make(rng: Random) -> Written:
        full, short = v.ipv6(rng)
        return Written(write(full, short), short, "ip")

    return make


def _with_port(rng: Random) -> Written:
    value = v.ipv4(rng)
    return Written(f"{value}:{rng.randrange(1024, 65536)}", value, "ip")


_add("ip", "v4", _v4(str))
_add("ip", "v4_port", _with_port)
_add("ip", "v4_square", _v4(lambda ip: ip.replace(".", "[.]")))
_add("ip", "v4_round", _v4(lambda ip: ip.replace(".", "(.)")))
_add("ip", "v4_word", _v4(lambda ip: ip.replace(".", "[dot]")))
_add("ip", "v4_last_dot", _v4(lambda ip: "[.]".join(ip.rsplit(".", 1))))
_add("ip", "v4_backslash", _v4(lambda ip: ip.replace(".", "\\.")))
_add("ip", "v4_single", _v4(lambda ip: f"{ip}/32"))
_add("ip", "v6", _v6(lambda full, short: short))
_add("ip", "v6_full", _v6(lambda full, short: full))
_add("ip", "v6_capitals", _v6(lambda full, short: full.upper()))
_add("ip", "v6_port", _v6(lambda full, short: f"[{short}]:443"))
_add("ip", "v6_zone", _v6(lambda full, short: f"{short}%eth0"))
_add("ip", "v6_mapped", _v4(lambda ip: f"::ffff:{ip}"))


def _url(change: Callable[[str], str], frames: tuple[str, ...] | str = "site") -> Make:
    def make(rng: Random) -> Written:
        value = v.url(rng)
        return Written(change(value), value, frames)

    return make


def _in_host(change: Callable[[str], str]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        scheme, _, rest = text.partition("://")
        name, slash, path = rest.partition("/")
        return f"{scheme}://{change(name)}{slash}{path}"

    return changed


def _made_url(make: Callable[[Random], tuple[str, str]]) -> Make:
    def made(rng: Random) -> Written:
        raw, value = make(rng)
        return Written(raw, value, "site")

    return made


def _same(text: str) -> tuple[str, str]:
    return text, text


def _bare_www(rng: Random) -> tuple[str, str]:
    text = f"www.{pick(rng, v.WORDS)}{v.digits(rng, 2)}.example/{pick(rng, v.WORDS)}/{v.digits(rng, 3)}"
    return text, f"https://{text}"


def _address_as_host(rng: Random) -> tuple[str, str]:
    text = f"http://{v.ipv4(rng)}:8080/{pick(rng, v.WORDS)}"
    return text, text


def _capital_host(rng: Random) -> tuple[str, str]:
    value = v.url(rng)
    scheme, rest = value.split("://")
    name, path = rest.split("/", 1)
    return f"{scheme.upper()}://{name.title()}/{path}", value


def _punycode_url(rng: Random) -> tuple[str, str]:
    readable, ascii_form = _international_host(rng)
    path = pick(rng, v.WORDS)
    return f"https://{ascii_form}/{path}", f"https://{readable}/{path}"


_hxxp = _in_host(str)
_add("url", "plain", _url(str))
_add("url", "no_path", _made_url(lambda rng: (lambda name: (f"https://{name}", f"https://{name}/"))(v.host(rng))))
_add("url", "port", _made_url(lambda rng: _same(f"https://{v.host(rng)}:8443/{pick(rng, v.WORDS)}")))
_add("url", "query", _made_url(lambda rng: _same(f"{v.url(rng)}?id={v.digits(rng, 4)}&to={pick(rng, v.WORDS)}%20b#p-2")))
_add("url", "brackets_in_path", _made_url(lambda rng: _same(f"{v.url(rng)}/Bridge_({pick(rng, v.WORDS)})")))
_add("url", "capital_host", _made_url(_capital_host))
_add("url", "no_scheme", _made_url(_bare_www))
_add("url", "address_as_host", _made_url(_address_as_host))
_add("url", "ftp", _made_url(lambda rng: _same(f"ftp://{v.host(rng)}/{pick(rng, v.WORDS)}.txt")))
_add("url", "idn", _made_url(lambda rng: _same(f"https://{_international_host(rng)[0]}/{pick(rng, v.WORDS)}")))
_add("url", "punycode", _made_url(_punycode_url))
_add("url", "markup", _url(str, ('<a href="{}">bridge</a>', "[the bridge]({})", '{"url":"{}"}', "![kite]({})")))
_add("url", "hxxp", _url(lambda text: text.replace("http", "hxxp", 1)))
_add("url", "hxxp_dots", _url(lambda text: _in_host(lambda n: n.replace(".", "[.]"))(text).replace("http", "hxxp", 1)))
_add("url", "hxxp_last_dot", _url(lambda text: _in_host(lambda n: "[.]".join(n.rsplit(".", 1)))(text).replace("http", "hXXp", 1)))
_add("url", "square_colon", _url(lambda text: _in_host(lambda n: n.replace(".", "[.]"))(text).replace("://", "[:]//")))
_add("url", "square_slashes", _url(lambda text: text.replace("http", "hxxp", 1).replace("://", "[://]")))
_add("url", "round_dots", _url(lambda text: _in_host(lambda n: n.replace(".", "(dot)"))(text).replace("http", "hxxp", 1)))
_add("url", "stars", _url(lambda text: text.replace("http", "h**p", 1)))


def _domain(change: Callable[[str], str] = str) -> Make:
    def make(rng: Random) -> Written:
        value = v.host(rng)
        return Written(change(value), value, "site")

    return make


def _idn_domain(rng: Random) -> Written:
    readable, _ = _international_host(rng)
    return Written(readable, readable, "site")


def _punycode_domain(rng: Random) -> Written:
    readable, ascii_form = _international_host(rng)
    return Written(ascii_form, readable, "site")


_add("domain", "plain", _domain())
_add("domain", "capitals", _domain(str.upper))
_add("domain", "www", lambda rng: (lambda name: Written(name, name, "site"))(f"www.{v.host(rng)}"))
_add("domain", "square_dots", _domain(lambda text: text.replace(".", "[.]")))
_add("domain", "last_dot", _domain(lambda text: "[.]".join(text.rsplit(".", 1))))
_add("domain", "round_dots", _domain(lambda text: text.replace(".", "(dot)")))
_add("domain", "half_bracket", _domain(lambda text: "[.".join(text.rsplit(".", 1))))
_add("domain", "word_dots", _domain(lambda text: text.replace(".", " dot ")), "en")
_add("domain", "ideographic_dot", _domain(lambda text: text.replace(".", "。")))
_add("domain", "idn", _idn_domain)
_add("domain", "punycode", _punycode_domain)


def _onion(write: Callable[[str], str]) -> Make:
    def make(rng: Random) -> Written:
        value = enc.onion(v.data(rng, 32))
        return Written(write(value), value, "site")

    return make


def _old_onion(rng: Random) -> Written:
    value = f"{b32encode(v.data(rng, 10)).decode().lower()}.onion"
    return Written(value, value, "site")


_add("onion", "v3", _onion(str))
_add("onion", "scheme", _onion(lambda text: f"http://{text}/"))
_add("onion", "square_dot", _onion(lambda text: text.replace(".", "[.]")))
_add("onion", "hxxp", _onion(lambda text: f"hxxp://{text.replace('.', '[.]')}"))
_add("onion", "sub_domain", _onion(lambda text: f"www.{text}"))
_add("onion", "capitals", _onion(str.upper))
_add("onion", "v2", _old_onion)


# --- devices -----------------------------------------------------------------------------------------------


def _named(value: Callable[[Random], str], write: Callable[[str], str], *frames: str, said: str = "{}", prefix: str = "") -> Make:
    """Make a form that needs its name before it. `said`: what the kind is given; `prefix`: of the normal form."""

    def make(rng: Random) -> Written:
        plain = value(rng)
        raw = write(plain)
        return Written(raw, f"{prefix}{plain}", frames or ("{}",), said.replace("{}", raw))

    return make


_imei_frames = ("IMEI {}", "IMEI: {}", "IMEI no. {}", "imei={}", "The handset has IMEI {} on the box.")
_add("imei", "named", _named(v.imei, str, *_imei_frames))
_add("imei", "bare", _named(v.imei, str, "The handset is {} by its box.", "dialled *#06# and got {}"))
_add("imei", "hyphens", _named(v.imei, lambda n: _groups(n, 2, 6, 6, by="-"), *_imei_frames))
_add("imei", "spaced", _named(v.imei, lambda n: _groups(n, 2, 6, 6), *_imei_frames))
_add("imei", "slashes", _named(v.imei, lambda n: _groups(n, 6, 2, 6, by="/"), *_imei_frames))
_add("imei", "with_version", _named(lambda rng: f"35{v.digits(rng, 14)}", str, "IMEISV {}", "IMEISV: {}"))
_imsi_frames = ("IMSI {}", "IMSI: {}", "IMSI no. {}", "imsi={}", "The SIM's IMSI is {} by the operator.")
_add("imsi", "named", _named(v.imsi, str, *_imsi_frames))
_add("imsi", "spaced", _named(v.imsi, lambda n: _groups(n, 3, 2), *_imsi_frames))
_add("imsi", "hyphens", _named(v.imsi, lambda n: _groups(n, 3, 2, by="-"), *_imsi_frames))
_mac_frames = ("MAC {}", "MAC address: {}", "Wi-Fi {}", "wlan0 {} up", "The card {} joined twice.")
_add("mac", "colons", _named(v.mac, str, *_mac_frames))
_add("mac", "capitals", _named(v.mac, str.upper, *_mac_frames))
_add("mac", "hyphens", _named(v.mac, lambda m: m.replace(":", "-").upper(), *_mac_frames))
_add("mac", "dots", _named(v.mac, lambda m: _groups(m.replace(":", ""), 4, 4, 4, by="."), *_mac_frames))
_add("mac", "bare_named", _named(v.mac, lambda m: m.replace(":", "").upper(), "MAC {}", "MAC address: {}", "MAC: {}"))


def _bare_uuid(text: str) -> str:
    return text.replace("-", "")


_add("device", "idfa", _named(v.uuid, str.upper, "IDFA: {}", "IDFA {}", "idfa={}", said="IDFA: {}", prefix="idfa:"))
_add("device", "idfa_bare", _named(v.uuid, lambda u: _bare_uuid(u).upper(), "IDFA: {}", "IDFA {}", said="IDFA: {}", prefix="idfa:"))
_add("device", "gaid", _named(v.uuid, str, "GAID: {}", "AAID {}", "gaid={}", "Google Ad ID: {}", said="gaid:{}", prefix="gaid:"))
_add("device", "android", _named(lambda rng: v.some(rng, v.HEX, 15) + "7", str, "Android ID {}", "Android ID: {}", "android_id={}", prefix="device:"))
_add("device", "named", lambda rng: (lambda i: Written(i, f"device:{i}", "device"))(v.some(rng, v.HEX, 15) + "7"))
_add("device", "vendor", _named(v.uuid, str.upper, "IDFV: {}", "IDFV {}", said="IDFV: {}", prefix="device:"))
_add("device", "serial", _named(lambda rng: f"ex{v.some(rng, 'abcdefgh', 3)}{v.digits(rng, 7)}", str.upper, "Serial number: {}", "Serial no: {}", "Serial: {}", prefix="device:"))


# --- money, keys, files ------------------------------------------------------------------------------------


def _wallet(sort: str) -> Make:
    def make(rng: Random) -> Written:
        return Written(*v.wallet(rng, sort), "wallet")

    return make


for _sort in v.WALLETS:
    _add("wallet", _sort, _wallet(_sort))


def _bitcoin_uri(rng: Random) -> Written:
    address, value = v.wallet(rng, pick(rng, ["btc_legacy", "btc_segwit"]))
    return Written(address, value, ("bitcoin:{}?amount=0.01", "<bitcoin:{}>"))


def _capital_segwit(rng: Random) -> Written:
    address, value = v.wallet(rng, "btc_segwit")
    return Written(address.upper(), value, "wallet")


def _solana(rng: Random) -> Written:
    address = enc.base58(v.data(rng, 32))
    return Written(address, f"sol:{address}", ("SOL: {}", "Solana: {}", "solana:{}", "sol:{}"), f"sol:{address}")


def _bitcoin_cash(rng: Random) -> Written:
    address = enc.cashaddr(v.data(rng, 20))
    return Written(address, f"bch:{address}", ("bitcoincash:{}",), f"bitcoincash:{address}")


_add("wallet", "uri", _bitcoin_uri)
_add("wallet", "capitals", _capital_segwit)
_add("wallet", "sol_named", _solana)
_add("wallet", "bch_named", _bitcoin_cash)


def _iban(write: Callable[[str], str], *frames: str) -> Make:
    def make(rng: Random) -> Written:
        value = v.iban(rng)
        return Written(write(value), f"iban:{value}", frames or ("IBAN {}", "IBAN: {}", "to {} please", "{}"))

    return make


def _fours(text: str) -> str:
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def _account(write: Callable[[str, str], str]) -> Make:
    def make(rng: Random) -> Written:
        sort, number = v.digits(rng, 6), v.digits(rng, 8)
        return Written(write(sort, number), f"account:{sort}{number}", "bank")

    return make


def _account_number(rng: Random) -> Written:
    number = v.digits(rng, rng.randrange(8, 12))
    return Written(number, f"account:{number}", "bank")


_add("bank_account", "iban", _iban(str))
_add("bank_account", "iban_fours", _iban(_fours))
_add("bank_account", "iban_small", _iban(str.lower, "iban {}", "iban: {}"))
_add("bank_account", "iban_hyphens", _iban(lambda text: _fours(text).replace(" ", "-"), "IBAN {}", "IBAN: {}"))
_add("bank_account", "number_named", _account_number)
_add("bank_account", "sort_code", _account(lambda sort, number: f"{_groups(sort, 2, 2, 2, by='-')} {number}"))



def _as_printed(text: str) -> str:
    """Two blanks in the middle, as the program prints it."""
    return f"{_fours(text[:20])}  {_fours(text[20:])}".upper()


_add("pgp", "fours", _named(lambda rng: v.some(rng, v.HEX, 40), _as_printed, "PGP fingerprint: {}", "Key fingerprint = {}", "my PGP key: {}"))
_add("pgp", "compact_named", _named(lambda rng: v.some(rng, v.HEX, 40), str.upper, "PGP: {}", "PGP fingerprint {}", "GPG key fingerprint: {}"))
_add("pgp", "uri", _named(lambda rng: v.some(rng, v.HEX, 40), str.upper, "openpgp4fpr:{}", "OPENPGP4FPR:{}"))
_add("pgp", "v6_named", _named(lambda rng: v.some(rng, v.HEX, 64), str, "PGP fingerprint: {}", "PGP v6 fingerprint: {}"))


def _hash(sort: str, size: int, write: Callable[[str], str] = str, *frames: str, said: str = "{}") -> Make:
    return _named(lambda rng: v.some(rng, v.HEX, size), write, *frames, said=said, prefix=f"{sort}:")


_add("hash", "md5", _hash("md5", 32, str, "{}", "the file {} again", "hash: {}"))
_add("hash", "sha1", _hash("sha1", 40, str, "{}", "the file {} again", "hash: {}"))
_add("hash", "sha256", _hash("sha256", 64, str, "{}", "the file {} again", "hash: {}"))
_add("hash", "sha512", _hash("sha512", 128, str, "{}", "hash: {}"))
_add("hash", "capitals", _hash("md5", 32, str.upper, "{}", "the picture {} again"))
_add("hash", "named", _hash("md5", 32, str, "MD5: {}", "md5={}", "MD5 {}", "md5:{}"))
_add("hash", "sha1_named", _hash("sha1", 40, str.upper, "SHA-1: {}", "SHA1 {}", "sha1:{}"))
_add("hash", "sha256_named", _hash("sha256", 64, str, "SHA-256: {}", "SHA256={}", "sha256:{}"))
_add("hash", "sum_line", _hash("md5", 32, str, "{}  bridge.jpg", "{} *kite-03.png"))
_add("hash", "bsd_line", _hash("sha256", 64, str, "SHA256 (bridge.jpg) = {}"))
_add("hash", "pdq_named", _hash("pdq", 64, str, "PDQ: {}", "PDQ {}", "PDQ hash: {}", said="PDQ: {}"))


def _magnet(rng: Random) -> Written:
    key = v.data(rng, 20)
    text = b32encode(key).decode()
    return Written(text, f"sha1:{key.hex()}", ("urn:sha1:{}", "magnet:?xt=urn:sha1:{}&dn=bridge"), f"urn:sha1:{text}")


def _photodna(rng: Random) -> Written:
    code = v.data(rng, 144)
    text = b64encode(code).decode()
    return Written(text, f"photodna:{code.hex()}", ("PhotoDNA: {}", "PhotoDNA hash: {}"), f"PhotoDNA: {text}")


_add("hash", "sha1_base32", _magnet)
_add("hash", "photodna_named", _photodna)


# --- names -------------------------------------------------------------------------------------------------


def _plate(write: Callable[[str], str]) -> Make:
    def make(rng: Random) -> Written:
        plate = v.plate(rng)
        return Written(write(plate), plate.replace(" ", "").replace("-", ""), "vehicle")

    return make


_add("vehicle", "named", _plate(str))
_add("vehicle", "small", _plate(str.lower))
_add("vehicle", "compact", _plate(lambda text: text.replace(" ", "").replace("-", "")))


def _handle(frames: tuple[str, ...] | str, write: Callable[[str], str] = str) -> Make:
    def make(rng: Random) -> Written:
        value = v.nickname(rng)
        return Written(write(value), value, frames)

    return make


def _other_script(rng: Random) -> Written:
    value = f"{pick(rng, ['синий_мост', 'μπλε_γέφυρα', '青い橋', 'جسر_ازرق', 'גשר_כחול', 'नीला_पुल'])}{v.digits(rng, 3)}"
    return Written(f"@{value}", value, ("thanks {} for the map", "cc {}", "{} was there too"))


_mention = ("thanks {} for the map", "ask {}", "{} said no", "cc {}", "with {} and the others")
_add("handle", "at", _handle(_mention, lambda n: f"@{n}"))
_add("handle", "at_capitals", _handle(_mention, lambda n: f"@{n.title()}"))
_add("handle", "named", _handle("handle"))
_add("handle", "quoted", _handle(('username "{}"', "username “{}”", "user name '{}'", "screen name «{}»"), str))
_add("handle", "other_script", _other_script)

#: How people write platforms, and the one form of each.
PLATFORMS = {
    "snap": "snapchat", "Snapchat": "snapchat", "insta": "instagram", "IG": "instagram", "Instagram": "instagram",
    "kik": "kik", "Telegram": "telegram", "tg": "telegram", "Discord": "discord", "TikTok": "tiktok", "PSN": "playstation",
    "Xbox": "xbox", "Roblox": "roblox", "Skype": "skype", "Wickr": "wickr", "Threema": "threema", "Steam": "steam", "vk": "vk",
}  # fmt: skip
#: Platforms that do not exist: only the way of writing tells that they are meant.
INVENTED = {"Kite Chat": "kitechat", "OtherApp": "otherapp", "ExampleChat": "examplechat"}


def _account_on(names: dict[str, str], frames: tuple[str, ...], write: Callable[[str], str] = str) -> Make:
    def make(rng: Random) -> Written:
        name, nick = pick(rng, list(names)), v.nickname(rng)
        shown = tuple(frame.replace("<p>", name) for frame in frames)
        return Written(write(nick), f"{names[name]}/{nick}", shown, f"{name}/{write(nick)}")

    return make


def _account_written(rng: Random) -> Written:
    name = pick(rng, [*INVENTED, "Telegram", "Instagram"])
    nick = v.nickname(rng)
    return Written(f"{name}/{nick}", f"{(PLATFORMS | INVENTED)[name]}/{nick}", ("account {}", "Account: {}", "his account {} is closed"))


def _account_id(rng: Random) -> Written:
    name, number = pick(rng, list(INVENTED)), v.digits(rng, rng.randrange(5, 11))
    raw = f"{name}/id:{number}"
    return Written(raw, f"{INVENTED[name]}/id:{number}", ("account {}", "Account: {}"))


def _user_id(rng: Random) -> Written:
    name, size = pick(rng, ["Discord", "Telegram", "Roblox"]), rng.randrange(8, 11)
    number = v.digits(rng, 18 if name == "Discord" else size)
    frames = tuple(frame.replace("<p>", name) for frame in ("<p> user ID {}", "<p> ID: {}", "<p> user id: {}"))
    return Written(number, f"{name.lower()}/id:{number}", frames, f"{name}/id:{number}")


_add("account", "platform_colon", _account_on(PLATFORMS, ("<p>: {}", "<p> - {}", "<p> = {}")))
_add("account", "platform_at", _account_on(PLATFORMS, ("<p> {}", "<p>: {}"), lambda n: f"@{n}"))
_add("account", "platform_user", _account_on(PLATFORMS | INVENTED, ("<p> user {}", "<p> username {}", "<p> username: {}", "<p> account {}")))
_add("account", "on_platform", _account_on(PLATFORMS, ("add {} on <p>", "i am {} on <p>", "my <p> is {}", "find me on <p> as {}", "{} on <p>")), "en")
_add("account", "written", _account_written)
_add("account", "id", _account_id)
_add("account", "user_id", _user_id)


def _room(write: Callable[[str], str], *frames: str) -> Make:
    def make(rng: Random) -> Written:
        name = pick(rng, ["Telegram", "Discord", "WhatsApp", "Signal", *INVENTED])
        room = write(f"{pick(rng, v.WORDS).title()} Flyers {rng.randrange(10, 999)}")
        shown = tuple(frame.replace("<p>", name) for frame in frames)
        value = f"{(PLATFORMS | INVENTED).get(name, name.lower())}/{room.lower()}"
        return Written(room, value, shown, f"{name}/{room}")

    return make


def _room_written(rng: Random) -> Written:
    name = pick(rng, list(INVENTED))
    room = f"Room-{rng.randrange(1, 9999)}"
    return Written(f"{name}/{room}", f"{INVENTED[name]}/{room.lower()}", ("room {}", "the group {} is closed", "Group: {}"))


def _room_jid(rng: Random) -> Written:
    number = f"120363{v.digits(rng, 12)}"
    return Written(f"{number}@g.us", f"whatsapp/{number}", ("group {}", "in {} since May", "WhatsApp group {}"))


_add("group", "written", _room_written)
_add("group", "jid", _room_jid)
_add("group", "platform_named", _room(lambda t: t.replace(" ", "_"), "<p> group: {}", "<p> group {}", "<p> room {}", "<p> room: {}"))
_add("group", "quoted", _room(str, '<p> group "{}"', "<p> group “{}”", 'the <p> room "{}"'))


def _shown(*frames: str) -> Make:
    def make(rng: Random) -> Written:
        name = v.shown_name(rng)
        return Written(name, name.lower(), frames)

    return make


_add("display_name", "quoted", _shown('display name "{}"', "display name “{}”", 'Display name: "{}"', 'Displayed name: "{}"'))


def _report(write: Callable[[str], str], body: str = "ncmec") -> Make:
    def make(rng: Random) -> Written:
        number = f"99{v.digits(rng, 7)}"
        return Written(write(number), f"{body}:{number}", ("see {}", "Supplement to {}", "Ref. {}", "({})", "linked to {} by the sender"))

    return make


def _our_report(rng: Random) -> Written:
    raw = f"CETS-{pick(rng, ['ESX', 'NMR', 'AB'])}-20{rng.randrange(20, 27)}-{rng.randrange(1, 10**6):06d}"
    return Written(raw, f"cets:{raw.lower()}", ("see {}", "Ref. {}", "{}"))


_add("report_number", "ncmec", _report(lambda n: f"NCMEC {n}"))
_add("report_number", "ncmec_sign", _report(lambda n: f"NCMEC #{n}"))
_add("report_number", "cybertip", _report(lambda n: f"CyberTip: {n}"))
_add("report_number", "cybertipline", _report(lambda n: f"CyberTipline Report {n}"))
_add("report_number", "cets", _our_report)


# --- the same, dressed -------------------------------------------------------------------------------------

_CYRILLIC = str.maketrans({"a": "а", "c": "с", "e": "е", "o": "о", "p": "р", "x": "х", "y": "у", "i": "і", "s": "ѕ"})
_ENDS = (
    ("(", ")"), ("[", "]"), ("<", ">"), ('"', '"'), ("„", "“"), ("“", "”"), ("«", "»"), ("'", "'"), ("`", "`"), ("**", "**"),
    ("「", "」"), ("（", "）"), ("|", "|"), ("", "."), ("", ","), ("", "!"), ("", "?"), ("", ";"), ("", ":"), ("", "…"), ("- ", ""), ("> ", ""),
)  # fmt: skip
_MARKS = (("\u200f", "\u200f"), ("\u200e", "\u200e"), ("\u2066", "\u2069"), ("\u202a", "\u202c"), ("", "\u200f"), ("\u200e", ""))
_DIGIT_ROWS = {"ar": 0x660, "hi": 0x966, "th": 0xE50, "bold": 0x1D7CE}


def full_width(text: str) -> str:
    """Return `text` in the wide forms of East Asian typing."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text).replace(" ", "\u3000")


def in_digits(text: str, row: str) -> str:
    """Return `text` with the digits of another script."""
    return text.translate({ord(str(n)): _DIGIT_ROWS[row] + n for n in range(10)})


def pick_pair(rng: Random, pairs: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """Return one of the pairs."""
    return pairs[int(rng.random() * len(pairs))]


def _dressed(kind: str, bases: str, dress: Callable[[Random, Written], Written]) -> Make:
    makes = [FORMS[kind][base].make for base in bases.split()]

    def make(rng: Random) -> Written:
        return dress(rng, makes[int(rng.random() * len(makes))](rng))

    return make


def _read_anew(written: Written, raw: str) -> Written:
    said = written.read_as
    return written._replace(raw=raw, read_as=said.replace(written.raw, raw) if said else None)


def _enclose(rng: Random, written: Written) -> Written:
    return written._replace(around=pick_pair(rng, _ENDS))


def _mark(rng: Random, written: Written) -> Written:
    return written._replace(around=pick_pair(rng, _MARKS))


def _hide(rng: Random, written: Written) -> Written:
    text = written.raw
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(1, len(text))
        text = f"{text[:place]}{pick(rng, chr(0x200B) + chr(0x200D) + chr(0x2060) + chr(0xAD) + chr(0xFEFF))}{text[place:]}"
    return _read_anew(written, text)


def _look_alike(rng: Random, written: Written) -> Written:
    places = [place for place, char in enumerate(written.raw) if ord(char) in _CYRILLIC and "." in written.raw[place:]]
    head = written.raw.partition("://")[0] if "://" in written.raw else ""
    places = [place for place in places if place >= len(head)]
    chosen = set(rng.sample(places, min(len(places), 2)))
    text = "".join(char.translate(_CYRILLIC) if place in chosen else char for place, char in enumerate(written.raw))
    return written._replace(raw=text, value=text)


def _look_alike_name(rng: Random, written: Written) -> Written:
    place = rng.choice([n for n, char in enumerate(written.raw) if ord(char) in _CYRILLIC] or [0])
    raw = written.raw[:place] + written.raw[place].translate(_CYRILLIC) + written.raw[place + 1 :]
    return written._replace(raw=raw, value=raw.removeprefix("@"))


def _at_blanks(_: Random, written: Written) -> Written:
    return written._replace(breaks=tuple(n for n, char in enumerate(written.raw) if char == " "))


_WHOLE_LENGTHS = frozenset({15, 16, 32, 40, 56, 64, 128})


def _anywhere(_: Random, written: Written) -> Written:
    size = len(written.raw)
    places = [n for n in range(6, size - 5) if n not in _WHOLE_LENGTHS and size - n not in _WHOLE_LENGTHS]
    return written._replace(breaks=tuple(places))


def _after_signs(_: Random, written: Written) -> Written:
    return written._replace(breaks=tuple(n + 1 for n, char in enumerate(written.raw[:-2]) if char in "@." and n > 1))


def _in_angles(rng: Random, written: Written) -> Written:
    return _anywhere(rng, written)._replace(frames=("<{}>", "see <{}>"))


_NAMED = "imei imsi mac"
#: (form, where, what is done, kind: plain forms it is done to).
_DRESSES: tuple[tuple[str, str, Callable[[Random, Written], Written], dict[str, str]], ...] = (
    ("enclosed", "any", _enclose, {
        "email": "plain", "phone": "international compact", "ip": "v4 v6", "url": "plain query", "domain": "plain", "onion": "v3",
        "wallet": "btc_legacy btc_segwit eth_small", "hash": "md5 sha256", "handle": "at", "bank_account": "iban iban_fours", "mac": "colons",
    }),
    ("rtl", "rtl", _mark, {
        "email": "plain", "phone": "international compact", "ip": "v4 v6", "url": "plain", "domain": "plain", "onion": "v3", "wallet": "btc_segwit",
        "hash": "md5", "handle": "at named", "bank_account": "iban iban_fours", "mac": "colons", "imei": "named", "imsi": "named",
        "vehicle": "named", "account": "platform_colon platform_at", "group": "jid", "device": "idfa", "pgp": "fours", "report_number": "ncmec",
    }),
    ("full_width", "any", lambda _, w: _read_anew(w, full_width(w.raw)), {
        "email": "plain", "phone": "international compact", "ip": "v4", "url": "plain", "domain": "plain", "imei": "named", "imsi": "named",
        "mac": "colons", "handle": "at", "bank_account": "iban", "vehicle": "named", "hash": "md5", "wallet": "eth_small", "account": "platform_colon",
    }),
    ("styled_digits", "any", lambda _, w: _read_anew(w, in_digits(w.raw, "bold")), {"phone": "international compact", "ip": "v4", "imei": "named"}),
    ("invisible", "any", _hide, {
        "email": "plain", "phone": "international compact", "ip": "v4", "url": "plain", "domain": "plain", "wallet": "btc_legacy", "hash": "sha256",
        "bank_account": "iban", "imei": "named", "handle": "at", "onion": "v3",
    }),
    ("look_alike", "any", _look_alike, {"email": "plain", "url": "plain", "domain": "plain"}),
    ("look_alike", "any", _look_alike_name, {"handle": "at"}),
    ("tight", "tight", lambda _, w: w, {"email": "plain", "phone": "compact international", "ip": "v4", "url": "plain", "domain": "plain", "wallet": "btc_segwit"}),
    ("suffixed", "suffix", lambda _, w: w, {"email": "plain", "phone": "compact", "ip": "v4", "domain": "plain"}),
    ("prefixed", "prefix", lambda _, w: w._replace(frames=("{}",), around=("ב-", "")), {"email": "plain", "ip": "v4", "domain": "plain", "url": "plain"}),
    ("wrapped", "mail", _at_blanks, {
        "phone": "international groups", "bank_account": "iban_fours sort_code", "imei": "spaced", "imsi": "spaced", "pgp": "fours",
        "email": "spaced_at", "vehicle": "named", "report_number": "ncmec cybertipline",
    }),
    ("cut", "mail", _anywhere, {
        "hash": "sha256 sha512 sha1", "wallet": "btc_taproot xmr eth_small btc_segwit ada", "onion": "v3", "pgp": "compact_named",
    }),
    ("cut", "mail", _in_angles, {"url": "plain query"}),
    ("cut", "mail", _after_signs, {"email": "plain", "domain": "plain"}),
)  # fmt: skip


def _dress_all() -> None:
    for form, where, dress, bases in _DRESSES:
        for kind, names in bases.items():
            _add(kind, form, _dressed(kind, names, dress), where)
    for row in ("ar", "hi", "th"):  # the language's own digits
        for kind, names in {"phone": "international compact", "ip": "v4", "imei": "named"}.items():
            make = _dressed(kind, names, lambda _, w, row=row: _read_anew(w, in_digits(w.raw, row)))  # type: ignore[misc]
            _add(kind, f"digits_{row}", make, f"digits_{row}")
    for kind, forms in FORMS.items():  # what wraps in a mail also wraps where the mail is quoted
        for form in [name for name in forms if name in {"wrapped", "cut"}]:
            FORMS[kind][f"{form}_quoted"] = replace(forms[form], where="quoted")


_dress_all()
