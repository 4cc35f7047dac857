/** Full-text search with Chinese: what is found, by whom, in which order, and that the index is really used. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/dispatch/chain/incident.ts';
import { incidentRows, listIncidents } from '../../../src/dispatch/incidents.ts';
import { IncidentQuery } from '../../../src/dispatch/schemas.ts';
import { foundIn, searchFor } from '../../../src/dispatch/search/find.ts';
import { queryOf, vectorOf } from '../../../src/dispatch/search/grams.ts';
import { SearchIndexer } from '../../../src/dispatch/search/indexer.ts';
import { namedIn } from '../../../src/dispatch/search/named.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { DISTRICT, done, openDeskWorld, peopleOf, pointIn, reportInput, type DeskWorld, type People } from '../desk-world.ts';

describe('full-text search', () => {
  let world: DeskWorld;
  let indexer: SearchIndexer;
  const faults: unknown[] = [];
  beforeAll(async () => {
    world = await openDeskWorld();
    indexer = new SearchIndexer({ pool: world.db.pool, district: DISTRICT, onError: (e) => faults.push(e) });
    await indexer.start();
  });
  afterAll(async () => {
    await indexer.stop();
    await world.close();
    expect(faults).toEqual([]);
  });

  const search = async (q: string, who: Actor = world.people.district, more: Record<string, string> = {}) =>
    listIncidents(world.db.kysely, who, IncidentQuery.parse({ q, order: 'best', ...more }), world.clock.now(), namedIn(world.reference));
  const ids = async (q: string, who?: Actor, more?: Record<string, string>) => (await search(q, who, more)).items.map((i) => i.id);
  const report = async (description: string, people: People = world.people, position: { lng: number; lat: number } = world.position) =>
    done(await world.desk.report({ ...reportInput(world), description, position }, people.gridWorker, randomUUID())).incident;
  const move = async (incident: Incident, who: Actor, command: Parameters<DeskWorld['desk']['move']>[1]) =>
    done(await world.desk.move(incident.id, command, who, randomUUID())).incident;

  it('finds a report by any two characters that stand side by side in it, by more, and by one', async () => {
    const one = await report('菜市场东门窨井冒黑水，味道很重');
    await report('菜园市口场地');
    await indexer.settled();
    for (const q of ['窨井', '黑水', '冒黑水', '窨井冒黑水', '窨', '菜市场 黑水', '重']) expect(await ids(q), q).toEqual([one.id]);
    // Side by side, not just both somewhere.
    for (const q of ['市水', '井黑', '窨井 燃气']) expect(await ids(q), q).toEqual([]);
    expect(await ids('市场'), 'the characters stand in the other order there').toEqual([one.id]);
  });

  it('finds words of an alphabet by their beginning, full-width and capitals aside', async () => {
    const one = await report('Excavator hit a ＰＶＣ pipe near gate B12');
    await indexer.settled();
    for (const q of ['excav', 'pvc', 'b12 GATE', 'Pipe']) expect(await ids(q), q).toEqual([one.id]);
    expect(await ids('cavator')).toEqual([]);
  });

  it('finds by number, whole or its beginning', async () => {
    const one = await report('编号找得到');
    await indexer.settled();
    expect(await ids(one.number)).toEqual([one.id]);
    expect(await ids(one.number.slice(0, 8))).toContain(one.id);
    expect(await ids(`编号 ${one.number.split('-')[1]!}`)).toEqual([one.id]);
  });

  it('finds by the names of category, place and unit, in both languages', async () => {
    const { community, subdistrict, district } = world.people;
    const one = await report('按名称找');
    await move(one, community, { verb: 'call' });
    await move(one, subdistrict, { verb: 'accept' });
    const sent = await move(one, subdistrict, { verb: 'dispatch', runCard: true });
    await indexer.settled();
    const { reference } = world;
    const category = reference.category(one.category)!;
    const unit = reference.units.get(sent.assignments[0]!.unit)!;
    const place = reference.communities.get(one.community)!;
    const names = [category.nameZh, category.nameEn, place.nameZh, place.nameEn, unit.nameZh, unit.nameEn].filter(
      (n): n is string => n !== null,
    );
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      expect(await ids(`按名称找 ${name.split(' ')[0]!}`, district), name).toEqual([one.id]);
    }
  });

  it('finds what was said on the way, also after it ended', async () => {
    const { community, subdistrict } = world.people;
    const one = await report('只是一件小事');
    await move(one, community, { verb: 'comment', text: '住户说钥匙在门卫老张处' });
    await move(one, community, { verb: 'reject', reason: '属于物业自管范围' });
    await indexer.settled();
    expect(await ids('钥匙')).toEqual([one.id]);
    expect(await ids('物业自管', subdistrict)).toEqual([one.id]);
    expect(await ids('钥匙', undefined, { open: 'true' })).toEqual([]);
    const { items } = await search('钥匙');
    expect((await foundIn(world.db.kysely, '钥匙', items)).get(one.id)).toMatchObject({ in: 'log', text: expect.stringContaining('钥匙') });
  });

  it('finds what was reported a moment ago, before the index has it', async () => {
    const one = await report('刚刚报的翻斗车侧翻');
    expect(await ids('翻斗')).toEqual([one.id]);
    await indexer.settled();
    expect(await ids('翻斗')).toEqual([one.id]);
  });

  it('shows nobody what lies outside the scope', async () => {
    const elsewhere = [...world.reference.cells.values()].find((c) => c.subdistrict !== world.cell.subdistrict)!;
    const there = peopleOf(elsewhere);
    const one = await report('围墙歪斜', there, pointIn(world.reference, elsewhere));
    await indexer.settled();
    expect(await ids('围墙', there.subdistrict)).toEqual([one.id]);
    expect(await ids('围墙', world.people.subdistrict)).toEqual([]);
    expect(await ids('围墙', world.people.unit('fengcheng-police'))).toEqual([]);
  });

  it('puts the report’s own words before what was said on the way, newer before older, page after page', async () => {
    const { community } = world.people;
    const said = await report('别的事情');
    await move(said, community, { verb: 'comment', text: '旁边还有广告牌松动' });
    const older = await report('广告牌松动一处');
    const newer = await report('广告牌松动一处');
    await indexer.settled();
    const wanted = [newer.id, older.id, said.id];
    expect(await ids('广告牌')).toEqual(wanted);
    const paged: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: Awaited<ReturnType<typeof search>> = await search('广告牌', undefined, { limit: '1', ...(after ? { after } : {}) });
      paged.push(...page.items.map((i) => i.id));
      after = page.next;
    }
    expect(paged).toEqual(wanted);
  });

  it('takes what is typed for words, never for a pattern or an operator', async () => {
    const one = await report("含有 'quote' 和 \\ 反斜杠 & | ! ( ) : * <-> 的一句");
    await indexer.settled();
    for (const q of ["'quote'", '反斜杠', 'quote | 没有这个', '!quote', 'quo:*', "a' | 'b", '<-> quote', '(((', '\\']) await search(q);
    expect(await ids("'quote' 反斜杠")).toEqual([one.id]);
    expect(await ids('quote 没有这个')).toEqual([]);
    expect(await ids('%')).toEqual([]);
  });

  it('goes on behind one that is longer than an index takes, and tells of it', async () => {
    const before = await report('消防通道堵住');
    const long = await report('日志太长');
    // Three bytes a letter: 9,000 different words of 60 are more than the megabyte of a tsvector, and too many to be pressed together.
    const words = Array.from({ length: 9_000 }, (_, i) => `${i}`.replace(/\d/g, (d) => 'กขฃคฅฆงจฉช'[Number(d)]!).padEnd(60, 'ฮ')).join(' ');
    await world.db.pool.query('update incident set description = $2 where id = $1', [long.id, words]);
    const after = await report('消防通道又堵住');
    await indexer.settled();
    expect(faults.splice(0)).toHaveLength(1);
    expect(await ids('消防通道')).toEqual([after.id, before.id]);
    const { rows } = await world.db.pool.query('select c.seq = f.head as whole from search_cursor c join feed f using (district)');
    expect(rows).toEqual([{ whole: true }]);
  });

  it('is written once however many nodes are at it, and goes on where the last one stopped', async () => {
    const others = [1, 2].map(() => new SearchIndexer({ pool: world.db.pool, district: DISTRICT, onError: (e) => faults.push(e) }));
    const one = await report('三台机器一起写');
    await Promise.all([indexer, ...others].map((i) => i.settled()));
    await indexer.settled();
    expect(await ids('三台')).toEqual([one.id]);
    const { rows } = await world.db.pool.query('select c.seq, f.head from search_cursor c join feed f using (district)');
    expect(rows).toEqual([{ seq: rows[0].head, head: rows[0].head }]);
    for (const other of others) await other.stop();
  });
});

describe('the index', () => {
  let world: DeskWorld;
  const ROWS = 20_000;
  /** A year of a district: every hundredth says 漏气, every second 井盖. */
  beforeAll(async () => {
    world = await openDeskWorld();
    const kysely = world.db.kysely;
    await sql`
      insert into incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description, units, doc, hash,
        found_at, reported_at, updated_at)
      select ${DISTRICT}, md5('s' || n)::uuid, 'S' || n, 1, 'reported', 4, 'C0101-01', '1', '1', '1', 'a', '', '{}', '{}', '', now(), now(), now()
      from generate_series(1, ${ROWS}) n`.execute(kysely);
    const texts = [vectorOf([{ text: '燃气漏气有异味', weight: 'B' }], []), vectorOf([{ text: '路边井盖松动', weight: 'B' }], [])];
    texts.push(vectorOf([{ text: '路灯不亮', weight: 'B' }], []));
    await sql`
      insert into search_entry (district, incident, words)
      select ${DISTRICT}, md5('s' || n)::uuid, (case when n % 100 = 0 then ${texts[0]} when n % 2 = 0 then ${texts[1]} else ${texts[2]} end)::tsvector
      from generate_series(1, ${ROWS}) n`.execute(kysely);
    await sql`insert into search_cursor (district, seq) values (${DISTRICT}, 0)`.execute(kysely);
    const owner = new pg.Client(world.database.config);
    await owner.connect();
    await owner.query('analyze search_entry, incident');
    await owner.end();
  });
  afterAll(() => world.close());

  const plan = async (q: string, order: 'best' | 'newest'): Promise<string> => {
    const search = searchFor(DISTRICT, q, () => [])!;
    const query = IncidentQuery.parse({ q, order });
    const rows = incidentRows(world.db.kysely, world.people.district, query, world.clock.now(), search, null);
    return JSON.stringify(await rows.explain('json'));
  };

  it.each(['漏气', '气', '燃气漏气', '有异味 漏气'])('is used for %s, in either order', async (q) => {
    for (const order of ['best', 'newest'] as const) {
      const used = await plan(q, order);
      expect(used, order).toContain('"search_words"');
      expect(used).not.toMatch(/"Node Type":"Seq Scan"[^}]*"Relation Name":"search_entry"/);
    }
  });

  it('gives what reading everything gives', async () => {
    const { rows } = await world.db.pool.query<{ n: number }>('select count(*)::int n from search_entry where words @@ $1::tsquery', [
      queryOf(['漏气'], () => []),
    ]);
    expect(rows[0]!.n).toBe(ROWS / 100);
  });
});
