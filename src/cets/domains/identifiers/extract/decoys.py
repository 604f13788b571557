"""What looks like an identifier and is none."""

#: Hosts whose addresses name a vocabulary, not a page.
SCHEMA_HOSTS = frozenset({
    "w3.org", "www.w3.org", "w3id.org", "purl.org", "xmlns.com", "schema.org", "ogp.me", "json-schema.org",
    "ns.adobe.com", "xml.org", "docbook.org", "dublincore.org", "xmlsoap.org", "tempuri.org",
    "java.sun.com", "xmlpull.org", "relaxng.org", "rdfs.org", "unifiedcyberontology.org",
    "ontology.unifiedcyberontology.org", "ontology.caseontology.org", "caseontology.org",
    "cacontology.projectvic.org", "niem.gov", "docs.oasis-open.org", "www.iptc.org", "iptc.org", "cipa.jp",
    "rs.tdwg.org", "semweb.yandex.ru", "ontology.projectvic.org",
})  # fmt: skip
SCHEMA_PREFIXES = ("schemas.", "schema.", "xmlns.", "ontology.")

#: Endings of file names that are top-level domains too.
FILE_ENDINGS = frozenset({
    "ai", "app", "bz", "cab", "cc", "cfd", "com.exe", "dev.sh", "gdn", "java", "md", "ml", "mo", "mov",
    "mp", "ms", "np", "pl", "pm", "ps", "py", "rs", "sc", "sh", "so", "st", "sv", "tm", "vi", "zip", "cpa",
    "cat", "box", "pub", "vin", "bin", "data", "doc", "inc", "ini", "tar", "gz",
})  # fmt: skip

#: Endings that are words of a sentence or of a program, where a space after the full stop was forgotten.
WORD_ENDINGS = frozenset({
    "am", "an", "as", "at", "be", "by", "dm", "do", "go", "he", "hm", "id", "if", "im", "in", "is", "it", "la",
    "me", "mu", "my", "name", "no", "now", "one", "pm", "so", "to", "today", "us", "vs", "you", "what",
    "how", "read", "call", "here", "open", "watch", "win", "work", "world", "best", "cool", "date", "day",
    "download", "dog", "family", "fast", "fish", "free", "fun", "fyi", "game", "games", "gift", "got",
    "help", "home", "hot", "house", "info", "kids", "kim", "like", "link", "live", "living", "love", "map",
    "meet", "men", "mobile", "moe", "mom", "movie", "new", "news", "party", "phone", "photo", "photos",
    "pics", "pictures", "pink", "plus", "post", "red", "rest", "review", "run", "safe", "sale", "save",
    "say", "school", "search", "select", "show", "site", "soy", "store", "team", "tel", "then", "tips",
    "top", "town", "toys", "trust", "url", "video", "voting", "wow", "yes", "zero", "zone", "are", "and",
    "buy", "can", "click", "locker", "total", "fail", "jot", "net.core", "abs", "ad", "ads", "min", "max",
    "pro", "type", "len", "int", "sum", "any", "all", "bit", "box", "sort", "size", "sub",
})  # fmt: skip
#: Words before a site's name that make a doubtful ending a domain.
SITE_WORDS = (
    "site",
    "website",
    "web",
    "domain",
    "visit",
    "host",
    "hostname",
    "server",
    "page",
    "to",
    "link",
    "dns",
)

#: Mentions that address everybody, or belong to a programming language.
NOT_HANDLES = frozenset({
    "all", "channel", "everyone", "group", "here", "room", "someone", "team", "home", "work", "school",
    "noon", "media", "import", "keyframes", "charset", "fontface", "supports", "param", "return",
    "returns", "throws", "author", "override", "deprecated", "property", "staticmethod", "classmethod",
    "dataclass", "id", "type", "context", "graph", "value", "language", "vocab", "base", "xmlns", "odata",
    "the", "that", "this", "least", "me", "prefix", "font-face", "page", "layer", "container", "tailwind",
    "apply", "use", "include", "mixin", "extend", "forward", "namespace", "counter-style", "viewport",
    "font-feature-values", "starting-style", "scope", "define-color", "autowired", "nullable", "notnull",
    "inject", "suppresswarnings", "test", "see", "since", "version", "todo", "echo", "link", "example",
    "exception", "typedef", "callback", "ts-ignore", "ts-expect-error", "types", "attr", "lru_cache",
    "abstractmethod", "login_required",
})  # fmt: skip
#: First parts of dotted names that begin with an @ in programs: "@pytest.mark", "@odata.type".
PROGRAM_PREFIXES = ("pytest.", "functools.", "odata.", "contextlib.", "dataclasses.", "unittest.")

#: Endings of file names before which a dotted word is part of the name and no site ("report.final.docx").
DOCUMENT_ENDINGS = frozenset({
    "docx", "doc", "pdf", "txt", "xlsx", "xls", "csv", "pptx", "odt", "ods", "rtf", "jpg", "jpeg", "png",
    "gif", "bmp", "webp", "heic", "svg", "mp3", "mp4", "avi", "mkv", "webm", "wav", "ogg", "opus", "rar",
    "7z", "tar", "gz", "exe", "dll", "apk", "json", "xml", "html", "htm", "css", "js", "log", "bak", "tmp",
    "eml", "msg", "mbox", "db", "sqlite", "iso", "jar", "class", "lnk", "bat", "cmd", "ps1", "cfg", "conf",
})  # fmt: skip
#: Names of program families that are written like a domain.
PROGRAM_NAMES = frozenset({"asp.net", "vb.net", "ado.net", "ml.net"})
#: Top-level names with which the names of program packages begin ("org.example.thing").
PACKAGE_BEGINNINGS = frozenset({"com", "org", "net"})

#: Words that with a number or each other after an underscore name a thing, not a person ("page_2").
THING_WORDS = frozenset({
    "level", "page", "order", "item", "file", "img", "user", "id", "table", "row", "line", "step", "part",
    "chapter", "episode", "season", "day", "week", "room", "test", "column", "field", "name", "key", "type",
    "video", "photo", "image", "screenshot", "version", "no", "number", "section", "figure",
})  # fmt: skip

#: Words that follow "my insta is" without being a name.
NOT_NAMES = frozenset({
    "a", "about", "account", "active", "again", "all", "already", "also", "always", "an", "and", "any",
    "app", "are", "available", "back", "bad", "banned", "because", "best", "better", "blocked", "broken",
    "bugged", "but", "called", "chat", "closed", "cool", "dead", "deleted", "disabled", "down", "dry",
    "empty", "fake", "fine", "for", "full", "fun", "gone", "good", "great", "group", "hacked", "here",
    "him", "her", "his", "hello", "how", "i", "in", "inactive", "is", "it", "just", "later", "link",
    "linked", "locked", "lol", "loading", "logged", "me", "message", "messages", "mine", "my", "name",
    "new", "nice", "no", "not", "now", "off", "ok", "okay", "old", "on", "only", "open", "or", "photo",
    "picture", "please", "private", "profile", "public", "really", "same", "secret", "set", "slow", "so",
    "still", "suspended", "that", "the", "their", "then", "there", "this", "to", "too", "unknown", "up",
    "user", "username", "weird", "what", "when", "where", "who", "why", "working", "yes", "you", "your",
    "yours", "none", "null", "voice", "video", "call", "calls", "handle", "id", "profiles", "accounts",
    "users", "known", "was", "be", "been", "being", "has", "had", "have",
})  # fmt: skip

#: Words before a spoken "at" that are no mailbox: "contact us at post dot example".
NOT_MAILBOXES = frozenset({
    "us", "we", "them", "look", "looking", "found", "hosted", "located", "reached", "online", "page", "site",
    "website", "address", "mail", "email", "e-mail", "directly", "anytime", "day", "time", "once",
})  # fmt: skip

#: Capitalised words after "on" that are no platform.
NOT_PLATFORMS = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed",
    "thu", "fri", "sat", "sun", "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec", "the", "a", "an", "my", "his", "her", "their", "our", "your", "it",
    "that", "this", "page", "line", "windows", "linux", "android", "ios", "mac", "macos", "earth",
    "christmas", "easter", "new", "behalf", "i", "we", "he", "she", "they", "street", "road", "pages",
    "verified", "unverified", "confirmed", "unconfirmed", "primary", "secondary", "deleted", "active", "inactive", "closed",
    "current", "former", "public", "private", "admin", "owner", "work", "mobile", "online", "offline", "at", "dot", "dear",
    "lines", "row", "board", "call", "hold", "duty", "top", "iphone", "ipad", "ubuntu",
})  # fmt: skip
