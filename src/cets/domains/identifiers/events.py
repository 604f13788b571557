"""Audit event types of identifiers."""

REVEALED = "identifiers:identifier:revealed"
OPENED = "identifiers:identifier:opened"
PATTERN_ADDED = "identifiers:pattern:added"
PATTERN_RETIRED = "identifiers:pattern:retired"
EVENTS = (REVEALED, OPENED, PATTERN_ADDED, PATTERN_RETIRED)
