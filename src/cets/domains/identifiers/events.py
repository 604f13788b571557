"""Audit event types of identifiers."""

REVEALED = "identifiers:identifier:revealed"
OPENED = "identifiers:identifier:opened"
EVENTS = (REVEALED, OPENED)
