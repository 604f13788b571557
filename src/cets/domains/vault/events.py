"""Audit event types of the vault."""

SEALED = "vault:original:sealed"
OPENED = "vault:original:opened"
CHECKED = "vault:original:checked"
EVENTS = (SEALED, OPENED, CHECKED)
