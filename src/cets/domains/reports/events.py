"""Audit event types of reports."""

RECEIVED = "reports:report:received"
READ = "reports:report:read"
JOINED = "reports:report:joined"
OPENED = "reports:report:opened"
GRADED = "reports:report:graded"
ITEM_GRADED = "reports:item:graded"
PRINTED = "reports:report:printed"
SHARING_SET = "reports:report:sharing-set"
GIVEN = "reports:report:given"
TAKEN_BACK = "reports:report:taken-back"
REMARK_SETTLED = "reports:remark:settled"
LISTED = "reports:report:listed"
EVENTS = (
    RECEIVED,
    READ,
    JOINED,
    OPENED,
    GRADED,
    ITEM_GRADED,
    PRINTED,
    SHARING_SET,
    GIVEN,
    TAKEN_BACK,
    REMARK_SETTLED,
    LISTED,
)
