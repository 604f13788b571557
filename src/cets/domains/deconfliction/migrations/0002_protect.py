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

# For one agency: every other record that may be known to it and meets one of these identifiers that it holds.
# A record of another agency counts when its level is not silent, whatever the level of the agency's own record.
OVERLAPS = """
create function cets_overlaps(of_agency uuid, keys uuid[], tolerance interval, reach interval, cap int)
returns table (own_key uuid, my_report uuid, other_report uuid, other_agency uuid, told smallint, relation text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
set enable_mergejoin = off set enable_hashjoin = off set plan_cache_mode = force_generic_plan as $$
  select m.own_key, m.report_id, o.report_id, o.agency_id, o.told, o.relation
  from unnest(keys) as k(key)
  join lateral (
    select e.report_id, e.holding_id from public.identifiers_matchkey e
    where e.key = k.key and e.is_exact and e.agency_id = of_agency limit cap
  ) e on true
  join public.identifiers_matchkey m on m.report_id = e.report_id and m.holding_id = e.holding_id
  join lateral (
    select distinct x.report_id, x.agency_id, x.told,
      case
        when not (m.is_exact and x.is_exact) then 'similar'
        when m.kind = 'ip' then public.cets_ip_relation(m.from_at, m.to_at, m.is_certain, m.port, m.carrier_nat,
          x.from_at, x.to_at, x.is_certain, x.port, x.carrier_nat, tolerance, reach)
        when m.is_assumed <> x.is_assumed then 'assumed'
        else 'exact'
      end as relation
    from public.identifiers_matchkey x
    where x.key = m.key and x.report_id <> m.report_id and (x.told > 0 or x.agency_id = of_agency)
      and ((m.is_exact and x.is_exact) or (x.own_key <> m.own_key and x.kind <> 'ip'))
    limit cap
  ) o on o.relation is not null
$$
"""

# The same for whoever asks, with what the other record's level allows: contact tells agency and whom to call, open also
# reference and summary. The ids of records that are not open never leave.
MY_OVERLAPS = """
create function cets_my_overlaps(keys uuid[], tolerance interval, reach interval, cap int)
returns table (own_key uuid, my_report uuid, other_report uuid, told smallint, relation text, is_mine bool,
  agency_id uuid, agency_code text, agency_name text, reference text, category text, summary text, incident_at timestamptz,
  contact_name text, contact_phone text, contact_email text, digest uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select v.own_key, v.my_report, case when mine or v.told = 2 then v.other_report end, v.told, v.relation, mine,
    a.id, a.code, a.name,
    case when mine or v.told = 2 then r.reference end,
    case when v.told = 2 and not mine then r.category end,
    case when v.told = 2 and not mine then r.title end,
    case when v.told = 2 and not mine then r.incident_at end,
    coalesce(p.name, t.name), coalesce(nullif(p.phone, ''), t.phone), coalesce(nullif(p.email, ''), t.email),
    md5(v.other_report::text || v.my_report::text)::uuid
  from (select (public.cets_viewer()).case_agency as agency offset 0) w
  cross join lateral public.cets_overlaps(w.agency, keys, tolerance, reach, cap) v
  cross join lateral (select v.other_agency = w.agency as mine) s
  join public.reports_report r on r.id = v.other_report
  join public.agencies_agency a on a.id = v.other_agency
  left join public.agencies_team t on t.agency_id = a.id and t.is_duty
  left join public.agencies_officer p on p.id = r.contact_id and p.left_at is null and p.absent_at is null
  where w.agency is not null
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
            grants={"desk": "select", "matcher": "select, insert"},
            extra=(("matcher", "matcher", "all", MATCHER, MATCHER),),
        ),
        migrations.RunSQL(IP_RELATION, "drop function cets_ip_relation"),
        rls.Definer("cets_overlaps(uuid, uuid[], interval, interval, int)", OVERLAPS, execute=("matcher", "definer")),
        rls.Definer("cets_my_overlaps(uuid[], interval, interval, int)", MY_OVERLAPS, execute=("desk", "worker")),
    ]
