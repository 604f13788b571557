"""Audit event types of hits."""

FOUND = "deconfliction:hit:found"
REOPENED = "deconfliction:hit:reopened"
WITHDRAWN = "deconfliction:hit:withdrawn"
RETURNED = "deconfliction:hit:returned"
LISTED = "deconfliction:hit:listed"
OPENED = "deconfliction:hit:opened"
DECIDED = "deconfliction:hit:decided"
DECISION_WITHDRAWN = "deconfliction:hit:decision-withdrawn"
SILENT_PAIR = "deconfliction:silent-pair:found"
SILENT_PAIR_OVER = "deconfliction:silent-pair:over"
SILENT_PAIR_SETTLED = "deconfliction:silent-pair:settled"
EVENTS = (
    FOUND,
    REOPENED,
    WITHDRAWN,
    RETURNED,
    LISTED,
    OPENED,
    DECIDED,
    DECISION_WITHDRAWN,
    SILENT_PAIR,
    SILENT_PAIR_OVER,
    SILENT_PAIR_SETTLED,
)
