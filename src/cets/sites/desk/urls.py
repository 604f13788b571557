"""Every address of the desk. None holds a value of a record; ids are random."""

from allauth.account import views as account
from allauth.mfa import urls as mfa
from django.urls import URLPattern, URLResolver, include, path

from cets.sites.desk.views import (
    administration,
    alerts,
    approvals,
    auditing,
    columns,
    errors,
    hits,
    home,
    identifiers,
    item_grades,
    notes,
    officers,
    patterns,
    plain,
    receipt_lists,
    report_actions,
    report_messages,
    report_notes,
    report_tabs,
    report_traces,
    reports,
    rereads,
    roles,
    search,
    silent_pairs,
    tour,
    upload,
)

#: Of the sign-in library only what this desk offers. Names that it looks up and nobody may use lead nowhere.
SIGN_IN: list[URLPattern | URLResolver] = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/password/", account.password_change, name="account_change_password"),
    path("sign-in/second-step/", include(mfa)),
    *(
        path(f"sign-in/none/{name}/", plain.nothing, name=f"account_{name}")
        for name in (
            "signup",
            "inactive",
            "set_password",
            "email",
            "email_verification_sent",
        )
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *SIGN_IN,
    path("", home.home, name="home"),
    path("work/<uuid:entry_id>/take/", home.take, name="take"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/read/", alerts.alerts_read, name="alerts_read"),
    path("alerts/<uuid:alert_id>/", alerts.alert, name="alert"),
    path("tour/<int:number>/", tour.go_on, name="tour"),
    path("tour/hide/", tour.hide, name="tour_hide"),
    path("reports/", reports.report_list, name="reports"),
    path("reports/<uuid:report_id>/", reports.report, name="report"),
    path("reports/<uuid:report_id>/identifiers/", report_tabs.report_identifiers, name="report_identifiers"),
    path(
        "reports/<uuid:report_id>/identifiers/<uuid:holding_id>/",
        report_tabs.report_places,
        name="report_places",
    ),
    path("reports/<uuid:report_id>/messages/", report_messages.report_messages, name="report_messages"),
    path("reports/<uuid:report_id>/activity/", report_traces.report_traces, name="report_traces"),
    path("reports/<uuid:report_id>/notes/", report_notes.report_notes, name="report_notes"),
    path("reports/<uuid:report_id>/hits/", report_tabs.report_hits, name="report_hits"),
    path("reports/<uuid:report_id>/custody/", report_tabs.report_custody, name="report_custody"),
    path("reports/<uuid:report_id>/receipt/", receipt_lists.report_receipt_lists, name="report_receipt"),
    path("reports/<uuid:report_id>/history/", report_tabs.report_history, name="report_history"),
    path("reports/<uuid:report_id>/grade/", report_actions.grade, name="grade"),
    path(
        "reports/<uuid:report_id>/grade/<slug:item>/<uuid:row_id>/",
        item_grades.grade_item,
        name="grade_item",
    ),
    path("reports/<uuid:report_id>/sharing/", report_actions.sharing, name="sharing"),
    path("reports/<uuid:report_id>/step/", report_actions.step, name="step"),
    path("reports/<uuid:report_id>/close/", report_actions.close, name="close"),
    path("reports/<uuid:report_id>/assign/", report_actions.assign, name="assign"),
    path("reports/<uuid:report_id>/secondees/", report_actions.secondees, name="secondees"),
    path("reports/<uuid:report_id>/secondees/<uuid:officer_id>/", report_actions.secondee, name="secondee"),
    path("reports/<uuid:report_id>/settle/<uuid:remark_id>/", report_actions.settle, name="settle"),
    path(
        "reports/<uuid:report_id>/settle/<uuid:remark_id>/reveal/",
        report_actions.reveal_doubt,
        name="reveal_doubt",
    ),
    path("reports/<uuid:report_id>/originals/<uuid:part_id>/", report_actions.original, name="original"),
    path(
        "reports/<uuid:report_id>/originals/<uuid:part_id>/read-again/", rereads.read_again, name="read_again"
    ),
    path("reports/<uuid:report_id>/shape/", rereads.report_shape, name="report_shape"),
    path("identifiers/<uuid:key>/", identifiers.identifier, name="identifier"),
    path("identifiers/<uuid:key>/reveal/", identifiers.reveal, name="reveal"),
    path("hits/", hits.hit_list, name="hits"),
    path("hits/<uuid:hit_id>/", hits.hit, name="hit"),
    path("hits/<uuid:hit_id>/contact/", hits.contact, name="hit_contact"),
    path("hits/<uuid:hit_id>/nobody/", hits.nobody, name="hit_nobody"),
    path("hits/<uuid:hit_id>/not-same/", hits.not_same, name="hit_not_same"),
    path("hits/<uuid:hit_id>/no-action/", hits.no_action, name="hit_no_action"),
    path("hits/<uuid:hit_id>/join/", hits.join, name="hit_join"),
    path("hits/<uuid:hit_id>/take-back/", hits.take_back, name="hit_take_back"),
    path("hits/<uuid:hit_id>/theirs/<uuid:report_id>/", hits.theirs, name="hit_theirs"),
    path("silent-pairs/", silent_pairs.silent_pairs, name="silent_pairs"),
    path("silent-pairs/<uuid:pair_id>/", silent_pairs.silent_pair, name="silent_pair"),
    path("purpose/", plain.purpose, name="purpose"),
    path("recorded/", plain.recorded, name="recorded"),
    path("accessibility/", plain.accessibility, name="accessibility"),
    path("shortcuts/", plain.shortcuts, name="shortcuts"),
    path("signed-out/", plain.signed_out, name="signed_out"),
]

handler400 = errors.bad_request
handler403 = errors.no_form_token
handler404 = errors.not_found
handler500 = errors.broken

#: What comes in, what is looked for, who may do what, and what was done.
urlpatterns += [
    path("upload/", upload.upload, name="upload"),
    path("upload/states/", upload.states, name="upload_states"),
    path("upload/<uuid:part_id>/columns/", columns.columns, name="columns"),
    path("upload/<uuid:part_id>/columns/<int:number>/", columns.columns, name="columns_of_sheet"),
    path("upload/note/", notes.new, name="note_new"),
    path("reports/<uuid:report_id>/note/", notes.add, name="report_note"),
    path("search/", search.search, name="search"),
    path("search/<uuid:search_id>/", search.results, name="results"),
    path("audit/", auditing.audit, name="audit"),
    path("admin/agencies/", administration.agencies, name="agencies"),
    path("admin/agencies/add/", administration.agency_add, name="agency_add"),
    path("admin/agencies/<uuid:agency_id>/", administration.agency, name="agency"),
    path("admin/agencies/<uuid:agency_id>/teams/add/", administration.team_add, name="team_add"),
    path("admin/agencies/<uuid:agency_id>/officers/add/", officers.officer_add, name="officer_add"),
    path("admin/teams/<uuid:team_id>/", administration.team, name="team"),
    path("admin/officers/", officers.officers, name="officers"),
    path("admin/officers/<uuid:officer_id>/", officers.officer, name="officer"),
    path("admin/officers/<uuid:officer_id>/role/", roles.role_ask, name="role_ask"),
    path("admin/officers/<uuid:officer_id>/<slug:name>/", officers.officer_step, name="officer_step"),
    path("admin/grants/<uuid:grant_id>/end/", roles.role_end, name="role_end"),
    path("admin/patterns/", patterns.patterns, name="patterns"),
    path("admin/patterns/add/", patterns.pattern_add, name="pattern_add"),
    path("admin/patterns/<uuid:pattern_id>/", patterns.pattern, name="pattern"),
    path("admin/patterns/<uuid:pattern_id>/replace/", patterns.pattern_replace, name="pattern_replace"),
    path("admin/patterns/<uuid:pattern_id>/retire/", patterns.pattern_retire, name="pattern_retire"),
    path("admin/roles/", roles.roles, name="roles"),
    path("admin/approvals/", approvals.approvals, name="approvals"),
    path("admin/approvals/<uuid:approval_id>/", approvals.approval, name="approval"),
]
