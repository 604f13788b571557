"""Audit event types of search."""

RUN = "search:search:run"
WITHIN = "search:report:searched"
EVENTS = (RUN, WITHIN)
