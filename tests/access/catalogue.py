"""What PostgreSQL's own catalogue says of our locks. Each check returns sentences that name the culprit; none is well."""

from typing import Any

import psycopg

#: Tables without row-level security, each with its reason. Anything else must be put behind `kernel.rls.Protect`.
OPEN_TABLES = {
    "access_viewerkey": "no run-time role may read it; the definer alone checks tokens with it",
    "account_emailaddress": "sign-in library, before anybody is known; no mail is sent",
    "account_emailconfirmation": "sign-in library, before anybody is known; no mail is sent",
    "agencies_attempt": "counts of sign-ins, before anybody is known; digests under the desk's secret, no name",
    "agencies_login": "read to sign in, before anybody is known; names no agency",
    "auth_group": "of the framework, granted to nobody, always empty",
    "auth_group_permissions": "of the framework, granted to nobody, always empty",
    "auth_permission": "of the framework, granted to nobody; names of models",
    "django_content_type": "of the framework; names of models",
    "django_migrations": "of the framework, granted to nobody",
    "django_session": "looked up by an unguessable key, before anybody is known",
    "mfa_authenticator": "second factors, needed before anybody is known; secrets encrypted or public keys",
    "procrastinate_events": "queue, the worker's alone: states of jobs",
    "procrastinate_jobs": "queue, the worker's alone: ids only; a job names no value and no reference",
    "procrastinate_periodic_defers": "queue, the worker's alone: when a periodic job ran",
    "procrastinate_workers": "queue, the worker's alone: heartbeats",
}

#: Functions that run as the definer: the only ways over a policy. Each is reviewed by its name here.
DEFINER_FUNCTIONS = {
    "cets_viewer()": "checks the token",
    "cets_overlaps(uuid,uuid[],interval,interval,integer)": "the matcher's: keys of every agency, no value",
    "cets_my_overlaps(uuid[])": "what the others' levels allow whoever asks",
    "cets_silent_contacts(uuid[])": "the centre's desk: whom to call about two silent records, not which records",
    "cets_search_words(tsquery,integer)": "applies the access list before the text index",
    "cets_victims_in(uuid[])": "which identifiers of reports that one may see are a victim's in the agency; no value",
    "cets_victims_among(uuid[])": "the same of single identifiers",
    "cets_pattern_uses()": "how often the own agency's patterns found something; whoever administers sees no place",
    "cets_known_originals(uuid[])": "the worker's: which ids that it names are of originals, and nothing of them",
    "procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])": "the queue's own: adds jobs, tells their numbers",
    "ledger_fall_to_team(uuid,text,timestamp with time zone)": "who leaves hands work to the team; the administrator sees none of it",
    "ledger_put_aside(uuid[],timestamp with time zone)": "the matcher's: alerts of hits that are over; tells nothing",
    "ledger_no_orphan()": "trigger: the owner must be there",
    "ledger_no_leaving()": "trigger: nobody leaves with work",
}

#: Ids in rows of an agency that no key holds to rows of the same agency, each with its reason.
LOOSE_POINTERS = {
    "agencies_rolegrant.approval_id": "an administrator's request: of the centre's agency, about anybody's officer",
    "audit_event.agency_id": "the audit outlives what it speaks of",
    "approvals_approval.subject_id": "an administrator's request about an officer of any agency; who grants the role checks it",
    "audit_event.actor_id": "the audit outlives what it speaks of",
    "identifiers_matchkey.agency_id": "the hottest table: the policy compares it with the viewer",
    "identifiers_matchkey.holding_id": "the hottest table: worth nothing by itself, every reader joins it by agency",
    "identifiers_matchkey.report_id": "the hottest table: worth nothing by itself, every reader joins it by agency",
    "ledger_alert.subject_id": "of several kinds of record; who follows it loads that record under its own policy",
    "ledger_entry.subject_id": "of several kinds of record; who follows it loads that record under its own policy",
    "search_search.actor_id": "whoever searched; the policy compares it with the viewer",
}

#: Numbers that count the rows of all agencies and that a run-time role may read, each with its reason.
COUNTED_FOR_ALL = {
    "audit_batch.id": "the chain is one for all; read by auditors and the sequencer",
    "audit_event.number": "the audit is one chain for all: its order is what the chain proves",
    "identifiers_matchkey.id": "read by the matcher alone, which sees every agency's",
}

RUN_TIME = ("desk", "worker", "matcher")
#: Verbs on a table that no run-time role ever gets: they go past policies or tell of rows by their errors.
NEVER = ("TRUNCATE", "REFERENCES", "TRIGGER")


def all_faults(conn: psycopg.Connection[Any], prefix: str) -> list[str]:
    """Return every fault that the catalogue shows."""
    return [
        *tables_without_lock(conn),
        *policies_that_are_true(conn, prefix),
        *roles_too_strong(conn, prefix),
        *grants_too_wide(conn, prefix),
        *definer_functions_unknown(conn, prefix),
        *views_of_their_owner(conn),
        *sequences_that_can_be_set(conn, prefix),
        *pointers_out_of_the_agency(conn),
        *numbers_that_count_for_all(conn, prefix),
    ]


def _rows(conn: psycopg.Connection[Any], query: str, *params: Any) -> list[tuple[Any, ...]]:
    return conn.execute(query, params or None).fetchall()


def protected_tables(conn: psycopg.Connection[Any]) -> list[str]:
    """Return every table that must be behind row-level security, from the catalogue, whether it is or not."""
    names = _rows(
        conn,
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1",
    )
    return [name for (name,) in names if name not in OPEN_TABLES]


def tables_without_lock(conn: psycopg.Connection[Any]) -> list[str]:
    """Every table has FORCE row-level security and a policy for each verb, or stands in OPEN_TABLES."""
    faults = []
    found = _rows(
        conn,
        "select relname, relrowsecurity, relforcerowsecurity,"
        " array(select polcmd::text from pg_policy p where p.polrelid = c.oid), relispartition"
        " from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1",
    )
    for name, enabled, forced, verbs, is_partition in found:
        if name in OPEN_TABLES:
            continue
        if not (enabled and forced):
            faults.append(
                f"{name}: row-level security is not {'forced' if enabled else 'on'}. Use kernel.rls.Protect."
            )
        if not {"r"} <= set(verbs) and "*" not in verbs:
            faults.append(f"{name}: no policy says who reads it. Use kernel.rls.Protect.")
        if is_partition:
            faults.append(f"{name}: a partition ignores its parent's policies. Protect it itself.")
    stale = set(OPEN_TABLES) - {name for name, *_ in found}
    return faults + [f"{name}: stands in OPEN_TABLES and is no table. Take it out." for name in sorted(stale)]


def policies_that_are_true(conn: psycopg.Connection[Any], prefix: str) -> list[str]:
    """A policy that always holds is for the definer alone."""
    return [
        f"{table}: policy {name} for {verb} to {', '.join(roles)} always holds. Only {prefix}_definer may have such a one."
        for table, name, roles, verb, using, check in _rows(
            conn,
            "select tablename, policyname, roles, cmd, qual, with_check from pg_policies where schemaname = 'public'",
        )
        if "true" in (using, check) and set(roles) != {f"{prefix}_definer"}
    ]


def roles_too_strong(conn: psycopg.Connection[Any], prefix: str) -> list[str]:
    """No run-time role is superuser, BYPASSRLS, an owner, or a member of a stronger role."""
    ours = [f"{prefix}_{name}" for name in (*RUN_TIME, "definer")]
    run_time = ours[:3]
    faults = [
        f"role {name}: may {', '.join(k for k, held in zip(('superuser', 'bypassrls', 'createrole', 'createdb', 'replication'), powers, strict=True) if held)}. Alter it."
        for name, *powers in _rows(
            conn,
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = any(%s)",
            ours,
        )
        if any(powers)
    ]
    faults += [
        f"role {name}: owns {thing}. The owner role must own it."
        for name, thing in _rows(
            conn,
            "select rolname, relname from pg_class c join pg_roles r on r.oid = relowner where rolname = any(%s)"
            " union all select rolname, proname from pg_proc p join pg_roles r on r.oid = proowner where rolname = any(%s)",
            ours,
            run_time,
        )
    ]
    faults += [
        f"role {member}: is a member of {group}. Revoke that."
        for member, group in _rows(
            conn,
            "select m.rolname, g.rolname from pg_auth_members a join pg_roles m on m.oid = a.member"
            " join pg_roles g on g.oid = a.roleid where m.rolname = any(%s)",
            ours,
        )
    ]
    if _rows(conn, "select 1 from pg_roles where rolname = %s and rolcanlogin", f"{prefix}_definer"):
        faults.append(f"role {prefix}_definer: can log in. Alter it to nologin.")
    creates = _rows(
        conn, "select r from unnest(%s::text[]) r where has_schema_privilege(r, 'public', 'create') or"
        " has_database_privilege(r, current_database(), 'create')", run_time
    )  # fmt: skip
    return faults + [f"role {name}: may create objects. Revoke that." for (name,) in creates]


def grants_too_wide(conn: psycopg.Connection[Any], prefix: str) -> list[str]:
    """Nobody has TRUNCATE, REFERENCES or TRIGGER, and PUBLIC has nothing."""
    faults = [
        f"{table}: {role} holds {verb}. Grant verbs one by one, never ALL."
        for role, table, verb in _rows(
            conn,
            "select r, c.relname, v from unnest(%s::text[]) r, unnest(%s::text[]) v, pg_class c"
            " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v') and has_table_privilege(r, c.oid, v)",
            [f"{prefix}_{name}" for name in (*RUN_TIME, "definer")],
            list(NEVER),
        )
    ]
    return faults + [
        f"{table}: everybody holds {verb}. Revoke it from PUBLIC."
        for table, verb in _rows(
            conn,
            "select relname, a.privilege_type from pg_class c, aclexplode(c.relacl) a"
            " where relnamespace = 'public'::regnamespace and a.grantee = 0",
        )
    ]


def definer_functions_unknown(conn: psycopg.Connection[Any], prefix: str) -> list[str]:
    """A function over policies is on the list, is the definer's, pins its search_path, and is not for everybody."""
    faults, names = [], set()
    for name, owner, config, acl in _rows(
        conn,
        "select p.oid::regprocedure::text, rolname, coalesce(proconfig, '{}'), coalesce(proacl::text[], '{=X/}')"
        " from pg_proc p join pg_roles r on r.oid = proowner where pronamespace = 'public'::regnamespace and prosecdef",
    ):
        names.add(name)
        if name not in DEFINER_FUNCTIONS:
            faults.append(
                f"{name}: a SECURITY DEFINER function that is not on the list. Review it, then name it there."
            )
        if owner != f"{prefix}_definer":
            faults.append(f"{name}: belongs to {owner}. Use kernel.rls.Definer.")
        path = [c.removeprefix("search_path=") for c in config if c.startswith("search_path=")]
        if not path or not path[0].startswith("pg_catalog") or not path[0].endswith("pg_temp"):
            faults.append(f"{name}: its search_path is not pinned to pg_catalog first and pg_temp last.")
        if any(entry.startswith("=") for entry in acl):
            faults.append(f"{name}: everybody may call it. Use kernel.rls.Definer.")
    return faults + [
        f"{name}: on the list and not there. Take it out." for name in sorted(set(DEFINER_FUNCTIONS) - names)
    ]


def views_of_their_owner(conn: psycopg.Connection[Any]) -> list[str]:
    """A view reads as whoever asks; a materialised one cannot, so there is none."""
    return [
        f"{name}: a {'view without security_invoker' if kind == 'v' else 'materialised view'} ignores its reader's policies."
        for name, kind, options in _rows(
            conn,
            "select relname, relkind::text, coalesce(reloptions, '{}') from pg_class"
            " where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')",
        )
        if kind == "m" or "security_invoker=true" not in options
    ]


def sequences_that_can_be_set(conn: psycopg.Connection[Any], prefix: str) -> list[str]:
    """Nobody sets a sequence back, or reads how many rows all agencies together have; identity columns need no right."""
    return [
        f"{name}: {role} holds {verb} on this sequence. An identity column needs no right of its own: revoke it."
        for role, name, verb in _rows(
            conn,
            "select r, relname, v from unnest(%s::text[]) r, unnest(array['USAGE', 'SELECT', 'UPDATE']) v, pg_class c"
            " where relnamespace = 'public'::regnamespace and relkind = 'S' and has_sequence_privilege(r, c.oid, v)"
            " and not (v = 'USAGE' and relname like 'procrastinate%%')",
            [f"{prefix}_{name}" for name in (*RUN_TIME, "definer")],
        )
    ]


_KEYS = """
select c.conrelid::regclass::text, c.confrelid::regclass::text,
  array(select attname::text from unnest(conkey) with ordinality k(n, i) join pg_attribute on attrelid = conrelid and attnum = n order by i),
  array(select attname::text from unnest(confkey) with ordinality k(n, i) join pg_attribute on attrelid = confrelid and attnum = n order by i)
from pg_constraint c where contype = 'f' and connamespace = 'public'::regnamespace
"""


def pointers_out_of_the_agency(conn: psycopg.Connection[Any]) -> list[str]:
    """A row of an agency points to rows of the same agency only: its key holds the agency, or it stands in LOOSE_POINTERS."""
    ids = _rows(
        conn,
        "select attrelid::regclass::text, array_agg(attname::text) from pg_attribute join pg_class t on t.oid = attrelid"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and attnum > 0 and atttypid = 'uuid'::regtype"
        " and attname ~ '_id$' group by 1 having 'agency_id' = any(array_agg(attname::text)) order by 1",
    )
    owned, keys = {table for table, _ in ids}, _rows(conn, _KEYS)
    faults, loose = [], set()
    for table, columns in ids:
        held: set[str] = set()
        for _, parent, ours, theirs in (key for key in keys if key[0] == table):
            if parent in owned and ("agency_id", "agency_id") not in zip(ours, theirs, strict=True):
                faults.append(
                    f"{table}.{ours[0]}: points to any agency's {parent}. Use kernel.rls.SameAgency."
                )
            held.update(ours)
        loose |= {f"{table}.{column}" for column in columns if column not in held}
    faults += [
        f"{name}: no key says whose row this id is of. Use kernel.rls.SameAgency, or give a reason in LOOSE_POINTERS."
        for name in sorted(loose - set(LOOSE_POINTERS))
    ]
    return faults + [
        f"{name}: stands in LOOSE_POINTERS and is none. Take it out."
        for name in sorted(set(LOOSE_POINTERS) - loose)
    ]


def numbers_that_count_for_all(conn: psycopg.Connection[Any], prefix: str) -> list[str]:
    """Nobody reads a number from a sequence that all agencies share: the gaps between one's own count the others' rows."""
    found = {
        f"{table}.{column}": roles
        for table, column, roles in _rows(
            conn,
            "select t.relname::text, attname::text, array(select r from unnest(%s::text[]) r where has_column_privilege(r, t.oid, attnum, 'select'))"
            " from pg_attribute join pg_class t on t.oid = attrelid left join pg_attrdef d on adrelid = t.oid and adnum = attnum"
            " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and attnum > 0 and not relname = any(%s)"
            " and (attidentity <> '' or pg_get_expr(adbin, adrelid) like 'nextval%%')",
            [f"{prefix}_{name}" for name in RUN_TIME],
            list(OPEN_TABLES),
        )
        if roles
    }
    faults = [
        f"{name}: {', '.join(found[name])} may read it, and its gaps count every agency's rows. Use kernel.ids."
        for name in sorted(set(found) - set(COUNTED_FOR_ALL))
    ]
    for_the_matcher = [name for name, why in COUNTED_FOR_ALL.items() if "matcher alone" in why]
    faults += [
        f"{name}: {found[name]} may read it. Only the matcher may."
        for name in for_the_matcher
        if found.get(name, [])[:-1]
    ]
    return faults + [
        f"{name}: stands in COUNTED_FOR_ALL and counts nothing. Take it out."
        for name in sorted(set(COUNTED_FOR_ALL) - set(found))
    ]
