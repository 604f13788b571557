"""Types of MISP's attributes and what they hold, as far as identifiers go."""

import re

_PLAIN = {
    "email": "email", "email-src": "email", "email-dst": "email", "email-reply-to": "email", "target-email": "email",
    "dns-soa-email": "email", "whois-registrant-email": "email", "phone-number": "phone", "whois-registrant-phone": "phone",
    "ip-src": "ip", "ip-dst": "ip", "ip": "ip", "domain": "domain", "hostname": "domain", "url": "url", "uri": "url",
    "mac-address": "mac", "btc": "wallet", "xmr": "wallet", "dash": "wallet", "iban": "bank_account",
    "email-src-display-name": "display_name", "email-dst-display-name": "display_name", "full-name": "display_name",
}  # fmt: skip
_ACCOUNTS = {
    "github-username": "github", "twitter-id": "twitter", "jabber-id": "jabber", "eppn": "eppn",
}  # fmt: skip
_HASHES = frozenset({"md5", "sha1", "sha256", "sha512", "pdq", "photodna"})
#: What stands on both sides of a bar; "" is text.
_PAIRS = {
    "domain|ip": ("domain", "ip"), "ip-src|port": ("ip", "port"), "ip-dst|port": ("ip", "port"), "hostname|port": ("domain", "port"),
    "ip|port": ("ip", "port"), "regkey|value": ("", ""),
}  # fmt: skip
#: Not opened, and no words of anybody.
BYTES = frozenset({"email-attachment-data"})
#: Told as they stand and not searched: what looks in them like a mail address or a file's hash is none.
NOT_SEARCHED = frozenset({
    "email-message-id", "email-mime-boundary", "email-thread-index", "dkim", "dkim-signature", "git-commit-id", "ja3-fingerprint-md5",
    "jarm-fingerprint", "hassh-md5", "hasshserver-md5", "x509-fingerprint-md5", "x509-fingerprint-sha1", "x509-fingerprint-sha256",
    "imphash", "impfuzzy", "pehash", "vhash", "cdhash", "telfhash", "authentihash", "favicon-mmh3", "chrome-extension-id",
})  # fmt: skip
#: What a text in an object is, by the relation that names it.
RELATIONS = {
    "imei": ("imei", ""), "imsi": ("imsi", ""), "msisdn": ("phone", ""), "from-number": ("phone", ""), "to-number": ("phone", ""),
    "mac-address": ("mac", ""), "serial-number": ("device", "serial "), "e-mail": ("email", ""), "email": ("email", ""),
}  # fmt: skip
#: References to what others wrote; they say nothing of anybody in the report.
REFERENCES = frozenset({"link"})
PLATFORM_OBJECT = re.compile(r"([a-z0-9]{2,30})-(?:account|user)")
NOT_PLATFORMS = frozenset({"user", "bank", "victim", "local"})


def parts(sort: str, value: str) -> list[tuple[str, str, str]]:
    """Return (kind, text to read, as written) for each part of a value: "" for what is text, "port" for a number of one."""
    sort = sort.casefold()
    if sort in _HASHES:
        return [("hash", f"{sort}:{value}", value)]
    if sort in _ACCOUNTS:
        return [("account", f"{_ACCOUNTS[sort]}/{value}", value)]
    if sort in _PLAIN:
        return [(_PLAIN[sort], value, value)]
    left, bar, right = value.rpartition("|")
    if bar and sort in _PAIRS:
        first, second = _PAIRS[sort]
        return [(first, left, left), (second, right, right)]
    if bar and sort.startswith(("filename|", "malware-sample")):
        name = sort.partition("|")[2] or "md5"
        return [
            ("", left, left),
            ("hash", f"{name}:{right}", right) if name in _HASHES else ("", right, right),
        ]
    return [("", value, value)]
