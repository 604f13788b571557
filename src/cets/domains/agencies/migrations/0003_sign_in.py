"""What signing in needs, before anybody is known: sessions and second factors, of no agency."""

from django.db import migrations

from cets.kernel import rls

TABLES = ("django_session", "account_emailaddress", "account_emailconfirmation", "mfa_authenticator")


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_protect"),
        ("sessions", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        *(rls.Grant(table, desk="select, insert, update, delete") for table in TABLES),
        rls.Grant("agencies_attempt", desk="select, insert, update, delete"),
        rls.Grant("django_content_type", desk="select"),
    ]
