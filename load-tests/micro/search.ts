/**
 * The search: what keeping the index costs behind the log, for each move that was made, and how long a question takes among many incidents.
 *
 *     node load-tests/micro/search.ts [incidents = 200000] [moves = 20000]
 */
import pg from 'pg';
import { listIncidents } from '../../src/dispatch/incidents.ts';
import { IncidentQuery } from '../../src/dispatch/schemas.ts';
import { vectorOf } from '../../src/dispatch/search/grams.ts';
import { SearchIndexer } from '../../src/dispatch/search/indexer.ts';
import { namedIn } from '../../src/dispatch/search/named.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { DISTRICT, startCluster } from '../peers/cluster.ts';
import { openCore, walkDesk } from '../peers/transitions/core.ts';

const INCIDENTS = Number(process.argv[2] ?? 200_000);
const MOVES = Number(process.argv[3] ?? 20_000);
const CALLERS = 64;
const cluster = await startCluster();
const config = await cluster.database('micro_search', 'world');
const world = await openCore(config);
const owner = new pg.Client(config);
await owner.connect();

// ---- behind the log ----
const walk = walkDesk(world);
for (let n = 0; n < MOVES; n += CALLERS) await Promise.all(Array.from({ length: CALLERS }, (_, k) => walk(k)));
const indexer = new SearchIndexer({ pool: world.db.pool, district: DISTRICT, onError: (error) => console.error(error) });
const before = { node: process.cpuUsage(), database: cluster.cpuUs(), at: performance.now() };
await indexer.settled();
const { user, system } = process.cpuUsage(before.node);
console.table([
  {
    moves: MOVES,
    'moves a second': Math.round((MOVES / (performance.now() - before.at)) * 1_000),
    'node µs a move': +((user + system) / MOVES).toFixed(1),
    'PostgreSQL µs a move': +((cluster.cpuUs() - before.database) / MOVES).toFixed(1),
  },
]);

// ---- questions ----
const PLACES = ['菜市场', '幼儿园', '桥头', '河堤', '公交站', '小区东门', '学校后门', '医院门口', '广场', '工地'];
const THINGS = ['井盖松动', '路灯不亮', '垃圾堆积', '燃气漏气', '水管爆裂', '树枝倒伏', '占道经营', '墙面脱落', '噪音扰民', '污水外溢'];
const SIGNS = [
  '味道很重',
  '影响通行',
  '居民多次反映',
  '有小孩经过',
  '夜里看不见',
  '雨天更严重',
  '已经拍照',
  '请尽快处理',
  '差点出事',
  '暂未围挡',
];
const CHUNK = 20_000;
for (let from = 0; from < INCIDENTS; from += CHUNK) {
  const numbers = Array.from({ length: Math.min(CHUNK, INCIDENTS - from) }, (_, i) => from + i);
  // One in ten thousand says something that no other says.
  const words = (n: number) =>
    `${PLACES[n % 10]}${THINGS[Math.floor(n / 10) % 10]}，${SIGNS[Math.floor(n / 100) % 10]}${n % 10_000 === 0 ? '，窨井冒黑水' : ''}`;
  await owner.query(
    `with t as (select * from unnest($2::int[], $3::text[], $4::text[]) t (n, words, vector)),
      e as (insert into search_entry (district, incident, words) select $1, md5('s' || n)::uuid, vector::tsvector from t)
     insert into incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description, units, doc, hash,
       found_at, reported_at, updated_at, ended_at)
     select $1, md5('s' || n)::uuid, 'S' || n, 1, 'closed', 4, 'C0101-01', '441802006001001', '441802006001', '441802006', 'a', words, '{}', '{}', '',
       now() - n * interval '1 minute', now() - n * interval '1 minute', now(), now() from t`,
    [DISTRICT, numbers, numbers.map(words), numbers.map((n) => vectorOf([{ text: words(n), weight: 'B' }], []))],
  );
}
await owner.query('vacuum analyze search_entry, incident');
const who: Actor = { account: 'district.441802', role: 'district', district: DISTRICT };
const names = namedIn(world.reference);
const figures: object[] = [];
for (const q of ['窨井', '窨', '漏气', '桥头 漏气', '菜市场井盖松动', '井盖', '请尽快处理']) {
  for (const order of ['best', 'newest'] as const) {
    const ms: number[] = [];
    let found = 0;
    for (let i = 0; i < 7; i++) {
      const at = performance.now();
      found = (await listIncidents(world.db.kysely, who, IncidentQuery.parse({ q, order, limit: '40' }), world.clock.now(), names)).items
        .length;
      ms.push(performance.now() - at);
    }
    const all = await owner.query<{ n: number }>('select count(*)::int n from incident where description like $1', [`%${q}%`]);
    figures.push({
      q,
      order,
      'ms (median of 7)': +ms.sort((a, b) => a - b)[3]!.toFixed(1),
      'on the page': found,
      'with these words': all.rows[0]!.n,
    });
  }
}
console.table(figures);
await owner.end();
await indexer.stop();
await world.stop();
await cluster.stop();
