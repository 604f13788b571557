"""Web addresses, e-mail addresses, domains, and their defanged forms."""

import re
from collections.abc import Iterator

from cets.domains.identifiers.extract import decoys
from cets.domains.identifiers.extract.page import Candidate, Page
from cets.domains.identifiers.kinds.profiles import led_to
from cets.domains.identifiers.kinds.refang import AT_WORDS, DOT_WORDS, refang
from cets.domains.identifiers.kinds.suffixes import public_suffix

_SCHEME_BEFORE = re.compile(
    r"(?<![a-z0-9])(h(?:[tx][tx]|\*\*|__)ps?|ttps?|f[tx]ps?|sftp|wss?|tcp|udp|rtmp|rtsp|ircs?)"
    r"\s?[\[({]?:[\])}]?\s?$",
    re.IGNORECASE,
)
_SCHEME_SIGNS = ":[](){} "
_SCHEME_LAST = frozenset("pscPSC*_")  # http, https, irc, ws, tcp...
_SCHEME_ENDS = frozenset(":])} ")
#: Marks that close what is quoted, or go on after it, in several languages: no address holds one.
_QUOTES = "\u00ab\u00bb\u2039\u203a\u201c-\u201f\u2026\u3001\u3008-\u3011"
_REST_OF_URL = re.compile(rf"[^\s<>\"`{{}}|^{_QUOTES}]{{3,4096}}")
_SLASHES = re.compile(r"//|:\\\\")
_SCHEME_WIDTH = 24
_TRAILING = ".,;:!?'\u2018\u2019*_~"
_PAIRS = {")": "(", "]": "["}


def trim(text: str) -> str:
    """Return an address without the punctuation of the sentence it stands in."""
    while text:
        last = text[-1]
        if last in _TRAILING or (last in _PAIRS and text.count(last) > text.count(_PAIRS[last])):
            text = text[:-1]
        else:
            break
    return text


def urls(page: Page) -> Iterator[Candidate]:
    text, place = page.text, 0
    while match := _SLASHES.search(text, place):
        place = match.end()
        colon = match.start() + (match[0] != "//")
        before = page.before(colon, _SCHEME_WIDTH)
        said = before.rstrip(_SCHEME_SIGNS) if before[-1:] in _SCHEME_ENDS else ""
        scheme = _SCHEME_BEFORE.search(before) if said[-1:] in _SCHEME_LAST and said else None
        rest = _REST_OF_URL.match(text, place) if scheme else None
        if scheme and rest:
            place = rest.end()
            yield _url(text, colon - (len(before) - scheme.start()), match.end() + len(trim(rest[0])))


def _url(text: str, start: int, end: int) -> Candidate:
    written = re.sub(r"\s", "", text[start:end])
    host = re.split(r"[/?#:]", refang(written).partition("://")[2], maxsplit=1)[0].lower()
    if led := led_to(written):
        return Candidate(start, end, *led)
    if host.endswith(".onion") and _ONION_FRONT.fullmatch(refang(written)):
        return Candidate(start, end, "onion", host)
    is_schema = host in decoys.SCHEMA_HOSTS or host.startswith(decoys.SCHEMA_PREFIXES)
    return Candidate(start, end, None if is_schema else "url", written)


#: The service itself, no page on it.
_ONION_FRONT = re.compile(r"https?://[^/?#:]+/?", re.IGNORECASE)

# ---- e-mail

_LOCAL_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+%'-"
_LOCAL = re.compile(r"[\w.+%'\-]{1,64}\Z")
_LABELS = re.compile(r"[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,20}")
_LONGEST_LOCAL = 64
_WHATSAPP_HOSTS = {"s.whatsapp.net", "c.us"}
_MACHINE_LOCAL = re.compile(r"(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24,})\Z", re.IGNORECASE)


def emails(page: Page) -> Iterator[Candidate]:
    text, place = page.text, -1
    while (place := text.find("@", place + 1)) >= 0:
        local = _local_before(page, place)
        labels = _LABELS.match(text, place + 1)
        if not local or not labels:
            continue
        host = labels[0].rstrip("_")
        if len(host) < len(labels[0]):  # "_name@host_" is a name between marks for slanted letters
            local = local.lstrip("_")
        if local:
            yield from _address(page, place - len(local), local, host)


def _local_before(page: Page, place: int) -> str:
    before = page.before(place, _LONGEST_LOCAL + 1)
    local = before[len(before.rstrip(_LOCAL_CHARS)) :]
    if len(local) < len(before) and not before[-len(local) - 1].isascii():
        match = _LOCAL.search(before)  # letters of other alphabets
        local = match[0] if match else local
    return local.lstrip("'.-+%") if len(local) <= _LONGEST_LOCAL else ""


def _address(page: Page, start: int, local: str, host: str) -> Iterator[Candidate]:
    after = start + len(local) + 1
    lowered = host.lower().rstrip(".")
    if lowered in _WHATSAPP_HOSTS or lowered in {"g.us", "lid", "broadcast", "newsletter"}:
        yield _whatsapp(start, after + len(host), local, lowered)
        return
    domain = known_domain(host)
    if domain:
        end = after + len(domain)
        is_none = _is_message_number(page, start, local) or _is_hostmask(page, start, end)
        yield Candidate(start, end, None if is_none else "email")


_MASK_BEFORE = re.compile(r"[~!]\Z|[(\[!][ni]=\Z|(?:joins|parts|quits):? \S{1,40} [(\[]\Z", re.IGNORECASE)
_MASK_AFTER = re.compile(r"[)\]] has (?:joined|left|quit)\b")


def _is_hostmask(page: Page, start: int, end: int) -> bool:
    """Say whether it is the "nick!~name@host" of a chat server: a name and a line, no mailbox."""
    if page.before(start, 1) == page.text[end : end + 1] == "~":
        return False  # struck through
    return bool(_MASK_BEFORE.search(page.before(start, 50)) or _MASK_AFTER.match(page.text, end))


#: A field for the number of a message or an event: a header, a name in a table or in JSON, an entry of a calendar.
_NUMBERED = re.compile(
    r"(?i:\b(?:message|msg|mail|content|in[\-_ ]?reply[\-_ ]?to|resent[\-_ ]message)[\-_ ]?id\"?'?\s?[:=,;|\t]\s?[\"'<]{0,2})\Z"
    r"|(?:^|\n)UID(?:;[^:\n]{0,20})?:\Z"
)


def _is_message_number(page: Page, start: int, local: str) -> bool:
    """Say whether it is the number that a machine gave a message or a part of one."""
    before = page.before(start, 40)
    if before.lower().endswith(("cid:", "mid:")) or _NUMBERED.search(before):
        return True
    return before[-1:] == "<" and (
        bool(_MACHINE_LOCAL.match(local)) or before[:-1].rstrip().endswith((" id", "\tid"))
    )


def _whatsapp(start: int, end: int, local: str, host: str) -> Candidate:
    if host == "g.us":
        return Candidate(start, end, "group", f"whatsapp/{local}")
    if host in _WHATSAPP_HOSTS and local.isdigit():
        return Candidate(start, end, "phone", f"+{local}")
    return Candidate(start, end, None)


def known_domain(host: str) -> str | None:
    """Return the part of dotted labels that is a domain: a word after a forgotten space is left out."""
    labels = host.split(".")
    if len(labels) > _MIN_LABELS and labels[-1].istitle() and labels[-2].islower():
        labels_before = labels[:-1]
        if public_suffix(".".join(labels_before).lower()):
            labels = labels_before
    while len(labels) >= _MIN_LABELS:
        name = ".".join(labels)
        suffix = public_suffix(name.lower())
        if suffix and suffix != name.lower():
            return name
        if suffix is None and "xn--" in name.lower():
            return name
        labels.pop()
    return None


_MIN_LABELS = 2

# ---- defanged forms of all of these

_SIGN = rf"(?:\.|{DOT_WORDS}|{AT_WORDS}|@|:/{{0,2}}|/{{1,2}})"
_MARK = rf"\s?[\[({{]\s?{_SIGN}\s?[\])}}]\s?|\s?<(?:at|dot)>\s?|\[\.|\.\]"
# A set of characters first, the looks to the left later: so it is searched much faster.
_DEFANGED = re.compile(
    rf"[\[({{<\\](?:(?<=[\[({{])\s?(?:{_SIGN}\s?[\])}}]|\.(?=\w))|(?<=<)(?:at|dot)>|(?<=[\w\-]\\)\.(?=\w))"
)
_TOKEN_AFTER = re.compile(rf"(?:{_MARK}|[^\s<>\"`{{}}|^,;{_QUOTES}]){{1,2048}}", re.IGNORECASE)
_TOKEN_WIDTH = 256
_IN_ADDRESS = re.compile(r"[\w.+\-%:/*@\[\](){}\\]+")
_IPV4 = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?(?=$|[/\s])")
_HOST = re.compile(r"([\w\-]+(?:\.[\w\-]+)+)(:\d{1,5})?([/?#]\S*)?")


def defanged(page: Page) -> Iterator[Candidate]:
    text, place = page.text, 0
    while match := _DEFANGED.search(page.lower, place):
        before = page.before(match.start(), _TOKEN_WIDTH)
        spaced = before[-1:] == " " and match[0][0] in "[({<"
        token = _IN_ADDRESS.match(before[-2 if spaced else -1 :: -1])  # from the mark to the left
        start = match.start() - spaced - (len(token[0]) if token else 0)
        start = max(start, place)
        after = _TOKEN_AFTER.match(text, match.start())
        place = after.end() if after else match.end()
        if token and after:
            yield from _defanged(text, start, place)


def _defanged(text: str, start: int, end: int) -> Iterator[Candidate]:
    label = _LABEL.match(text, start, end)
    start, written = _bare(label.end() if label else start, text[label.end() if label else start : end])
    end = start + len(written)
    plain = re.sub(r"\s", "", refang(written))
    if plain.count("://") > _MOST_SCHEMES:
        return
    if _BACKSLASH.search(written) and "\\" in plain:
        return  # a path of folders, some with a dot before their names
    if "://" in plain:
        yield _url(plain, 0, len(plain))._replace(start=start, end=end)
    elif "@" in plain:
        local, _, host = plain.rpartition("@")
        domain = known_domain(host)
        if domain and local:
            cut = len(written) - (len(host) - len(domain) if written.endswith(host[len(domain) :]) else 0)
            yield Candidate(start, start + cut, "email", f"{local}@{domain}")
    elif address := _IPV4.match(plain):
        port = int(address[2]) if address[2] else None
        rest = plain[address.end() :]
        if rest:
            yield Candidate(start, end, "url", plain)
        yield Candidate(start, end, "ip", address[1], port=port)
    elif (site := _HOST.fullmatch(plain)) and _is_meant(written, site[1].lower()):
        yield _site(start, end, plain, site[1], has_page=bool(site[3] and len(site[3]) > 1))


#: "e-mail:kestrel[@]post.example"
_LABEL = re.compile(r"[^\W\d][\w\-]*:(?![/\\\[\]({<:]|\d{1,5}(?!\w|[.\[(]))")


#: An address within the address to which it leads on, and one more.
_MOST_SCHEMES = 3


def _site(start: int, end: int, plain: str, host: str, *, has_page: bool) -> Candidate:
    if led := led_to(plain):
        return Candidate(start, end, *led)
    if host.lower().endswith(".onion"):
        return Candidate(start, end, "onion", host)  # with a page or without, as where it is not defanged
    return Candidate(start, end, "url", plain) if has_page else Candidate(start, end, "domain", host)


def _is_meant(written: str, host: str) -> bool:
    """Say whether a defanged host is one, and no word beside a lone mark ("see [.] now") or file in a pattern."""
    suffix, ending = public_suffix(host), host.rpartition(".")[2]
    if suffix is None or ("\\" in written and ending in decoys.FILE_ENDINGS):
        return False
    return not (" " in written and host.count(".") == 1 and suffix in decoys.WORD_ENDINGS)


_BACKSLASH = re.compile(r"\\\.")


def _bare(start: int, written: str) -> tuple[int, str]:
    """Return place and text without the marks around it: brackets, and those for bold and slanted letters."""
    trimmed = trim(written)
    marks = "([{<*~:" + ("_" if "_" in written[len(trimmed) :] else "")
    bare = trimmed.lstrip(marks)
    return start + len(trimmed) - len(bare), trim(bare)


# ---- domains

_DOT = re.compile(r"\.(?=[^\W\d_])")
_HOST_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"
_HOST_BEFORE = re.compile(r"[\w.\-]{1,253}\Z")
_LABELS_AFTER = re.compile(r"\.[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,30}")
_PATH = re.compile(r"(?::\d{2,5})?/[^\s<>\"`{}|\\^]{0,2048}")
_HOST_WIDTH = 254
_NOT_BEFORE = frozenset("@/\\$#%&=*")
_NOT_AFTER = frozenset("@(\\=[")


def domains(page: Page) -> Iterator[Candidate]:
    text, place = page.text, 0
    while match := _DOT.search(text, place):
        first = match.start()
        if page.is_taken(first, first + 1):
            place = page.free_from(first)
            continue
        before = text[max(place, first - _HOST_WIDTH) : first]
        left = before[len(before.rstrip(_HOST_CHARS)) :]
        if len(left) < len(before) and not before[-len(left) - 1].isascii():
            of_any_alphabet = _HOST_BEFORE.search(before)
            left = of_any_alphabet[0] if of_any_alphabet else left
        after = _LABELS_AFTER.match(text, first)
        place = after.end() if after else match.end()
        if left and after:
            yield from _domain(page, first - len(left), left + after[0])


def _domain(page: Page, start: int, written: str) -> Iterator[Candidate]:
    stripped = written.lstrip(".-_")
    start += len(written) - len(stripped)
    name = known_domain(stripped.rstrip(".-_"))
    if not name or page.is_taken(start, start + len(name)):
        return
    end = start + len(name)
    sign = page.before(start, 1)
    if sign in _NOT_BEFORE and start and not (sign == "*" == page.text[end : end + 1]):  # "**post.example**"
        return
    path = _PATH.match(page.text, end)
    if page.text[end : end + 1] in _NOT_AFTER and page.text[end : end + 1]:
        return
    if not _is_plausible(page, start, name, has_path=bool(path)):
        return
    if path and len(trim(path[0])) > 1:
        whole = end + len(trim(path[0]))
        led = led_to(page.text[start:whole])
        yield Candidate(start, whole, *led) if led else Candidate(start, whole, "url")
    yield Candidate(start, end, "domain")


def _is_plausible(page: Page, start: int, name: str, *, has_path: bool) -> bool:
    labels = name.lower().split(".")
    suffix = public_suffix(name.lower()) or ""
    if labels[0] == "www" or any(label.startswith("xn--") for label in labels):
        return True
    is_schema = name.lower() in decoys.SCHEMA_HOSTS or name.lower().startswith(decoys.SCHEMA_PREFIXES)
    if is_schema or _is_of_a_program(page, start, name.lower(), suffix):
        return False
    if labels[-1] in decoys.FILE_ENDINGS and not has_path:
        return has_site_word(page, start) and len(labels) > 1 and labels[-1] not in {"zip", "mov", "py", "sh"}
    if len(labels) == _MIN_LABELS and name[0].islower() and name.rpartition(".")[2].istitle():
        return False
    if suffix in decoys.WORD_ENDINGS and len(labels) == _MIN_LABELS and not has_path:
        return bool(re.search(r"[\d\-]", labels[0])) or has_site_word(page, start)
    return "_" not in labels[-2]


def _is_of_a_program(page: Page, start: int, name: str, suffix: str) -> bool:
    """Say whether a dotted name is one of a file, a package, or letters with full stops ("p.m.to")."""
    labels = name.removesuffix(f".{suffix}").split(".")
    following = _FOLLOWING_LABEL.match(page.text, start + len(name))
    return (
        name in decoys.PROGRAM_NAMES
        or (len(labels) > 1 and labels[0] in decoys.PACKAGE_BEGINNINGS)
        or (len(labels) > 1 and all(len(label) == 1 for label in labels))
        or (following is not None and following[1].lower() in decoys.DOCUMENT_ENDINGS)
    )


_FOLLOWING_LABEL = re.compile(r"\.(\w{2,6})(?![\w.])")


def has_site_word(page: Page, start: int) -> bool:
    words = re.findall(r"\w+", page.before(start, 30).lower())
    return bool(words) and (words[-1] in decoys.SITE_WORDS or words[-2:-1] == ["site"])
