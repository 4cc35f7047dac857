/**
 * Goal 6: a million incidents wait for their deadlines; a node starts, and some become due: 1,000 a second, 5,000 a second, and many at
 * once. Prints how long the start took, how late each took effect, and that none did early or twice.
 *
 *     node load-tests/micro/deadlines.ts [pending = 1000000]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { cpuOfUs, quantile } from '../peers/measure.ts';
import { startCluster } from '../peers/cluster.ts';
import { openCore, type RunningCore } from '../peers/transitions/core.ts';
import { postsOf } from '../peers/transitions/walk.ts';

const PENDING = Number(process.argv[2] ?? 1_000_000);
/** Coprime to the number pending: neighbours in time are far apart in the table. */
const SCATTER = 7_919;
const DAY_MS = 86_400_000;
/** Time from the start of the clock to the first due. */
const LEAD_MS = 3_000;

const PHASES = [
  { name: '1,000 a second', count: Math.min(10_000, PENDING / 10), atMs: 0, everyMs: 1 },
  { name: '5,000 a second', count: Math.min(50_000, PENDING / 10), atMs: 15_000, everyMs: 0.2 },
  { name: 'all at once', count: Math.min(50_000, PENDING / 10), atMs: 35_000, everyMs: 0 },
];
const FIRED = PHASES.reduce((sum, p) => sum + p.count, 0);

/** Which of the due ones (0 is first) each incident is, and when that is, milliseconds after the beginning. */
const TURNS = new Int32Array(PENDING);
for (let turn = 0; turn < PENDING; turn++) TURNS[(turn * SCATTER) % PENDING] = turn;

function phaseOf(turn: number): { phase: number; atMs: number } {
  let first = 0;
  for (const [phase, { count, atMs, everyMs }] of PHASES.entries()) {
    if (turn < first + count) return { phase, atMs: atMs + Math.floor((turn - first) * everyMs) };
    first += count;
  }
  return { phase: -1, atMs: DAY_MS + turn };
}

const ordinalOf = (id: string): number => Number.parseInt(id.slice(24), 16);

/**
 * Copies of one real incident whose clock runs out when its turn is; `doc` says the same as the columns. They stand before the last rung
 * of the ladder, so that each is due once within the run.
 */
async function fill(owner: pg.Client, core: RunningCore, beginMs: number): Promise<void> {
  const [post] = postsOf(core.reference);
  const answer = await core.core.desk.report(post!.report, post!.gridWorker, randomUUID());
  if (!answer.ok) throw new Error('the report was refused');
  const called = await core.core.desk.move(answer.incident.id, { verb: 'call' }, post!.community, randomUUID());
  if (!called.ok) throw new Error('the call was refused');
  const { incident } = called;
  const step = incident.clocks.step!.rungAt!;
  const total = incident.clocks.total!.rungAt!;
  const CHUNK = 50_000;
  for (let from = 0; from < PENDING; from += CHUNK) {
    const dues: string[] = [];
    for (let n = from; n < Math.min(PENDING, from + CHUNK); n++) dues.push(new Date(beginMs + phaseOf(TURNS[n]!).atMs).toISOString());
    await owner.query(
      `insert into incident select district, ('00000000-0000-7000-8000-' || lpad(to_hex($2 + o - 1), 12, '0'))::uuid, 'N' || ($2 + o), version, state,
         level, category, cell, community, subdistrict, reported_by, description, units, lead_unit, due::timestamptz, due::timestamptz,
         replace(replace(replace(doc::text, '"rungAt":"' || $4 || '"', '"rungAt":"' || $4 || '","share":200'), $4, due), $5, $6)::json, hash, found_at, reported_at, updated_at, ended_at
       from incident, unnest($3::text[]) with ordinality d(due, o) where id = $1`,
      [incident.id, from, dues, step, total, new Date(beginMs + 100 * DAY_MS).toISOString()],
    );
  }
  await owner.query('delete from incident where id = $1', [incident.id]);
  await owner.query('vacuum analyze incident');
  await owner.query('checkpoint');
}

const cluster = await startCluster();
const config = await cluster.database('micro_deadlines', 'world');
const owner = new pg.Client(config);
await owner.connect();
const beginMs = Date.now() + DAY_MS;
console.log(`filling ${PENDING.toLocaleString('en')} incidents`);
const filler = await openCore(config);
await fill(owner, filler, beginMs);
await filler.stop();
const { rows: sizes } = await owner.query("select pg_size_pretty(pg_total_relation_size('incident')) as size");
await owner.query('update time_shift set ms = $1', [beginMs - LEAD_MS - Date.now()]);

const nodeBefore = process.cpuUsage();
const pgBefore = cluster.cpuUs();
const startedMs = performance.now();
const node = await openCore(config);
const lags: number[][] = PHASES.map(() => []);
const batches: number[] = [];
node.core.onCommit((moves) => {
  const nowMs = node.clock.now().getTime();
  batches.push(moves.length);
  for (const { incident, verb } of moves) {
    if (verb !== 'supervise') continue;
    const { phase, atMs } = phaseOf(TURNS[ordinalOf(incident)]!);
    if (phase >= 0) lags[phase]!.push(nowMs - (beginMs + atMs));
  }
});
const coreMs = performance.now() - startedMs;
const { all } = await node.core.fireDeadlines();
const readyMs = performance.now() - startedMs;
await all;
const allMs = performance.now() - startedMs;
const nodeUsed = process.cpuUsage(nodeBefore);
console.log(
  `incident: ${sizes[0].size}; rss ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB, of them typed arrays ${Math.round(process.memoryUsage().arrayBuffers / 2 ** 20)} MiB`,
);
console.log(
  `start: ${readyMs.toFixed(0)} ms, of them ${(readyMs - coreMs).toFixed(0)} to read what is due soon; all is read after ${allMs.toFixed(0)}; CPU ${((nodeUsed.user + nodeUsed.system) / 1e3).toFixed(0)} + ${((cluster.cpuUs() - pgBefore) / 1e3).toFixed(0)} ms`,
);

/** People go on working meanwhile: each of these comments, waits for the answer, and comments again. */
const [post] = postsOf(node.reference);
const waits: number[][] = [...PHASES.map(() => []), []];
let over = false;
async function person(k: number): Promise<void> {
  const report = await node.core.desk.report(post!.report, post!.gridWorker, randomUUID());
  if (!report.ok) throw new Error('refused');
  while (!over) {
    const asked = performance.now();
    const said = await node.core.desk.move(report.incident.id, { verb: 'comment', text: `意见 ${k}` }, post!.community, randomUUID());
    if (!said.ok) throw new Error('refused');
    waits[phaseNow()]!.push(performance.now() - asked);
    await sleep(20);
  }
}
function phaseNow(): number {
  const sinceMs = node.clock.now().getTime() - beginMs;
  const phase = PHASES.findLastIndex(({ atMs }) => sinceMs >= atMs);
  if (phase < 0) return PHASES.length;
  const { count, atMs, everyMs } = PHASES[phase]!;
  return sinceMs < atMs + Math.max(1_000, count * everyMs) ? phase : PHASES.length;
}
const people = Array.from({ length: 8 }, (_, k) => person(k));

const rows: object[] = [];
for (const [i, { name, count, atMs, everyMs }] of PHASES.entries()) {
  await sleep(Math.max(0, beginMs + atMs - node.clock.now().getTime()));
  const cpu = { node: cpuOfUs(process.pid), pg: cluster.cpuUs() };
  const from = performance.now();
  batches.length = 0;
  while (lags[i]!.length < count && performance.now() - from < 60_000) await sleep(10);
  const seconds = (performance.now() - from) / 1_000;
  const got = lags[i]!;
  rows.push({
    due: name,
    count: got.length,
    'lag p50 ms': quantile(got, 0.5),
    'p99 ms': quantile(got, 0.99),
    'most ms': quantile(got, 1),
    'per s': Math.round(got.length / seconds),
    'CPU node µs': Math.round((cpuOfUs(process.pid) - cpu.node) / got.length),
    'PostgreSQL µs': Math.round((cluster.cpuUs() - cpu.pg) / got.length),
    'moves a write': Math.round(batches.reduce((a, b) => a + b, 0) / batches.length),
    'asked early': everyMs === 0 ? '' : got.filter((lag) => lag < 0).length,
  });
}
over = true;
await Promise.all(people);
console.table(rows);
console.table(
  [...PHASES.map((p) => p.name), 'nothing due'].map((name, i) => ({
    'people meanwhile': name,
    answers: waits[i]!.length,
    'p50 ms': +quantile(waits[i]!, 0.5).toFixed(1),
    'p99 ms': +quantile(waits[i]!, 0.99).toFixed(1),
  })),
);
const { rows: proof } = await owner.query(
  `select count(*)::int as fired, count(distinct incident)::int as incidents from move where verb = 'supervise'`,
);
const { rows: early } = await owner.query('select incident, at from move where verb = $1', ['supervise']);
const tooEarly = early.filter(({ incident, at }) => at.getTime() < beginMs + phaseOf(TURNS[ordinalOf(incident)]!).atMs).length;
console.log(`fired ${proof[0].fired} of ${FIRED}; double ${proof[0].fired - proof[0].incidents}; early ${tooEarly}`);
await node.stop();
await owner.end();
await cluster.stop();
