/**
 * CPU of our own code for one move, without a database: desk, rules, hash and entry, and then the batch's parameters. The world is read
 * once from a fresh database; writes are answered at once.
 *
 *     node [--cpu-prof] load-tests/micro/desk.ts [moves = 200000]
 */
import type { Incident } from '../../src/dispatch/chain/incident.ts';
import { Desk } from '../../src/dispatch/desk.ts';
import type { Entry } from '../../src/dispatch/entry.ts';
import type { Outcome } from '../../src/dispatch/journal.ts';
import { writeMany } from '../../src/dispatch/journal-statements.ts';
import { loadRules } from '../../src/dispatch/rules.ts';
import { IncidentNumbers } from '../../src/dispatch/numbers.ts';
import { DISTRICT, startCluster } from '../peers/cluster.ts';
import { EVERYBODY_READY, openCore } from '../peers/transitions/core.ts';
import { commandOf, newKey, postsOf, Walkers } from '../peers/transitions/walk.ts';

const MOVES = Number(process.argv[2] ?? 200_000);
const CALLERS = 256;
const cluster = await startCluster();
const world = await openCore(await cluster.database('micro_desk', 'world'));
const rules = await loadRules(world.db.kysely, world.reference.calendar);
let seq = 0;
let last: Entry[] = [];
const desk = new Desk({
  district: DISTRICT,
  pool: world.db.pool,
  journal: {
    submit(entry): Promise<Outcome> {
      if (last.length === CALLERS) last = [];
      last.push(entry);
      return Promise.resolve({ kind: 'done', seq: ++seq });
    },
  },
  numbers: new IncidentNumbers(world.db.pool, DISTRICT),
  clock: world.clock,
  reference: () => world.reference,
  rules: () => rules,
  situation: () => EVERYBODY_READY,
  claimPhotos: async () => [],
  claimVoices: async () => [],
  findActor: async () => null,
});
const walkers = new Walkers<Incident>(postsOf(world.reference));
const keys = Array.from({ length: MOVES * 2 + CALLERS }, () => newKey());
const step = (k: number): Promise<boolean> =>
  walkers.step(k, async (at, incident, post) => {
    const key = keys.pop()!;
    if (incident === null) {
      const answer = await desk.report(post.report, post.gridWorker, key);
      if (!answer.ok) throw new Error('refused');
      return answer.incident;
    }
    const [command, actor] = commandOf(at, incident, post);
    const answer = await desk.move(incident.id, command, actor, key, incident.version);
    if (!answer.ok) throw new Error('refused');
    return answer.incident;
  });

async function run(moves: number): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < moves; n += CALLERS) await Promise.all(Array.from({ length: CALLERS }, (_, k) => step(k)));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / moves;
}

function encode(times: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) writeMany(DISTRICT, last);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times / last.length;
}

await run(MOVES / 2);
encode(100);
console.table([{ 'desk µs a move': +(await run(MOVES)).toFixed(1), 'parameters µs a move': +encode(400).toFixed(1), batch: last.length }]);
await world.stop();
await cluster.stop();
