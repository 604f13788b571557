"""Audit event types of the two-person rule."""

ASKED = "approvals:approval:asked"
AGREED = "approvals:approval:agreed"
REFUSED = "approvals:approval:refused"
EVENTS = (ASKED, AGREED, REFUSED)
