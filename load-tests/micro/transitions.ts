/**
 * Goals 1 and 2, quickly: our core against one kysely transaction a move and against the bare statement and batch of the same fields, in
 * turns, each in a process of its own on one PostgreSQL. For the figures that are published see load-tests/peers.
 *
 *     node load-tests/micro/transitions.ts [--callers=1,8,64,256,1000] [--rounds=3] [--ms=2000] [--only=core,kysely,...] [--profile=folder]
 */
import { parseArgs } from 'node:util';
import { loadavg } from 'node:os';
import { contest, type Contender } from '../peers/contest.ts';
import { startCluster } from '../peers/cluster.ts';

const { values: args } = parseArgs({
  options: {
    callers: { type: 'string', default: '1,8,64,256,1000' },
    rounds: { type: 'string', default: '3' },
    ms: { type: 'string', default: '2000' },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
});

const profiled = args.profile === undefined ? undefined : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${args.profile}` };
const ALL: readonly Contender[] = [
  { name: 'core', file: 'transitions/product.ts', content: 'world', env: profiled },
  { name: 'kysely', file: 'transitions/kysely.ts', content: 'world' },
  { name: 'bare statement', file: 'transitions/bare-statement.ts', content: 'world', callers: [1] },
  { name: 'bare batch', file: 'transitions/bare-batch.ts', content: 'world' },
];
const only = args.only?.split(',');
const cluster = await startCluster();
try {
  const { figures, missing, faults } = await contest(
    cluster,
    ALL.filter((c) => only?.includes(c.name) ?? true),
    { callers: args.callers.split(',').map(Number), rounds: Number(args.rounds), warmMs: 500, ms: Number(args.ms) },
    (line) => console.log(line),
  );
  console.table(
    figures.map((f) => {
      const naive = figures.find((n) => n.contender === 'kysely' && n.callers === f.callers);
      return {
        contender: f.contender,
        callers: f.callers,
        'per s': Math.round(f.perS),
        '× kysely': naive === undefined ? '' : +(f.perS / naive.perS).toFixed(1),
        'p50 ms': +f.p50Ms.toFixed(2),
        'p99 ms': +f.p99Ms.toFixed(2),
        'node µs': +f.nodeUs.toFixed(1),
        'PostgreSQL µs': +f.serverUs.toFixed(1),
        'CPU of kysely /': naive === undefined ? '' : +((naive.nodeUs + naive.serverUs) / (f.nodeUs + f.serverUs)).toFixed(1),
      };
    }),
  );
  if (missing.length + faults.length > 0) console.log({ missing, faults });
  console.log(
    `load of the machine: ${loadavg()
      .map((n) => n.toFixed(1))
      .join(' ')}`,
  );
} finally {
  await cluster.stop();
}
