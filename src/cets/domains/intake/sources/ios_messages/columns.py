"""Which columns of `sms.db` are read, and which are known to hold nothing for an officer."""

from typing import Final

MESSAGES: Final = (
    "rowid", "guid", "text", "subject", "handle_id", "service", "account", "destination_caller_id", "date", "date_read", "date_delivered",
    "date_edited", "date_retracted", "date_recovered", "is_from_me", "is_read", "error", "item_type", "group_action_type", "group_title",
    "other_handle", "share_status", "associated_message_guid", "associated_message_type", "associated_message_emoji", "balloon_bundle_id",
    "is_spam",
    "is_audio_message", "is_expirable", "expressive_send_style_id", "thread_originator_guid", "country", "service_center",
)  # fmt: skip
BODY: Final = ("attributedbody",)
HANDLES: Final = ("rowid", "id", "country", "service", "uncanonicalized_id")
CHATS: Final = (
    "rowid", "guid", "style", "chat_identifier", "room_name", "display_name", "account_login", "last_addressed_handle", "service_name",
    "is_archived",
)  # fmt: skip
ATTACHMENTS: Final = ("rowid", "filename", "transfer_name", "mime_type", "uti", "total_bytes")
DELETED: Final = ("rowid", "guid")
RECOVERABLE: Final = ("chat_id", "message_id", "delete_date")

READ: Final = {
    "message": (
        *MESSAGES, *BODY, "replace", "version", "type", "account_guid", "is_delivered", "is_finished", "is_emote", "is_empty", "is_delayed",
        "is_auto_reply", "is_prepared", "is_system_message", "is_sent", "has_dd_results", "is_service_message", "is_forward", "was_downgraded",
        "is_archive", "cache_has_attachments", "cache_roomnames", "was_data_detected", "was_deduplicated", "is_played", "date_played",
        "share_direction", "expire_state", "message_action_type", "message_source", "payload_data", "associated_message_range_location",
        "associated_message_range_length", "time_expressive_send_played", "message_summary_info", "ck_sync_state", "ck_record_id",
        "ck_record_change_tag", "sr_ck_sync_state", "sr_ck_record_id", "sr_ck_record_change_tag", "is_corrupt", "reply_to_guid", "sort_id",
        "has_unseen_mention", "thread_originator_part", "syndication_ranges", "synced_syndication_ranges", "was_delivered_quietly",
        "did_notify_recipient", "was_detonated", "part_count", "is_stewie", "is_kt_verified", "is_sos", "is_critical", "bia_reference_id",
        "fallback_hash", "is_pending_satellite_send", "needs_relay", "schedule_type", "schedule_state", "sent_or_received_off_grid",
        "group_photo_guid", "ck_chat_id", "is_time_sensitive",
    ),
    "handle": (*HANDLES, "person_centric_id"),
    "chat": (
        *CHATS, "state", "account_id", "properties", "is_filtered", "group_id", "engram_id", "server_change_token", "ck_sync_state",
        "original_group_id", "last_read_message_timestamp", "sr_server_change_token", "sr_ck_sync_state", "cloudkit_record_id",
        "sr_cloudkit_record_id", "is_blackholed", "syndication_date", "syndication_type", "is_recovered", "is_deleting_incoming_messages",
        "is_pending_review", "successful_query", "last_message_date", "group_photo_guid",
    ),
    "attachment": (
        *ATTACHMENTS, "guid", "created_date", "start_date", "transfer_state", "is_outgoing", "user_info", "is_sticker", "sticker_user_info",
        "attribution_info", "hide_attachment", "ck_sync_state", "ck_server_change_token_blob", "ck_record_id", "original_guid",
        "sr_ck_sync_state", "sr_ck_server_change_token_blob", "sr_ck_record_id", "is_commsafety_sensitive", "emoji_image_content_identifier",
        "emoji_image_short_description", "preview_generation_state",
    ),
    "chat_message_join": ("chat_id", "message_id", "message_date"),
    "chat_handle_join": ("chat_id", "handle_id"),
    "message_attachment_join": ("message_id", "attachment_id"),
    "deleted_messages": DELETED,
    "chat_recoverable_message_join": (*RECOVERABLE, "ck_sync_state"),
}  # fmt: skip
#: The phone's own book-keeping.
KNOWN: Final = frozenset(
    {
        "_sqlitedatabaseproperties", "sqlite_sequence", "sqlite_stat1", "kvtable", "message_processing_task", "sync_deleted_messages",
        "sync_deleted_chats", "sync_deleted_attachments", "sync_chat_slice", "chat_lookup", "chat_service", "persistent_tasks",
        "scheduled_messages_pending_cloudkit_delete", "unsynced_removed_recoverable_messages", "recoverable_message_part", "chat_background",
    }
)  # fmt: skip
