import re

from cets.domains.identifiers.kinds.base import Context, Kind, NotValid, Value
from cets.domains.identifiers.kinds.domain import clean_host, look_alike
from cets.domains.identifiers.kinds.folding import alias, plain
from cets.domains.identifiers.kinds.ip import IPAddress
from cets.domains.identifiers.kinds.profiles import profile_handle
from cets.domains.identifiers.kinds.refang import refang

SCHEMES = frozenset(
    {"http", "https", "ftp", "ftps", "sftp", "ws", "wss", "tcp", "udp", "rtmp", "rtsp", "irc", "ircs"}
)
_DEFAULT_PORTS = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443}
_HIGHEST_PORT = 65535
_LONGEST = 8192
_PARTS = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.\-]{1,15}):/{1,3})?(?:(?P<user>[^/?#@\s]{0,256})@)?"
    r"(?P<host>\[[0-9a-f:.]{2,45}(?:%\w{1,20})?\]|[^/?#:\s@\[\]]{1,300})(?::(?P<port>\d{0,5}))?(?P<rest>[/?#]\S*)?",
    re.IGNORECASE,
)


class Url(Kind):
    """As written, with scheme and host in lower case, no default port, at least "/" for the path.

    http and https are kept apart in the value and meet through a variant, as does "www.".
    """

    name = "url"
    caption = "Web address"
    in_text = "web address"
    bits = 9.0  # a page is seen by few unrelated reports, unless it is popular: then holders tell
    examples = (
        ("hxxps://OtherApp[.]example/p/123", "https://otherapp.example/p/123"),
        ("HTTP://Files.Example.org:80", "http://files.example.org/"),
    )

    def clean(self, raw: str, context: Context) -> Value:
        text = refang(plain(raw))
        parts = _PARTS.fullmatch(text)
        if not parts or len(text) > _LONGEST:
            raise NotValid("This is not written like a web address.")
        scheme = (parts["scheme"] or "https").lower()
        if scheme not in SCHEMES:
            raise NotValid("This is not a kind of address that leads to a page or a server.")
        host = _clean_host(parts["host"], context)
        port = _clean_port(parts["port"], scheme)
        rest = parts["rest"] or "/"
        rest = rest if rest.startswith("/") else "/" + rest
        user = f"{parts['user']}@" if parts["user"] else ""
        return Value(
            kind=self.name,
            value=f"{scheme}://{user}{host}{port}{rest}",
            raw=raw,
            variants=_variants(host, port, rest),
            assumed=None if parts["scheme"] else "https:// is taken for granted",
        )


def _clean_host(text: str, context: Context) -> str:
    if text.startswith("["):
        return f"[{IPAddress().clean(text, context).value}]"
    if text.replace(".", "").isdigit():
        return IPAddress().clean(text, context).value
    return "localhost" if text.lower() == "localhost" else clean_host(text)


def _clean_port(text: str | None, scheme: str) -> str:
    if not text:
        return ""
    port = int(text)
    if not 0 < port <= _HIGHEST_PORT:
        raise NotValid("The port in the address is not between 1 and 65535.")
    return "" if _DEFAULT_PORTS.get(scheme) == port else f":{port}"


def _variants(host: str, port: str, rest: str) -> tuple[str, ...]:
    site = host.removeprefix("www.")
    page = rest.partition("#")[0].rstrip("/") if len(rest) > 1 else ""
    keys = []
    if page:  # the bare site is the domain's business
        keys.append(f"page:{site}{port}{page}")
        if latin := look_alike(site):
            keys.append(f"page:{latin}{port}{page}")
    if host.endswith(".onion"):
        keys.append("onion:" + ".".join(host.split(".")[-2:]))
    if handle := profile_handle(host, rest):
        key = alias(handle[1])
        keys += [key] if key else []
    return tuple(keys)
