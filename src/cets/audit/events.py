"""Audit event types of the audit record itself."""

LOOKED = "audit:record:looked"
EVENTS = (LOOKED,)
