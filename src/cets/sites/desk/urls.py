"""Every address of the desk. None holds a value of a record; ids are random."""

from allauth.account import views as account
from allauth.mfa import urls as mfa
from django.urls import URLPattern, URLResolver, include, path

from cets.sites.desk.views import errors, home, notes, plain, reports, tour, upload

#: Of the sign-in library only what this desk offers. Names that it looks up and nobody may use lead nowhere.
SIGN_IN: list[URLPattern | URLResolver] = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/password/", account.password_change, name="account_change_password"),
    path("sign-in/second-step/", include(mfa)),
    *(
        path(f"sign-in/none/{name}/", plain.nothing, name=f"account_{name}")
        for name in ("signup", "inactive", "reset_password", "set_password", "email", "email_verification_sent")
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *SIGN_IN,
    path("", home.home, name="home"),
    path("work/<uuid:entry_id>/take/", home.take, name="take"),
    path("tour/", tour.go_on, name="tour"),
    path("tour/hide/", tour.hide, name="tour_hide"),
    path("reports/", reports.report_list, name="reports"),
    path("reports/<uuid:report_id>/", reports.report, name="report"),
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
    path("upload/<uuid:part_id>/columns/", upload.columns, name="columns"),
    path("upload/note/", notes.new, name="note_new"),
    path("reports/<uuid:report_id>/note/", notes.add, name="report_note"),
]
