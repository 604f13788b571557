"""The lists of a workspace: its members, its channels, and what was done with its integrations."""

from collections.abc import Iterator
from typing import Any

from cets.domains.intake.json_fields import Fields, Unread
from cets.domains.intake.reading import Reader, epoch
from cets.domains.intake.rows import AnyRow, FreeText, Message
from cets.domains.intake.sources.slack.messages import account, key_of
from cets.domains.intake.speakers import Known, Speakers

_FACTS = {
    "title": "Title", "status_text": "Status", "tz": "Time zone set", "locale": "Language", "pronouns": "Pronouns", "start_date": "Start",
}  # fmt: skip
_FLAGS = {
    "deleted": "Account deactivated", "is_bot": "Bot", "is_admin": "Administrator", "is_owner": "Owner", "is_primary_owner": "First owner",
    "is_restricted": "Guest", "is_ultra_restricted": "Guest of one channel", "is_stranger": "Of another workspace",
}  # fmt: skip
_KNOWN_OF_USER = (
    "color", "tz_label", "tz_offset", "updated", "is_app_user", "is_email_confirmed", "has_2fa", "two_factor_type", "who_can_share_contact_card",
    "is_invited_user", "is_workflow_bot", "is_connector_bot", "presence", "status",
)  # fmt: skip
_KNOWN_OF_PROFILE = (
    "avatar_hash", "status_emoji", "status_expiration", "status_emoji_display_info", "status_text_canonical", "real_name_normalized",
    "display_name_normalized", "team", "huddle_state", "huddle_state_expiration_ts", "image_original", "is_custom_image", "always_active",
    "api_app_id", "bot_id", "first_name", "last_name", "ooo_message", "guest_expiration_ts", "email_confirmed",
)  # fmt: skip


class Members:
    """Reads the entries of users.json, channels.json (groups, dms, mpims) and integration_logs.json."""

    def __init__(self, reader: Reader, speakers: Speakers, unread: Unread) -> None:
        self._reader, self._speakers, self._unread = reader, speakers, unread
        self._teams: set[str] = set()
        self._number = 0

    def user(self, fields: Fields) -> Iterator[AnyRow]:
        number, place = fields.text("id"), fields.place("id")
        profile = fields.object("profile")
        names = [profile.text("display_name"), profile.text("real_name"), fields.text("real_name")]
        if not any(names):
            names = [" ".join(filter(None, (profile.text("first_name"), profile.text("last_name"))))]
        known = [account(number, place)] if number else []
        # A user name is unique within its workspace only.
        known.append(Known("handle", fields.text("name"), fields.place("name")))
        skype = profile.text("skype")
        for part, key, kind in (
            (profile, "email", "email"),
            (fields, "email", "email"),
            (profile, "phone", "phone"),
        ):
            known.append(Known(kind, part.text(key), part.place(key)))
        known.append(Known("account", f"skype/{skype}" if skype else "", profile.place("skype"), skype))
        facts = [
            (caption, text)
            for key, caption in _FACTS.items()
            if (text := profile.text(key) or fields.text(key))
        ]
        facts += [(caption, "yes") for key, caption in _FLAGS.items() if fields.text(key) == "yes"]
        person = key_of(number) if number else f"member at {fields.pointer}"
        yield from self._speakers.meet(
            person,
            fields.pointer,
            names=names,
            known=known,
            facts=tuple(facts),
        )
        yield from self._team(fields, "team_id")
        own = profile.object("fields")
        for key in own.keys():  # noqa: SIM118 - its own method
            field = own.object(key)
            if value := field.text("value"):
                yield from self._reader.free_text(
                    value, place=field.place("value"), label="Field of the profile", person=person
                )
            field.ignore("alt")
        profile.ignore(*(key for key in profile.keys() if key.startswith("image_")))  # noqa: SIM118 - its own method
        profile.ignore(*_KNOWN_OF_PROFILE)
        fields.ignore(*_KNOWN_OF_USER, *_FLAGS)
        for part in (profile, fields):
            yield from part.rest(self._reader, self._unread)

    def room(self, fields: Fields) -> Iterator[AnyRow]:
        number, place, name = fields.text("id"), fields.place("id"), fields.text("name")
        if number:
            yield from self._reader.declared("group", number, place=place, event="room")
        creator_place, creator = fields.place("creator"), fields.text("creator")
        people = [(creator_place, creator, "made a room")] if creator else []
        members = list(fields.texts("members"))
        people += [(at, member, "member of a room") for at, member in members]
        for at, member, event in people:
            yield from self._speakers.meet(key_of(member), at, known=(account(member, at),), event=event)
        created = epoch(counted).instant if (counted := fields.text("created")) else None
        said = [name or "Direct messages"]
        said += [
            f"Made{f' {created:%Y-%m-%d %H:%M:%S} UTC' if created else ''}{f' by {creator}' if creator else ''}"
        ]
        said += [f"Members: {', '.join(member for _, member in members)}"] if members else []
        said += ["Archived"] if fields.text("is_archived") == "yes" else []
        yield FreeText(text="\n".join(said), place=fields.pointer, label=f"Room {number}")
        for key, label in (("topic", "Topic"), ("purpose", "Purpose")):
            about = fields.object(key)
            about.ignore("creator", "last_set")
            if value := about.text("value"):
                yield from self._reader.free_text(
                    value, place=about.place("value"), label=f"{label} of {name or number}"
                )
        fields.ignore(
            "is_general",
            "pins",
            "is_shared",
            "is_org_shared",
            "is_private",
            "is_mpim",
            "previous_names_changed",
        )
        yield from fields.rest(self._reader, self._unread)

    def log(self, fields: Fields) -> Iterator[AnyRow]:
        """Yield a change of an integration as a line of Slack's own."""
        self._number += 1
        number, name, place = fields.text("user_id"), fields.text("user_name"), fields.place("user_id")
        sent_at = epoch(counted) if (counted := fields.text("date")) else None
        seen: dict[str, Any] = {"seen_at": sent_at, "message": self._number}
        if number.strip("0"):
            known = (account(number, place), Known("handle", name, fields.place("user_name")))
            yield from self._speakers.meet(
                key_of(number), place, known=known, event="changed an integration", **seen
            )
        what = fields.text("service_type", "app_type")
        details = [text for key in ("scope", "reason", "rss_feed_url") if (text := fields.text(key))]
        room = fields.text("channel")
        text = f"{name or number or 'Somebody'} {fields.text('change_type') or 'changed'} {what or 'an integration'}"
        text += f" ({'; '.join(details)})" if details else ""
        yield Message(
            number=self._number,
            text=text,
            place=fields.pointer,
            kind="system",
            sender=name or number or None,
            sender_person=key_of(number) if number.strip("0") else None,
            sent_at=sent_at,
            headers=(("Channel", room),) if room else (),
        )
        yield from self._reader.mentioned(text, place=fields.pointer, **seen)
        fields.ignore("service_id", "app_id")
        yield from fields.rest(self._reader, self._unread)

    def _team(self, fields: Fields, key: str) -> Iterator[AnyRow]:
        place, team = fields.place(key), fields.text(key)
        if team and team not in self._teams:
            self._teams.add(team)
            yield from self._reader.declared("group", team, place=place, event="workspace")
