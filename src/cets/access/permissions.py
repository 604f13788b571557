"""Every verb that CETS can refuse. A policy change is a change to this file and `roles.py`, and is reviewed as one."""

from enum import StrEnum


class Permission(StrEnum):
    REPORT_VIEW = "report:view"
    REPORT_ADD = "report:add"
    REPORT_GRADE = "report:grade"
    REPORT_SHARE = "report:share"
    ORIGINAL_OPEN = "original:open"
    IDENTIFIER_REVEAL = "identifier:reveal"
    HIT_SETTLE = "hit:settle"
    SEARCH = "search"
    WORK_ASSIGN = "work:assign"
    SILENT_PAIRS = "deconfliction:silent-pairs"
    AGENCY_MANAGE = "agency:manage"
    OFFICER_MANAGE = "officer:manage"
    ROLE_REQUEST = "role:request"
    ROLE_APPROVE = "role:approve"
    AUDIT_VIEW = "audit:view"
