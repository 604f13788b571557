"""Patterns that an agency adds: seen where its reports are read and by its administrators, changed by nobody."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import cets.kernel.ids
from cets.kernel import rls

ADMINISTRATOR = f"({rls.OWN_AGENCY} and {rls.right(4)})"

# How often each pattern found something: whoever administers sees no report, and no place in one.
USES = """
create function cets_pattern_uses() returns table (pattern_id uuid, uses bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with w as materialized (select (public.cets_viewer()).agency as agency, (public.cets_viewer()).rights as rights)
  select s.pattern_id, count(*) from w join public.identifiers_sighting s on s.agency_id = w.agency
  where w.rights & 4 <> 0 and s.pattern_id is not null group by s.pattern_id
$$
"""


class Migration(migrations.Migration):
    dependencies = [("identifiers", "0002_protect")]
    operations = [
        migrations.CreateModel(
            name="AgencyPattern",
            fields=[
                ("id", models.UUIDField(default=cets.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("version", models.SmallIntegerField()),
                ("slot", models.SmallIntegerField()),
                ("pattern", models.TextField()),
                ("kind", models.TextField()),
                ("platform", models.TextField(default="")),
                ("matching", models.JSONField()),
                ("not_matching", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("added_by", models.UUIDField()),
                ("added_at", models.DateTimeField()),
                ("retired_by", models.UUIDField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="agencies.agency")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["agency", "name", "version"], name="pattern_version_once"),
                    models.UniqueConstraint(
                        fields=["agency", "name"], condition=Q(retired_at=None), name="pattern_name_once"
                    ),
                    models.UniqueConstraint(
                        fields=["agency", "slot"], condition=Q(retired_at=None), name="pattern_slot_once"
                    ),
                    models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=20), name="pattern_slots"),
                    models.CheckConstraint(condition=Q(version__gte=1), name="pattern_version_counts"),
                    models.CheckConstraint(
                        condition=Q(retired_at=None, retired_by=None)
                        | Q(retired_at__isnull=False, retired_by__isnull=False),
                        name="pattern_retired_whole",
                    ),
                ]
            },
        ),
        migrations.AddField(
            model_name="sighting",
            name="pattern",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="identifiers.agencypattern",
            ),
        ),
        migrations.AddIndex(
            model_name="sighting",
            index=models.Index(fields=["pattern"], condition=Q(pattern__isnull=False), name="sighting_by_pattern"),
        ),
        rls.Protect(
            "identifiers_agencypattern",
            see=f"{rls.OF_THE_AGENCY} or {ADMINISTRATOR}",
            add=ADMINISTRATOR,
            change=ADMINISTRATOR,
            grants={"desk": "select, insert, update (retired_by, retired_at)", "worker": "select"},
        ),
        rls.Parent("identifiers_agencypattern"),
        rls.SameAgency("identifiers_sighting", "pattern_id", "identifiers_agencypattern"),
        migrations.RunSQL(
            f"create policy definer on identifiers_sighting for select to {rls.role('definer')} using (true);"
            f" grant select (agency_id, pattern_id) on identifiers_sighting to {rls.role('definer')}",
            f"revoke select (agency_id, pattern_id) on identifiers_sighting from {rls.role('definer')};"
            " drop policy definer on identifiers_sighting",
        ),
        rls.Definer("cets_pattern_uses()", USES, execute=("desk",)),
    ]
