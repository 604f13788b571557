"""The app's own lines: what was done in a chat, in words."""

from cets.domains.intake.json_fields import Fields

_WORDS = {
    "create_group": "created the group",
    "create_channel": "created the channel",
    "edit_group_title": "changed the group's name",
    "edit_group_photo": "changed the group's picture",
    "delete_group_photo": "removed the group's picture",
    "invite_members": "added to the group",
    "remove_members": "removed from the group",
    "join_group_by_link": "joined by an invitation link",
    "join_group_by_request": "joined after a request",
    "migrate_to_supergroup": "turned the group into a supergroup",
    "migrate_from_group": "turned the group into a supergroup",
    "pin_message": "pinned a message",
    "clear_history": "cleared the history",
    "phone_call": "called",
    "group_call": "held a group call",
    "group_call_scheduled": "scheduled a group call",
    "invite_to_group_call": "invited to a group call",
    "take_screenshot": "took a screenshot",
    "joined_telegram": "joined Telegram",
    "set_messages_ttl": "set the time after which messages are deleted",
    "send_payment": "sent a payment",
    "score_in_game": "scored in a game",
    "proximity_reached": "came near",
    "topic_created": "created a topic",
    "topic_edit": "changed a topic",
    "edit_chat_theme": "changed the look of the chat",
    "set_same_chat_wallpaper": "changed the look of the chat",
    "send_webview_data": "sent data to a bot",
    "set_chat_wallpaper": "changed the look of the chat",
    "suggest_profile_photo": "suggested a profile picture",
    "send_premium_gift": "gave a paid subscription",
    "send_star_gift": "gave a gift",
    "allow_sending_messages": "allowed a bot to write",
    "requested_peer": "shared a contact or chat",
    "requested_phone_number": "shared the own phone number",
    "boost_apply": "boosted the group",
}  # fmt: skip
#: Fields that tell more of a deed, and what they are called in the line.
_DETAILS = {
    "title": "name", "new_title": "new name", "inviter": "invited by", "duration_seconds": "seconds", "duration": "seconds",
    "discard_reason": "ended by", "period": "period in seconds", "score": "score", "amount": "amount", "currency": "currency",
    "distance": "distance in metres", "emoticon": "picture", "reason_domain": "site", "reason_app_name": "app",
    "months": "months", "cost": "cost", "schedule_date": "for", "values": "values",
}  # fmt: skip


def words(fields: Fields, actor: str, members: list[str]) -> str:
    """Take what tells of a deed and return it as a sentence: "Robin called (seconds: 56; ended by: hangup)"."""
    action = fields.text("action")
    deed = _WORDS.get(action) or action.replace("_", " ") or "did something that the export does not name"
    sentence = f"{actor or 'Somebody'} {deed}"
    if members:
        sentence += f": {', '.join(members)}"
    details = [f"{caption}: {text}" for key, caption in _DETAILS.items() if (text := fields.text(key))]
    return f"{sentence} ({'; '.join(details)})" if details else sentence
