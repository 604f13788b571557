"""Lets the worker ask which ids are of originals, of whatever agency, and learn nothing else."""

from django.db import migrations

from cets.kernel import rls

KNOWN = """
create function cets_known_originals(asked uuid[]) returns uuid[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(array_agg(id), '{}') from public.vault_original where id = any(asked)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0002_protect")]
    operations = [
        migrations.RunSQL(
            f"grant select (id) on vault_original to {rls.role('definer')};"
            f"create policy known on vault_original for select to {rls.role('definer')} using (true)",
            f"drop policy known on vault_original; revoke select (id) on vault_original from {rls.role('definer')}",
        ),
        rls.Definer("cets_known_originals(uuid[])", KNOWN, execute=("worker",)),
    ]
