"""Where profiles and invitations stand on the sites of platforms: their addresses are an account, a room, a number.

Only the page itself is one. What somebody wrote, a list or a search on the same site is a page like any other.
"""

import re

from cets.domains.identifiers.kinds.folding import plain
from cets.domains.identifiers.kinds.refang import refang

_ADDRESS = re.compile(
    r"(?:https?:/{1,3})?(?P<host>[a-z0-9][a-z0-9.\-]{2,80})(?P<rest>/[^\s]{1,2000})", re.IGNORECASE
)
_SITE = re.compile(r"(?:www|m|mobile|old|new|web|mbasic|[a-z]{2}-[a-z]{2})\.")
_ENDS = r"/?(?:[?#].*)?"
_NAME = r"(?P<name>\w[\w.\-]{1,63})"


def _patterns(*paths: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(path + _ENDS, re.IGNORECASE) for path in paths)


_FACEBOOK = _patterns(
    r"/(?P<id>\d{8,20})",
    r"/(?P<name>[a-z0-9.]{5,50})",
    r"/profile\.php\?(?:[^#]{0,200}&)?id=(?P<id>\d{5,20})(?:&[^#]*)?",
    r"/people/[^/?#]{1,100}/(?P<id>\d{5,20})",
)
_TWITTER = _patterns(
    r"/@?(?P<name>\w{1,15})",
    r"/i/user/(?P<id>\d{2,20})",
    r"/intent/user\?(?:[^#]{0,200}&)?user_id=(?P<id>\d{2,20})(?:&[^#]*)?",
)
_TELEGRAM = _patterns(r"/(?P<name>[a-z]\w{3,31})", r"/(?:\+|%2B|joinchat/)(?P<room>[\w\-]{10,40})")
_REDDIT = _patterns(r"/u(?:ser)?/(?P<name>[\w\-]{3,20})")
_DISCORD = _patterns(r"/users/(?P<id>\d{15,20})", r"/invite/(?P<room>[a-z0-9\-]{2,40})")
_WHATSAPP = _patterns(r"/(?:invite/)?(?P<room>[a-z0-9_\-]{18,40})")
_SNAPCHAT = _patterns(rf"/add/{_NAME}", r"/@(?P<name>[a-z][\w.\-]{2,14})")
_YOUTUBE = _patterns(rf"/@{_NAME}", r"/channel/(?P<id>UC[\w\-]{22})")

#: Host, without what is before the site's name for a device or a language.
_SITES: dict[str, tuple[str, tuple[re.Pattern[str], ...]]] = {
    "instagram.com": ("instagram", _patterns(r"/@?(?P<name>[\w.]{2,30})")),
    "tiktok.com": ("tiktok", _patterns(r"/@(?P<name>[\w.]{2,24})")),
    "twitter.com": ("twitter", _TWITTER),
    "x.com": ("twitter", _TWITTER),
    "t.me": ("telegram", _TELEGRAM),
    "telegram.me": ("telegram", _TELEGRAM),
    "telegram.dog": ("telegram", _TELEGRAM),
    "snapchat.com": ("snapchat", _SNAPCHAT),
    "facebook.com": ("facebook", _FACEBOOK),
    "fb.com": ("facebook", _FACEBOOK),
    "m.me": ("facebook", _patterns(r"/(?P<id>\d{5,20})", r"/(?P<name>[a-z0-9.]{5,50})")),
    "youtube.com": ("youtube", _YOUTUBE),
    "reddit.com": ("reddit", _REDDIT),
    "twitch.tv": ("twitch", _patterns(r"/(?P<name>\w{3,25})")),
    "kik.me": ("kik", _patterns(rf"/{_NAME}")),
    "vk.com": (
        "vk",
        _patterns(
            r"/id(?P<id>\d{1,12})",
            r"/(?!(?:club|public|event|photo|video|album|topic|doc|wall)\d)(?P<name>[a-z][\w.]{4,31})",
        ),
    ),
    "github.com": ("github", _patterns(r"/(?P<name>[a-z0-9\-]{2,39})")),
    "steamcommunity.com": ("steam", _patterns(rf"/id/{_NAME}", r"/profiles/(?P<id>\d{17})")),
    "roblox.com": ("roblox", _patterns(r"/users/(?P<id>\d{1,15})(?:/profile)?")),
    "discord.com": ("discord", _DISCORD),
    "discordapp.com": ("discord", _DISCORD),
    "discord.gg": ("discord", _patterns(r"/(?:invite/)?(?P<room>[a-z0-9\-]{2,40})")),
    "chat.whatsapp.com": ("whatsapp", _WHATSAPP),
    "threads.net": ("threads", _patterns(r"/@(?P<name>[\w.]{2,30})")),
    "threads.com": ("threads", _patterns(r"/@(?P<name>[\w.]{2,30})")),
    "onlyfans.com": ("onlyfans", _patterns(r"/(?P<name>[\w.\-]{3,24})")),
    "matrix.to": ("matrix", _patterns(r"/#/(?P<id>@[^\s:@/?#]{1,100}:[a-z0-9.\-]{3,100})")),
    "ask.fm": ("askfm", _patterns(r"/(?P<name>\w{3,30})")),
    "ok.ru": ("odnoklassniki", _patterns(r"/profile/(?P<id>\d{5,20})")),
    "bsky.app": ("bluesky", _patterns(r"/profile/(?P<name>[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4})")),
}
#: What stands where a name would, and is a page of the platform's own.
_ITS_OWN = frozenset({
    "about", "account", "accounts", "addemoji", "addlist", "addstickers", "addtheme", "ads", "advertise", "advertising", "api", "app",
    "appeal", "appeals", "apps", "auth", "bg", "billing", "blog", "bookmarks", "brand", "brands", "business", "careers", "challenge",
    "channels", "checkpoint", "communities", "community", "community-guidelines", "communityguidelines", "communitystandards", "company",
    "compose", "confirmphone", "contact", "cookies", "copyright", "creators", "dashboard", "data-policy", "deactivate", "developer",
    "developers", "dialog", "direct", "directory", "discover", "docs", "download", "downloads", "dsa", "emails", "emergency-requests",
    "enterprise", "events", "explore", "faq", "features", "feed", "feedback", "feeds", "followers", "following", "friends", "games",
    "gaming", "groups", "guidelines", "hashtag", "help", "help-center", "helpcenter", "home", "i", "image", "images", "impressum",
    "imprint", "inbox", "index", "intent", "investors", "invite", "invites", "iv", "jobs", "joinchat", "law", "law-enforcement",
    "lawenforcement", "legal", "legal-requests", "live", "login", "logout", "manage", "marketplace", "media", "messages", "mobile",
    "music", "news", "news-room", "newsroom", "notifications", "oauth", "onboarding", "orgs", "p", "pages", "parents", "partners",
    "password", "payments", "photo", "photos", "plans", "plugins", "policies", "policy", "posts", "premium", "press", "pricing", "privacy",
    "profile", "proxy", "public", "records", "recover", "reel", "reels", "register", "report", "reporting", "reports", "reset", "safety",
    "safety-center", "safetycenter", "search", "security", "setlanguage", "settings", "share", "sharer", "shop", "signin", "signup",
    "sitemap", "socks", "status", "stickers", "store", "stories", "subscribe", "subscriptions", "support", "tags", "terms", "topics",
    "tos", "transparency", "transparency-report", "transparencyreport", "trending", "turbo", "tv", "upload", "user", "users",
    "verification", "verify", "video", "videos", "wall", "wallet", "watch", "welcome",
})  # fmt: skip
_PHONE = re.compile(
    r"(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?phone=|signal\.me/#p/|t\.me/(?=\+|%2B))(?:\+|%2B)?(?P<number>\d{7,15})(?:[/?&]\S*)?",
    re.IGNORECASE,
)


def led_to(address: str) -> tuple[str, str] | None:
    """Return kind and text of what the address of a page is: somebody's account, a room to which it invites, a number."""
    parts = _ADDRESS.fullmatch(refang(plain(address)))
    if parts is None:
        return None
    host, rest = parts["host"].lower(), parts["rest"]
    if number := _PHONE.fullmatch(host + rest):
        return "phone", f"+{number['number']}"
    platform, found = _on_its_site(host, rest)
    if found is None:
        return None
    groups = found.groupdict()
    if groups.get("room"):
        return (
            None if groups["room"].lower() in _ITS_OWN else ("group", f"{platform}/invite:{groups['room']}")
        )
    return "account", f"{platform}/{_account(groups)}"


def profile_handle(host: str, path: str) -> tuple[str, str] | None:
    """Return platform and user name ("id:..." for a number) when the page is somebody's profile on a platform we know."""
    platform, found = _on_its_site(host, path)
    return (platform, _account(found.groupdict())) if found and not found.groupdict().get("room") else None


def _account(groups: dict[str, str | None]) -> str:
    return f"id:{groups['id']}" if groups.get("id") else (groups.get("name") or "").casefold().rstrip(".-")


def _on_its_site(host: str, path: str) -> tuple[str, re.Match[str] | None]:
    site = _SITE.sub("", host, count=1) if host.count(".") > 1 else host
    platform, patterns = _SITES.get(site) or _SITES.get(host) or ("", ())
    for pattern in patterns:
        found = pattern.fullmatch(path)
        name = (found.groupdict().get("name") or "").lower() if found else ""
        if found and name not in _ITS_OWN and not name.endswith((".php", ".html")):
            return platform, found
    return platform, None
