import time
import psycopg, os
import factories
from cets.access.viewer import acting
from cets.domains.identifiers import queries
from cets.domains.identifiers.models import Holding
from cets.domains.intake.masking import maskers_of

def test_plan(db, as_process):
    esx = factories.agency("ESX")
    officer = factories.officer(esx, "a@esx.example", "analyst")
    with as_process("worker"), factories.intake() as intake:
        (one,) = intake.take("ESX", "email,role\nkim@mail.example,victim\nboo@mail.example,suspect\n")
        (two,) = intake.take("ESX", "wrote to kim@mail.example and boo@mail.example")
    dsn = os.environ["CETS_EMBEDDED_DSN"]
    with psycopg.connect(dsn, autocommit=True) as c:
        c.execute("set session_replication_role = replica")
        c.execute("""insert into identifiers_holding (id, report_id, agency_id, key, kind, value, raw, roles, ways, pseudonym, pivot, common, assumed, places)
          select gen_random_uuid(), gen_random_uuid(), %s, case when g %% 5 = 0 then (select key from identifiers_holding where value='boo@mail.example' limit 1) else gen_random_uuid() end, 'email', 'x', 'x', '{suspect}', '{declared}', case when g %% 50 = 0 then 'Child A' else '' end, true, '', '', 1 from generate_series(1, 100000) g""", [esx.id])
        c.execute("""insert into identifiers_holding (id, report_id, agency_id, key, kind, value, raw, roles, ways, pseudonym, pivot, common, assumed, places)
          select gen_random_uuid(), %s, %s, gen_random_uuid(), 'email', 'x', 'x', '{suspect}', '{declared}', '', true, '', '', 1 from generate_series(1, 60000) g""", [two.report_id, esx.id])
        c.execute("analyze identifiers_holding")
    with acting(factories.viewer(officer)):
        for _ in range(3):
            for ids in ([one.report_id], [two.report_id]):
                t = time.perf_counter(); n = len(queries.victims_in(ids)); print("victims_in", n, round((time.perf_counter()-t)*1000, 2), "ms")
            hs = list(Holding.objects.filter(report=two.report_id)[:20])
            t = time.perf_counter(); queries.with_pseudonyms(hs); print("with_pseudonyms 20", round((time.perf_counter()-t)*1000, 2), "ms")
            for ids in ([one.report_id], [two.report_id]):
                t = time.perf_counter(); m = maskers_of(ids); print("maskers", len(m), round((time.perf_counter()-t)*1000, 2), "ms")
    assert 0
