from django.db import migrations

from cets.kernel import rls

ADMIN = rls.right(4)


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial"), ("access", "0001_initial")]
    operations = [rls.Protect("approvals_approval", see=ADMIN, grants={"desk": "select, insert, update"})]
