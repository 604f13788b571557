"""Audit event types of agencies, officers and roles."""

AGENCY_ADDED = "agencies:agency:added"
TEAM_ADDED = "agencies:team:added"
TEAM_CHANGED = "agencies:team:changed"
OFFICER_ADDED = "agencies:officer:added"
OFFICER_LEFT = "agencies:officer:left"
OFFICER_ABSENT = "agencies:officer:absent"
OFFICER_BACK = "agencies:officer:back"
ROLE_GRANTED = "agencies:role:granted"
ROLE_ENDED = "agencies:role:ended"
SIGNED_IN = "agencies:officer:signed-in"
SIGNED_OUT = "agencies:officer:signed-out"
PASSWORD_CHANGED = "agencies:officer:password-changed"  # noqa: S105 - an event type
PASSWORD_RESET = "agencies:officer:password-reset"  # noqa: S105 - an event type
SECOND_FACTOR_CHANGED = "agencies:officer:second-factor-changed"
SECOND_FACTOR_RESET = "agencies:officer:second-factor-reset"
EVENTS = (
    AGENCY_ADDED, TEAM_ADDED, TEAM_CHANGED, OFFICER_ADDED, OFFICER_LEFT, OFFICER_ABSENT, OFFICER_BACK, ROLE_GRANTED, ROLE_ENDED,
    SIGNED_IN, SIGNED_OUT, PASSWORD_CHANGED, PASSWORD_RESET, SECOND_FACTOR_CHANGED, SECOND_FACTOR_RESET,
)  # fmt: skip
