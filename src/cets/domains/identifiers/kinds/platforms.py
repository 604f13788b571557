"""Names of platforms: one form for each, and the short forms people write."""

import re

from cets.domains.identifiers.kinds.folding import plain

_SHORT_FORMS = {
    "facebook": "fb фейсбук 페이스북 フェイスブック",
    "instagram": "insta ig инста инстаграм інстаграм インスタ インスタグラム 인스타 인스타그램",
    "snapchat": "snap sc снапчат スナチャ 스냅챗",
    "telegram": "tg telegrammessenger тг телеграм телеграмм テレグラム 텔레그램",
    "twitter": "x xtwitter twitterx",
    "whatsapp": "wa whatsappmessenger вотсап ватсап",
    "kik": "kikmessenger",
    "discord": "discordapp дискорд ディスコード 디스코드",
    "tiktok": "тикток",
    "youtube": "yt",
    "messenger": "facebookmessenger fbmessenger",
    "signal": "signalmessenger",
    "playstation": "psn playstationnetwork",
    "xbox": "xboxlive gamertag",
    "viber": "вайбер",
    "wechat": "weixin 微信 微信号 微信號",
    "vk": "vkontakte вк вконтакте",
    "roblox": "",
    "minecraft": "",
    "fortnite": "",
    "steam": "",
    "twitch": "",
    "reddit": "",
    "skype": "скайп",
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


def platform_key(name: str) -> str:
    """Return the one form of a platform's name: "Other App", "OtherApp Ltd" and "otherapp" are the same."""
    words = _REMARK.sub("", plain(name).casefold())
    key = _NOT_IN_KEY.sub("", _COMPANY.sub("", words)) or words
    return _ONE_FORM.get(key, key)
