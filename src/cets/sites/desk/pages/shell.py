"""What surrounds every screen. Goes into the template context as `shell`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Signed:
    """Who is signed in, as the header says it."""

    name: str
    role: str
    agency: str


@dataclass(frozen=True)
class Navigation:
    """One item. `badge` counts what waits and is hidden at 0; `quiet` makes it grey instead of red."""

    text: str
    url: str
    current: bool = False
    badge: int = 0
    badge_words: str = ""  # read out with the number: "hits wait for a call"
    quiet: bool = False
    short: bool = False  # stays visible on a narrow screen even when not current


@dataclass(frozen=True)
class Shell:
    """Addresses are given by the site, so that a template never builds one."""

    now: datetime
    home_url: str
    signed: Signed | None = None
    navigation: tuple[Navigation, ...] = ()
    demo: bool = False
    search_url: str = ""
    sign_out_url: str = ""
    sign_in_url: str = ""
    shortcuts_url: str = ""
    accessibility_url: str = ""
    recorded_url: str = ""
    security_url: str = ""  # passkeys, authenticator app, recovery codes
    handling: str = ""  # handling code of what is shown, printed on every sheet
    reference: str = ""  # of the record that is shown, printed likewise
