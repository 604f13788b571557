"""Who may know of whom: one function decides, for the matcher and for every reader."""

from django.db import migrations

from cets.kernel import rls

MATCHER = rls.right(32)

# How two sightings of one IP address relate in time (issue: 2 minutes full, 180 days weak, beyond none; on carrier NAT
# another port is no hit, and no port is weak). Null: they do not meet.
IP_RELATION = """
create function cets_ip_relation(
  a_from timestamptz, a_to timestamptz, a_certain bool, a_port int, a_nat bool,
  b_from timestamptz, b_to timestamptz, b_certain bool, b_port int, b_nat bool,
  tolerance interval, reach interval) returns text language sql immutable parallel safe as $$
  select case
    when (a_nat or b_nat) and a_port <> b_port then null
    when a_from is null or b_from is null then 'ip_untimed'
    when greatest(a_from - b_to, b_from - a_to) > reach then null
    when greatest(a_from - b_to, b_from - a_to) > tolerance then 'ip_apart'
    when (a_nat or b_nat) and (a_port is null or b_port is null) then 'ip_nat_no_port'
    when a_certain and b_certain then 'ip_same_time'
    when a_from = a_to and b_from = b_to then 'ip_candidate_time'
    else 'ip_unsure_time'
  end $$
"""

# For one agency: its own records that hold one of these identifiers (relation "own..."), and every other record that may be
# known to it and meets one of them. A record of another agency counts when its level is not silent, whatever the level of
# the agency's own record. One row for each record, not for each pair; only addresses are compared time by time.
OVERLAPS = """
create function cets_overlaps(of_agency uuid, keys uuid[], tolerance interval, reach interval, cap int)
returns table (own_key uuid, report uuid, agency uuid, told smallint, relation text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
set enable_mergejoin = off set enable_hashjoin = off set plan_cache_mode = force_generic_plan as $$
  with own as materialized (
    select k.key as own_key, e.* from unnest(keys) as k(key)
    cross join lateral (
      select e.report_id, e.holding_id, e.told, e.kind, e.is_assumed, e.from_at, e.to_at, e.is_certain, e.port, e.carrier_nat
      from public.identifiers_matchkey e where e.key = k.key and e.is_exact and e.agency_id = of_agency limit cap
    ) e
  ),
  plain as materialized (
    select o.own_key, bool_or(o.is_assumed) as has_assumed, bool_or(not o.is_assumed) as has_whole,
      (array_agg(o.report_id))[1] as report_id, (array_agg(o.holding_id))[1] as holding_id
    from own o where o.kind <> 'ip' group by o.own_key
  )
  select distinct o.own_key, o.report_id, of_agency, o.told, case when o.is_assumed then 'own_assumed' else 'own' end
  from own o where o.kind <> 'ip'
  union all
  select p.own_key, x.report_id, x.agency_id, x.told,
    case when (x.is_assumed and p.has_assumed) or (not x.is_assumed and p.has_whole) then 'exact' else 'assumed' end
  from plain p
  cross join lateral (
    select distinct x.report_id, x.agency_id, x.told, x.is_assumed from public.identifiers_matchkey x
    where x.key = p.own_key and x.is_exact and x.agency_id <> of_agency and x.told > 0 limit cap
  ) x
  union all
  select p.own_key, x.report_id, x.agency_id, x.told, 'similar' from plain p
  join public.identifiers_matchkey v on v.report_id = p.report_id and v.holding_id = p.holding_id and not v.is_exact
  cross join lateral (
    select distinct x.report_id, x.agency_id, x.told from public.identifiers_matchkey x
    where x.key = v.key and x.own_key <> p.own_key and (x.told > 0 or x.agency_id = of_agency) limit cap
  ) x
  union all
  select distinct o.own_key, s.report_id, s.agency_id, s.told, s.relation from own o
  cross join lateral (
    select x.report_id, x.agency_id, x.told, public.cets_ip_relation(o.from_at, o.to_at, o.is_certain, o.port, o.carrier_nat,
      x.from_at, x.to_at, x.is_certain, x.port, x.carrier_nat, tolerance, reach) as relation
    from public.identifiers_matchkey x
    where x.key = o.own_key and x.is_exact and x.report_id <> o.report_id and (x.told > 0 or x.agency_id = of_agency)
  ) x
  cross join lateral (values
    (x.report_id, x.agency_id, x.told, x.relation), (o.report_id, of_agency, o.told, 'own_address')
  ) s(report_id, agency_id, told, relation)
  where o.kind = 'ip' and x.relation is not null
$$
"""

# The same for whoever asks, with what the other record's level allows: contact tells agency and whom to call, open also
# reference and summary. The ids of records that are not open never leave. The limits are the instance's, not the asker's: who
# could narrow them would find out at which second an address was seen.
MY_OVERLAPS = """
create function cets_my_overlaps(keys uuid[])
returns table (own_key uuid, other_report uuid, told smallint, relation text, is_mine bool,
  agency_id uuid, agency_code text, agency_name text, reference text, category text, summary text, incident_at timestamptz,
  contact_name text, contact_phone text, contact_email text, digest uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select v.own_key, case when mine or v.told = 2 then v.report end, v.told, v.relation, mine,
    a.id, a.code, a.name,
    case when mine or v.told = 2 then r.reference end,
    case when v.told = 2 and not mine then r.category end,
    case when v.told = 2 and not mine then r.title end,
    case when v.told = 2 and not mine then r.incident_at end,
    coalesce(p.name, t.name), coalesce(nullif(p.phone, ''), t.phone), coalesce(nullif(p.email, ''), t.email),
    md5(v.report::text || v.own_key::text)::uuid
  from (select (public.cets_viewer()).case_agency as agency offset 0) w
  cross join public.deconfliction_limits l
  cross join lateral public.cets_overlaps(w.agency, keys, l.tolerance, l.reach, l.cap) v
  cross join lateral (select v.agency = w.agency as mine) s
  join public.reports_report r on r.id = v.report and r.agency_id = v.agency
  join public.agencies_agency a on a.id = v.agency
  left join public.agencies_team t on t.agency_id = a.id and t.is_duty
  left join public.agencies_officer p on p.id = r.contact_id and p.left_at is null and p.absent_at is null
  where w.agency is not null
$$
"""


# Whom the deconfliction desk calls: the duty teams of the two holders of its own pairs.
SILENT_CONTACTS = """
create function cets_silent_contacts(pairs uuid[])
returns table (pair uuid, agency_name text, phone text, email text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select p.id, a.name, t.phone, t.email
  from (select (public.cets_viewer()).agency as agency, (public.cets_viewer()).rights as rights offset 0) w
  join public.deconfliction_silentpair p on p.agency_id = w.agency and p.id = any(pairs)
  join public.agencies_agency a on a.id in (p.first_agency_id, p.second_agency_id)
  left join public.agencies_team t on t.agency_id = a.id and t.is_duty
  where w.rights & 16 <> 0
  order by p.id, a.name
$$
"""


class Migration(migrations.Migration):
    dependencies = [("deconfliction", "0001_initial"), ("identifiers", "0002_protect"), ("ledger", "0002_protect")]
    operations = [
        rls.Protect(
            "deconfliction_hit",
            see=rls.of_the_agency(),
            grants={"desk": "select, update", "worker": "select", "matcher": "select, insert, update"},
            extra=(("matcher", "matcher", "all", MATCHER, MATCHER),),
        ),
        rls.Protect(
            "deconfliction_decision",
            see=rls.of_the_agency(),
            grants={"desk": "select, insert, update", "worker": "select", "matcher": "select"},
            extra=(("matcher", "matcher", "select", MATCHER, None),),
        ),
        rls.Protect(
            "deconfliction_silentpair",
            see=f"{rls.OWN_AGENCY} and {rls.right(16)}",
            change="false",
            grants={"desk": "select", "matcher": "select, insert", "definer": "select"},
            extra=(
                ("definer", "definer", "select", "true", None),
                ("matcher", "matcher", "all", MATCHER, MATCHER),
            ),
        ),
        rls.Protect(
            "deconfliction_hub",
            see=MATCHER,
            change="false",
            grants={"matcher": "select, insert"},
        ),
        rls.Protect(
            "deconfliction_limits",
            see=MATCHER,
            grants={"matcher": "select, insert, update", "definer": "select"},
            extra=(("definer", "definer", "select", "true", None),),
        ),
        rls.Parent("deconfliction_hit"),
        rls.SameAgency("deconfliction_hit", "entry_id", "ledger_entry", implied=("agency_id",)),
        rls.SameAgency("deconfliction_decision", "hit_id", "deconfliction_hit", implied=("agency_id",)),
        rls.SameAgency("deconfliction_silentpair", "entry_id", "ledger_entry", implied=("agency_id",)),
        migrations.RunSQL(IP_RELATION, "drop function cets_ip_relation"),
        rls.Definer("cets_overlaps(uuid, uuid[], interval, interval, int)", OVERLAPS, execute=("matcher", "definer")),
        rls.Definer("cets_my_overlaps(uuid[])", MY_OVERLAPS, execute=("desk", "worker")),
        rls.Definer("cets_silent_contacts(uuid[])", SILENT_CONTACTS, execute=("desk",)),
    ]
