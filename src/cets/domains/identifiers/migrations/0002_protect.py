"""Values are seen by the holder alone; the matcher sees keys of all and no value."""

from django.db import migrations

from cets.kernel import rls

OF_REPORT = ("report_id", "agency_id")
#: All but the number of a match key, which counts those of every agency.
KEYS = (
    "key, own_key, is_exact, holding_id, report_id, agency_id, told, kind, common, is_declared, is_assumed, from_at, to_at,"
    " is_certain, port, carrier_nat"
)

# Which of the identifiers that somebody is about to see are a victim's in any report of that agency. A secondee learns it
# too, or a value would stand in clear because the report that says so was not given to him; but of no report but his own.
# The definer may read no value: names and values are read again under policy. Twenty reports are enough: of a value that is
# a victim's in more of them nobody can say whose it is.
VICTIMS = """
create function {signature}
returns table (report_id uuid, holding_id uuid, pseudonym text, of_report uuid, is_telling bool)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with w as materialized (select (public.cets_viewer()).case_agency as agency, (public.cets_viewer()).narrow_actor as narrow)
  select h.report_id, h.id, v.pseudonym, case when h.agency_id = w.agency or v.report_id = h.report_id then v.report_id end,
    h.pivot and h.common = ''
  from w cross join public.identifiers_holding h
  cross join lateral (
    select v.report_id, v.pseudonym from public.identifiers_holding v
    where v.agency_id = h.agency_id and v.key = h.key and v.pseudonym <> ''
    order by v.report_id = h.report_id desc, v.report_id limit 20
  ) v
  where h.{column} = any($1) and (h.agency_id = w.agency or exists (
    select 1 from public.reports_secondment s where s.report_id = h.report_id and s.agency_id = h.agency_id and s.officer_id = w.narrow))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("identifiers", "0001_initial"), ("reports", "0002_protect")]
    operations = [
        rls.Protect(
            "identifiers_holding",
            see=rls.of_the_agency("identifiers_holding.report_id"),
            add=rls.of_the_agency(),
            change=rls.of_the_agency(),
            grants={
                "desk": "select",
                "worker": "select, insert, update",
                "definer": "select (id, report_id, agency_id, key, pseudonym, pivot, common)",
            },
            extra=(("definer", "definer", "select", "true", None),),
        ),
        rls.Protect(
            "identifiers_sighting",
            see=rls.of_the_agency("identifiers_sighting.report_id"),
            add=rls.of_the_agency(),
            change=rls.of_the_agency(),
            grants={"desk": "select", "worker": "select, insert"},
        ),
        rls.Protect(
            "identifiers_matchkey",
            see=rls.of_the_agency(),
            grants={
                "desk": f"select ({KEYS}), update (told)",
                "worker": f"select ({KEYS}), insert ({KEYS}), update (told), delete",
                "matcher": "select",
                "definer": "select",
            },
            extra=(
                ("definer", "definer", "select", "true", None),
                ("matcher", "matcher", "select", rls.right(32), None),
            ),
        ),
        rls.Parent("identifiers_holding"),
        rls.SameAgency("identifiers_holding", "report_id", "reports_report", implied=("agency_id",)),
        rls.SameAgency("identifiers_sighting", "holding_id", "identifiers_holding"),
        rls.SameAgency(
            "identifiers_sighting", "part_id", "reports_part", common=OF_REPORT, implied=OF_REPORT,
        ),
        migrations.RunSQL(
            "create index matchkey_key on identifiers_matchkey (key) include (report_id, agency_id, told, own_key, is_exact)",
            "drop index matchkey_key",
        ),
        *(
            rls.Definer(
                signature, VICTIMS.format(signature=signature, column=column), execute=("desk", "worker")
            )
            for signature, column in (
                ("cets_victims_in(uuid[])", "report_id"),
                ("cets_victims_among(uuid[])", "id"),
            )
        ),
    ]
