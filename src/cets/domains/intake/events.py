"""Audit event types of intake: a column map settled by an officer."""

MAP_SETTLED = "intake:part:map-settled"
REFUSED = "intake:file:refused"
EVENTS = (MAP_SETTLED, REFUSED)
