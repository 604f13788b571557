"""Names of platforms.

One form for each, the short forms people write, and where profiles stand on their sites.
"""

import re

from cets.domains.identifiers.kinds.folding import plain

_SHORT_FORMS = {
    "facebook": "fb",
    "instagram": "insta ig",
    "snapchat": "snap sc",
    "telegram": "tg telegrammessenger",
    "twitter": "x xtwitter twitterx",
    "whatsapp": "wa whatsappmessenger",
    "kik": "kikmessenger",
    "discord": "discordapp",
    "tiktok": "",
    "youtube": "yt",
    "messenger": "facebookmessenger fbmessenger",
    "signal": "signalmessenger",
    "playstation": "psn playstationnetwork",
    "xbox": "xboxlive gamertag",
    "viber": "",
    "wechat": "weixin",
    "vk": "vkontakte",
    "roblox": "",
    "minecraft": "",
    "fortnite": "",
    "steam": "",
    "twitch": "",
    "reddit": "",
    "skype": "",
    "omegle": "",
    "session": "",
    "wickr": "wickrme",
    "threema": "",
    "line": "",
    "tumblr": "",
    "pinterest": "",
    "onlyfans": "",
    "threads": "",
    "bluesky": "",
    "mastodon": "",
    "matrix": "",
    "tinder": "",
    "grindr": "",
    "yubo": "",
    "imo": "",
    "zoom": "",
}
_ONE_FORM = {short: name for name, shorts in _SHORT_FORMS.items() for short in shorts.split()}
KNOWN = frozenset(_SHORT_FORMS) | frozenset(_ONE_FORM)

_COMPANY = re.compile(r"[\s,]+(?:inc|ltd|llc|limited|gmbh|plc|corp|corporation|bv|ab|sa)\.?$")
_REMARK = re.compile(r"\s*\(.*\)\s*$")  # "X (formerly Twitter)"
_NOT_IN_KEY = re.compile(r"[\s/:_.,\-]+")

#: Host (without "www.") and the path before the user name.
PROFILES = {
    "instagram.com": ("instagram", r"/@?"),
    "tiktok.com": ("tiktok", r"/@"),
    "twitter.com": ("twitter", r"/@?"),
    "x.com": ("twitter", r"/@?"),
    "t.me": ("telegram", r"/(?!joinchat/|\+|s/|c/)"),
    "telegram.me": ("telegram", r"/"),
    "snapchat.com": ("snapchat", r"/add/"),
    "facebook.com": ("facebook", r"/(?!profile\.php|groups/|events/|watch|share|story|photo)"),
    "youtube.com": ("youtube", r"/@"),
    "reddit.com": ("reddit", r"/u(?:ser)?/"),
    "twitch.tv": ("twitch", r"/"),
    "kik.me": ("kik", r"/"),
    "vk.com": ("vk", r"/"),
    "github.com": ("github", r"/"),
    "steamcommunity.com": ("steam", r"/id/"),
}


def platform_key(name: str) -> str:
    """Return the one form of a platform's name: "Other App", "OtherApp Ltd" and "otherapp" are the same."""
    words = _REMARK.sub("", plain(name).casefold())
    key = _NOT_IN_KEY.sub("", _COMPANY.sub("", words)) or words
    return _ONE_FORM.get(key, key)
