"""Addresses of machines, pages, sites and hidden services."""

from base64 import b32encode
from collections.abc import Callable
from random import Random

from bench.extraction_corpus import encodings as enc
from bench.extraction_corpus import values as v
from bench.extraction_corpus.forms.base import Make, Written, add, international_host
from bench.extraction_corpus.values import pick


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


add("ip", "v4", _v4(str))
add("ip", "v4_port", _with_port)
add("ip", "v4_square", _v4(lambda ip: ip.replace(".", "[.]")))
add("ip", "v4_round", _v4(lambda ip: ip.replace(".", "(.)")))
add("ip", "v4_word", _v4(lambda ip: ip.replace(".", "[dot]")))
add("ip", "v4_last_dot", _v4(lambda ip: "[.]".join(ip.rsplit(".", 1))))
add("ip", "v4_backslash", _v4(lambda ip: ip.replace(".", "\\.")))
add("ip", "v4_single", _v4(lambda ip: f"{ip}/32"))
add("ip", "v6", _v6(lambda full, short: short))
add("ip", "v6_full", _v6(lambda full, short: full))
add("ip", "v6_capitals", _v6(lambda full, short: full.upper()))
add("ip", "v6_port", _v6(lambda full, short: f"[{short}]:443"))
add("ip", "v6_zone", _v6(lambda full, short: f"{short}%eth0"))
add("ip", "v6_mapped", _v4(lambda ip: f"::ffff:{ip}"))


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


def _no_path(rng: Random) -> tuple[str, str]:
    text = f"https://{v.host(rng)}"
    return text, f"{text}/"


def _address_as_host(rng: Random) -> tuple[str, str]:
    text = f"http://{v.ipv4(rng)}:8080/{pick(rng, v.WORDS)}"
    return text, text


def _capital_host(rng: Random) -> tuple[str, str]:
    value = v.url(rng)
    scheme, rest = value.split("://")
    name, path = rest.split("/", 1)
    return f"{scheme.upper()}://{name.title()}/{path}", value


def _punycode_url(rng: Random) -> tuple[str, str]:
    readable, ascii_form = international_host(rng)
    path = pick(rng, v.WORDS)
    return f"https://{ascii_form}/{path}", f"https://{readable}/{path}"


_hxxp = _in_host(str)
add("url", "plain", _url(str))
add("url", "no_path", _made_url(_no_path))
add("url", "port", _made_url(lambda rng: _same(f"https://{v.host(rng)}:8443/{pick(rng, v.WORDS)}")))
add(
    "url",
    "query",
    _made_url(lambda rng: _same(f"{v.url(rng)}?id={v.digits(rng, 4)}&to={pick(rng, v.WORDS)}%20b#p-2")),
)
add("url", "brackets_in_path", _made_url(lambda rng: _same(f"{v.url(rng)}/Bridge_({pick(rng, v.WORDS)})")))
add("url", "capital_host", _made_url(_capital_host))
add("url", "no_scheme", _made_url(_bare_www))
add("url", "address_as_host", _made_url(_address_as_host))
add("url", "ftp", _made_url(lambda rng: _same(f"ftp://{v.host(rng)}/{pick(rng, v.WORDS)}.txt")))
add("url", "idn", _made_url(lambda rng: _same(f"https://{international_host(rng)[0]}/{pick(rng, v.WORDS)}")))
add("url", "punycode", _made_url(_punycode_url))
add(
    "url", "markup", _url(str, ('<a href="{}">bridge</a>', "[the bridge]({})", '{"url":"{}"}', "![kite]({})"))
)
add("url", "hxxp", _url(lambda text: text.replace("http", "hxxp", 1)))
add(
    "url",
    "hxxp_dots",
    _url(lambda text: _in_host(lambda n: n.replace(".", "[.]"))(text).replace("http", "hxxp", 1)),
)
add(
    "url",
    "hxxp_last_dot",
    _url(lambda text: _in_host(lambda n: "[.]".join(n.rsplit(".", 1)))(text).replace("http", "hXXp", 1)),
)
add(
    "url",
    "square_colon",
    _url(lambda text: _in_host(lambda n: n.replace(".", "[.]"))(text).replace("://", "[:]//")),
)
add("url", "square_slashes", _url(lambda text: text.replace("http", "hxxp", 1).replace("://", "[://]")))
add(
    "url",
    "round_dots",
    _url(lambda text: _in_host(lambda n: n.replace(".", "(dot)"))(text).replace("http", "hxxp", 1)),
)
add("url", "stars", _url(lambda text: text.replace("http", "h**p", 1)))


def _domain(
    change: Callable[[str], str] = str,
    make: Callable[[Random], str] = v.host,
    frames: tuple[str, ...] | str = "site",
) -> Make:
    def made(rng: Random) -> Written:
        value = make(rng)
        return Written(change(value), value, frames)

    return made


def _idn_domain(rng: Random) -> Written:
    readable, _ = international_host(rng)
    return Written(readable, readable, "site")


def _punycode_domain(rng: Random) -> Written:
    readable, ascii_form = international_host(rng)
    return Written(ascii_form, readable, "site")


add("domain", "plain", _domain())
add("domain", "capitals", _domain(str.upper))
add("domain", "www", _domain(make=lambda rng: f"www.{v.host(rng)}"))
add("domain", "square_dots", _domain(lambda text: text.replace(".", "[.]")))
add("domain", "last_dot", _domain(lambda text: "[.]".join(text.rsplit(".", 1))))
add("domain", "round_dots", _domain(lambda text: text.replace(".", "(dot)")))
add("domain", "half_bracket", _domain(lambda text: "[.".join(text.rsplit(".", 1))))
add(
    "domain",
    "word_dots",
    _domain(lambda text: text.replace(".", " dot "), frames=("the site is {}", "Link: {}", "try {}")),
    "en",
)
add("domain", "ideographic_dot", _domain(lambda text: text.replace(".", "。")))
add("domain", "idn", _idn_domain)
add("domain", "punycode", _punycode_domain)


def _onion(write: Callable[[str], str]) -> Make:
    def make(rng: Random) -> Written:
        value = enc.onion(v.data(rng, 32))
        return Written(write(value), value, "site")

    return make


def _old_onion(rng: Random) -> Written:
    value = f"{b32encode(v.data(rng, 10)).decode().lower()}.onion"
    return Written(value, value, "site")


add("onion", "v3", _onion(str))
add("onion", "scheme", _onion(lambda text: f"http://{text}/"))
add("onion", "square_dot", _onion(lambda text: text.replace(".", "[.]")))
add("onion", "hxxp", _onion(lambda text: f"hxxp://{text.replace('.', '[.]')}"))
add("onion", "sub_domain", _onion(lambda text: f"www.{text}"))
add("onion", "capitals", _onion(str.upper))
add("onion", "v2", _old_onion)
