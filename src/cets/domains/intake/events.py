"""Audit event types of intake: refusals, notes, files added to a report, column maps that an officer settled."""

MAP_SETTLED = "intake:part:map-settled"
REFUSED = "intake:file:refused"
READING_ASKED = "intake:part:reading-asked"
READ_AGAIN = "intake:part:read-again"
READING_STOPPED = "intake:part:reading-stopped"
NOTE_ADDED = "intake:note:added"
FILES_ADDED = "intake:files:added"
SHAPE_MADE = "intake:shape:made"
EVENTS = (
    MAP_SETTLED,
    REFUSED,
    READING_ASKED,
    READ_AGAIN,
    READING_STOPPED,
    NOTE_ADDED,
    FILES_ADDED,
    SHAPE_MADE,
)
