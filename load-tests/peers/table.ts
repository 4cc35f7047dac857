/** The results as Markdown, for people. */
import type { Figures, Missing } from './contest.ts';
import { stuckBytes, type Goal } from './goals.ts';
import type { Machine } from './machine.ts';
import { PRODUCT_HUB } from './push/servers.ts';
import type { Results } from './results.ts';
import { PRODUCT } from './transitions/part.ts';

/** What a peer does beyond the five steps, or less: a figure without it would flatter somebody. */
const NOTES: Readonly<Record<string, string>> = {
  [PRODUCT]: 'rules decided, hash chain, gapless seq, keys; no retries of jobs',
  'kysely transaction, same work': 'the same rules, hash chain, seq and keys; reads the row each time',
  'bare batch of the same fields': 'no rules, no chain, no seq, no keys; all that waits in one write',
  'bare batch, in halves as the journal': 'no rules, no chain, no seq, no keys; scheduled as the journal: the hardest floor',
  'bare prepared statement, same fields': 'as above, one by one',
  'pg-boss, workers': 'also retries, dead letters; its completion is not waited for',
  'pg-boss, direct': 'the caller fetches and completes its own job',
  'graphile-worker': 'also retries; the removal of the job is not waited for',
  DBOS: 'also recovers and retries; five steps in one go, none waits for a person',
  Restate: 'also replays and retries; a store of its own, its CPU in place of PostgreSQL’s',
};

const n0 = (n: number | undefined): string => (n === undefined || !Number.isFinite(n) ? '–' : Math.round(n).toLocaleString('en'));
const n1 = (n: number | undefined): string => (n === undefined || !Number.isFinite(n) ? '–' : n.toFixed(1));
const n2 = (n: number | undefined): string => (n === undefined || !Number.isFinite(n) ? '–' : n.toFixed(2));
/** Three digits that mean something. */
const short = (n: number): string =>
  !Number.isFinite(n) ? '–' : n >= 100 ? n0(n) : n >= 10 ? n1(n) : n >= 1 || n === 0 ? n2(n) : n.toPrecision(2);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

export function markdown(machine: Machine, results: Results, goals: readonly Goal[], quick: boolean): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version ?? '(not here)'}`);
  return [
    `# Beside its peers, ${machine.date.slice(0, 10)}`,
    '',
    `Written by \`npm run peers\`. ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; load before the run ${machine.loadBefore.toFixed(2)}.`,
    `fsync on, one fresh PostgreSQL with the product's own flags. ${versions.join(' · ')}.`,
    'Rounds take turns (A B C, A B C); figures are medians. Wall-clock rates swing with the machine: read CPU and ratios.',
    ...(quick ? ['', '**Short rounds (`--quick`): shows that it works; the figures are not to be compared.**'] : []),
    '',
    '## Goals',
    '',
    goals.length === 0
      ? 'None of the goals can be told from the parts that were run.'
      : table(
          ['goal', 'figure', 'least', 'aim', 'verdict'],
          goals.map((g) => [
            `${g.number}. ${g.what}`,
            `${short(g.figure)} ${g.unit}`.trim(),
            short(g.least),
            short(g.aim),
            g.verdict === 'missed' ? '**missed**' : g.verdict,
          ]),
        ),
    ...transitionsSection(results),
    ...pushOnSection(results),
    ...sizeSection(results),
    ...deadlinesSection(results),
    ...pushSection(results),
    ...wholeSection(results),
    ...whereSection(results),
    '',
  ].join('\n');
}

const FIGURES_HEAD = [
  'contender',
  'callers',
  'a second',
  'slowest … fastest round',
  'p50 ms',
  'p99 ms',
  'CPU µs: node + server',
  'against Fengming',
  'does more or less',
];

function figureRows(figures: readonly Figures[]): string[][] {
  return figures.map((f) => {
    const own = figures.find((o) => o.contender === PRODUCT && o.callers === f.callers);
    const ratio = own === undefined || own === f ? '–' : `${short(own.perS / f.perS)} × slower`;
    const faster = own !== undefined && own !== f && f.perS > own.perS ? `${short(f.perS / own.perS)} × faster` : ratio;
    return [
      f.contender,
      n0(f.callers),
      n0(f.perS),
      `${n0(f.lowPerS)} … ${n0(f.highPerS)}`,
      n2(f.p50Ms),
      n2(f.p99Ms),
      `${n0(f.nodeUs)} + ${n0(f.serverUs)}`,
      faster,
      f.failed > 0 ? `**${f.failed} failed**` : (NOTES[f.contender] ?? ''),
    ];
  });
}

function missingLines(missing: readonly Missing[]): string[] {
  return missing.length === 0 ? [] : ['', ...missing.map(({ contender, why }) => `Missing here: ${contender} (${why}).`)];
}

function transitionsSection({ transitions }: Results): string[] {
  if (transitions === undefined) return [];
  const { core, peers } = transitions;
  const faults = [...core.faults, ...peers.faults];
  return [
    '',
    '## Durable transitions',
    '',
    'Callers each wait for their answer: report → call → accept → dispatch → acknowledge, every step on disk. CPU of a unit of work: the',
    "contender's process, and PostgreSQL (all its processes).",
    '',
    table(FIGURES_HEAD, figureRows(core.figures)),
    '',
    'The same five steps on frameworks for durable work:',
    '',
    table(FIGURES_HEAD, figureRows(peers.figures)),
    ...missingLines([...core.missing, ...peers.missing]),
    '',
    faults.length === 0
      ? 'The logs that our core and the kysely transaction left behind were proved afterwards: no hole, no broken hash, each incident the fold of its moves.'
      : `**The proof of the logs found faults:** ${faults.map((f) => `${f.contender}: ${f.found.length}`).join(', ')}.`,
  ];
}

function pushOnSection({ pushOn }: Results): string[] {
  if (pushOn === undefined) return [];
  const row = (name: string, f: Figures): string[] => [name, n0(f.perS), n2(f.p50Ms), n2(f.p99Ms), `${n0(f.nodeUs)} + ${n0(f.serverUs)}`];
  return [
    '',
    '## With push on',
    '',
    `${pushOn.on.callers} callers; on: feed, hub, NOTIFY and ${pushOn.followers} followers of the whole district in a process of their own.`,
    '',
    table(['', 'a second', 'p50 ms', 'p99 ms', 'CPU µs: node + PostgreSQL'], [row('push off', pushOn.off), row('push on', pushOn.on)]),
  ];
}

function sizeSection({ size }: Results): string[] {
  if (size === undefined) return [];
  return [
    '',
    '## As the table grows',
    '',
    '64 callers comment on incidents that are there (version-checked update and a row of the log). Recent: the newest 10,000, which a node',
    `remembers. All: any of them, so that each is read first and its page is seldom in memory. Load when the rounds began: ${size.loadBefore.toFixed(2)}.`,
    '',
    table(
      ['incidents', 'moved', 'a second', 'p50 ms', 'p99 ms', 'CPU µs: node + PostgreSQL'],
      size.rows.map(({ incidents, spread, figures: f }) => [
        n0(incidents),
        spread,
        n0(f.perS),
        n2(f.p50Ms),
        n2(f.p99Ms),
        `${n0(f.nodeUs)} + ${n0(f.serverUs)}`,
      ]),
    ),
  ];
}

function deadlinesSection({ deadlines }: Results): string[] {
  if (deadlines === undefined) return [];
  const rows = deadlines.product.map((r) => [
    'Fengming deadlines',
    n0(r.rate),
    n0(r.fired),
    n1(r.p50Ms),
    n1(r.p99Ms),
    `${r.twice} / ${r.early} / ${r.missed}`,
    n2(r.readyMs / 1_000),
    n2(r.allMs / 1_000),
    n0(r.cpuUs),
    'lag to the commit; a move with rules, hash and seq',
  ]);
  const peers = deadlines.peers.map((r) => [
    r.peer,
    n0(r.rate),
    n0(r.fired),
    n1(r.p50Ms),
    n1(r.p99Ms),
    `${r.twice} / ${r.early} / ${r.missed}`,
    n2(r.readyMs / 1_000),
    n2(r.allMs / 1_000),
    n0(r.cpuUs),
    'lag to the start of the handler; also retries',
  ]);
  return [
    '',
    '## Deadlines',
    '',
    `${n0(deadlines.pending)} pending, of which some become due at a steady rate for ${deadlines.seconds} s.`,
    '',
    table(
      [
        '',
        'due a second',
        'fired',
        'lag p50 ms',
        'lag p99 ms',
        'twice / early / missed',
        'ready after s',
        'all read after s',
        'CPU µs each',
        'measured',
      ],
      [...rows, ...peers],
    ),
    ...missingLines(deadlines.missing),
  ];
}

function pushSection({ push }: Results): string[] {
  if (push === undefined) return [];
  const { rows } = push;
  const of = (name: string) => rows.filter((r) => r.case === name);
  const own = (name: string): number => of(name).find((r) => r.server === PRODUCT_HUB)?.reading.cpuUsPerDelivery ?? Number.NaN;
  const spread = [...new Set(rows.map((r) => r.case).filter((c) => c.startsWith('broadcast') || c.startsWith('400')))];
  const stuck = of('20 of 100 stop reading');
  return [
    '',
    '## Push',
    '',
    'One core for the server, the clients in another process on the other core. 300 bytes; each socket of the hub is a session and an account',
    'of its own, each peer has one room. Delays of the hub count its pace (a pause after a large push); idle, nothing waits.',
    '',
    table(
      [
        '',
        'server',
        'CPU µs a delivery',
        'against Fengming',
        'deliveries a second of CPU',
        'delay p50 / p99 ms',
        'last client p50 / p99 ms',
      ],
      spread.flatMap((name) =>
        of(name).map(({ server, reading: r }) => [
          name,
          server,
          n2(r.cpuUsPerDelivery),
          server === PRODUCT_HUB ? '–' : `${short(r.cpuUsPerDelivery! / own(name))} ×`,
          n0(1e6 / r.cpuUsPerDelivery!),
          `${n1(r.p50Ms)} / ${n1(r.p99Ms)}`,
          name.startsWith('broadcast') ? `${n1(r.lastP50Ms)} / ${n1(r.lastP99Ms)}` : '–',
        ]),
      ),
    ),
    '',
    table(
      ['idle sockets', 'KiB each'],
      of('idle').map(({ server, reading }) => [server, n1(reading.bytesPerSocket! / 1_024)]),
    ),
    '',
    table(
      ['reconnect storm', 'sockets', 's until all have all', 'CPU s', 'missing', 'doubled'],
      of('storm').map(({ server, reading: r }) => [
        server === PRODUCT_HUB ? `${server}, from memory` : `${server}, a query each`,
        n0(r.served),
        n2(r.seconds),
        n2(r.cpuS),
        n0(r.missing),
        n0(r.doubled),
      ]),
    ),
    '',
    table(
      ['20 of 100 stop reading', 'MB for each that stopped', 'p99 ms of the others', 'p99 ms without them'],
      stuck.map(({ server, reading }) => [
        server,
        n2(stuckBytes(rows, server) / 1e6),
        n1(reading.p99Ms),
        n1(of('0 of 100 stop reading').find((r) => r.server === server)?.reading.p99Ms),
      ]),
    ),
    ...missingLines(push.missing),
  ];
}

function wholeSection({ whole }: Results): string[] {
  if (whole === undefined) return [];
  return [
    '',
    '## POST → durable → pushed',
    '',
    `${n0(whole.rate)} reports a second over HTTP, ${whole.receivers} receivers of each; from when a report was due to be sent to its push at a receiver.`,
    '',
    table(
      ['', 'p50 ms', 'p99 ms', 'answers p50 / p99 ms', 'reports', 'missed / doubled', 'CPU µs a report: node + PostgreSQL'],
      whole.rows.map(({ server, reading: r, nodeUs, pgUs }) => [
        server,
        n2(r.p50Ms),
        n2(r.p99Ms),
        `${n2(r.answerP50Ms)} / ${n2(r.answerP99Ms)}`,
        n0(r.reports),
        `${n0(r.missed)} / ${n0(r.doubled)}`,
        `${n0(nodeUs)} + ${n0(pgUs)}`,
      ]),
    ),
    ...missingLines(whole.missing),
  ];
}

function whereSection({ where }: Results): string[] {
  if (where === undefined) return [];
  return [
    '',
    '## Where',
    '',
    'CPU of a call, each contender in a process of its own. flatbush: boxes by flatbush, then the outline in plain floating point; for the nearest, geoflatbush.',
    'Half of the units and of the points they are looked for from lie in a town of a hundredth of the area. Unlike: of 4,000 answers, those that looking at all does not give.',
    '',
    table(
      ['', 'among', 'contender', 'ns', 'fastest … slowest round', 'unlike'],
      where.rows.map((r) => [
        r.what === 'locate' ? 'point → cell' : 'nearest 10',
        r.of,
        r.contender,
        n0(r.ns),
        `${n0(r.lowNs)} … ${n0(r.highNs)}`,
        n0(r.unlike),
      ]),
    ),
    ...missingLines(where.missing),
  ];
}
