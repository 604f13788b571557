"""Audit event types of search."""

RUN = "search:search:run"
EVENTS = (RUN,)
