"""Audit event types of the ledger."""

ASSIGNED = "ledger:entry:assigned"
STEP_SET = "ledger:entry:step-set"
CLOSED = "ledger:entry:closed"
REOPENED = "ledger:entry:reopened"
FELL_TO_TEAM = "ledger:entry:fell-to-team"
ALERT_READ = "ledger:alert:read"
EVENTS = (ASSIGNED, STEP_SET, CLOSED, REOPENED, FELL_TO_TEAM, ALERT_READ)
