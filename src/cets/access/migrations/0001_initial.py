from django.db import migrations, models

from cets.kernel import rls

VIEWER = """
create function cets_viewer(out actor uuid, out agency uuid, out rights int, out case_agency uuid,
                            out narrow_actor uuid, out audit_agency uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  token text := current_setting('cets.viewer', true);
  part text[];
  inner_key bytea;
  outer_key bytea;
begin
  if token is null or token = '' then return; end if;
  part := string_to_array(token, '|');
  if cardinality(part) <> 6 or part[1] <> 'v1' then return; end if;
  select k.inner_pad, k.outer_pad into inner_key, outer_key from public.access_viewerkey k;
  if inner_key is null or part[6] is distinct from encode(sha256(outer_key || sha256(inner_key
       || convert_to(array_to_string(part[1:5], '|'), 'UTF8'))), 'hex') then return; end if;
  if part[5]::bigint < extract(epoch from clock_timestamp()) then return; end if;
  actor := part[2]::uuid;
  agency := part[3]::uuid;
  rights := part[4]::int;
  if rights & 3 = 1 then case_agency := agency; end if;
  if rights & 3 = 3 then narrow_actor := actor; end if;
  if rights & 8 = 8 then audit_agency := agency; end if;
end $$
"""

APPEND_ONLY = """
create function cets_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'append-only: % on % is refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="ViewerKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("inner_pad", models.BinaryField()),
                ("outer_pad", models.BinaryField()),
            ],
        ),
        migrations.RunSQL("revoke all on access_viewerkey from public", ""),
        rls.Grant("access_viewerkey", definer="select"),
        rls.Definer("cets_viewer()", VIEWER, execute=("desk", "worker", "matcher", "definer")),
        migrations.RunSQL(APPEND_ONLY, "drop function cets_append_only()"),
    ]
