"""Slack's mark-up: `<@U123>`, `<#C123|garden>`, `<https://…|here>`, `<mailto:…>`, made readable with its identifiers."""

import html
import re

from cets.domains.intake.calls import Call

PLATFORM = "Slack"
#: Accounts, rooms, workspaces and bots by the letter that their numbers begin with.
ACCOUNT = re.compile(r"[UW][A-Z0-9]{6,20}")
ROOM = re.compile(r"[CGD][A-Z0-9]{6,20}")
_TAG = re.compile(r"<(?P<target>[^<>|\n]{1,8000})(?:\|(?P<label>[^<>\n]{0,8000}))?>")


def rendered(text: str) -> tuple[str, list[Call]]:
    """Return a text as people see it, and where in it something stands that Slack itself marked."""
    parts: list[str] = []
    calls: list[Call] = []
    at = length = 0
    for tag in _TAG.finditer(text):
        before = html.unescape(text[at : tag.start()])
        kind, raw, shown, label = _read(html.unescape(tag["target"]), html.unescape(tag["label"] or ""))
        start = length + len(before)
        if kind:
            calls.append(Call(start, start + len(shown), kind, raw))
        shown += f" ({label})" if label and label.strip() not in shown else ""
        parts += [before, shown]
        length = start + len(shown)
        at = tag.end()
    parts.append(html.unescape(text[at:]))
    return "".join(parts), calls


def _read(target: str, label: str) -> tuple[str, str, str, str]:
    """Return the kind and text of what a tag stands for, how it is shown, and what it is called there."""
    sign, number = target[:1], target[1:]
    if sign == "@" and ACCOUNT.fullmatch(number):
        return "account", f"id:{number}", f"@{number}", label.removeprefix("@")
    if sign == "#" and ROOM.fullmatch(number):
        return "group", number, f"#{number}", label
    if sign == "!":
        return "", "", label or f"@{number.split('^')[0]}", ""
    for scheme, kind in (("mailto:", "email"), ("tel:", "phone")):
        if target.lower().startswith(scheme):
            address = target[len(scheme) :]
            return kind, address, address, label
    if "://" in target:
        return "url", target, target, label
    return "", "", f"<{target}>", label
