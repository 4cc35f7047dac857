/** The goals of docs/performance.md, each with the figure of this run beside it. The least that is accepted, and the aim. */
import type { Figures } from './contest.ts';
import { PRODUCT, KYSELY, BARE_BATCH, BARE_HALVES, BARE_STATEMENT } from './transitions/part.ts';
import { CENTRIFUGE, FLOOR, PRODUCT_HUB, SOCKET_IO, WS_SEND, type Reading } from './push/servers.ts';
import { OUR_WHERE } from './where/part.ts';
import type { Results } from './results.ts';

export interface Goal {
  readonly number: number;
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  readonly least: number;
  readonly aim: number;
  readonly verdict: 'aim reached' | 'accepted' | 'missed';
}

type Draft = Omit<Goal, 'verdict'> & { readonly higher: boolean };

const higher = (number: number, what: string, figure: number, unit: string, least: number, aim = least): Draft => ({
  number,
  what,
  figure,
  unit,
  least,
  aim,
  higher: true,
});
const lower = (number: number, what: string, figure: number, unit: string, least: number, aim = least): Draft => ({
  number,
  what,
  figure,
  unit,
  least,
  aim,
  higher: false,
});

/** Goals whose parts were run. One that cannot be told (a peer is missing) is left out: the missing are listed with the table. */
export function goalsOf(results: Results): Goal[] {
  const drafts = [
    ...transitionGoals(results),
    ...pushOnGoals(results),
    ...sizeGoals(results),
    ...deadlineGoals(results),
    ...pushGoals(results),
    ...wholeGoals(results),
    ...whereGoals(results),
  ];
  return drafts
    .filter(({ figure }) => Number.isFinite(figure))
    .map(({ higher: up, ...goal }) => ({ ...goal, verdict: verdictOf(goal, up) }));
}

function verdictOf({ figure, least, aim }: Omit<Goal, 'verdict'>, up: boolean): Goal['verdict'] {
  const reached = (mark: number): boolean => (up ? figure >= mark : figure <= mark);
  return reached(aim) ? 'aim reached' : reached(least) ? 'accepted' : 'missed';
}

function transitionGoals({ transitions }: Results): Draft[] {
  if (transitions === undefined) return [];
  const core = (name: string, callers: number): Figures | undefined =>
    transitions.core.figures.find((f) => f.contender === name && f.callers === callers);
  const rate = (name: string, callers: number): number => core(name, callers)?.perS ?? Number.NaN;
  const cpu = (name: string, callers: number): number => {
    const f = core(name, callers);
    return f === undefined ? Number.NaN : f.nodeUs + f.serverUs;
  };
  const peers = transitions.peers.figures.filter((f) => f.callers === 64);
  const best = Math.max(...peers.filter((f) => f.contender !== PRODUCT).map((f) => f.perS));
  const own = peers.find((f) => f.contender === PRODUCT)?.perS ?? Number.NaN;
  return [
    higher(1, 'rate against the kysely transaction, 64 callers', rate(PRODUCT, 64) / rate(KYSELY, 64), '×', 15, 18),
    higher(1, 'rate against the kysely transaction, 256 callers', rate(PRODUCT, 256) / rate(KYSELY, 256), '×', 15, 25),
    lower(1, 'CPU a transition against the kysely transaction, 64 callers', cpu(PRODUCT, 64) / cpu(KYSELY, 64), '×', 1 / 12, 1 / 25),
    higher(1, 'rate against a bare batch of the same fields, 64 callers', rate(PRODUCT, 64) / rate(BARE_BATCH, 64), '×', 0.85, 0.95),
    higher(1, 'rate against a bare batch of the same fields, 256 callers', rate(PRODUCT, 256) / rate(BARE_BATCH, 256), '×', 0.85, 0.95),
    higher(1, 'rate against the same bare batch in halves, 64 callers', rate(PRODUCT, 64) / rate(BARE_HALVES, 64), '×', 0.85, 0.95),
    higher(1, 'rate against the same bare batch in halves, 256 callers', rate(PRODUCT, 256) / rate(BARE_HALVES, 256), '×', 0.85, 0.95),
    lower(
      2,
      'wait of one caller against a bare prepared statement, p50',
      (core(PRODUCT, 1)?.p50Ms ?? Number.NaN) / (core(BARE_STATEMENT, 1)?.p50Ms ?? Number.NaN),
      '×',
      1.3,
      1.1,
    ),
    higher(3, 'rate against the best peer on the same five steps, 64 callers', own / best, '×', 8, 12),
  ];
}

function pushOnGoals({ pushOn }: Results): Draft[] {
  if (pushOn === undefined) return [];
  return [
    higher(
      4,
      `rate with push on against off, ${pushOn.on.callers} callers, ${pushOn.followers} followers`,
      pushOn.on.perS / pushOn.off.perS,
      '×',
      0.85,
      0.95,
    ),
  ];
}

function sizeGoals({ size }: Results): Draft[] {
  if (size === undefined) return [];
  const of = (incidents: number, spread: 'recent' | 'all'): number =>
    size.rows.find((r) => r.incidents === incidents && r.spread === spread)?.figures.perS ?? Number.NaN;
  const small = Math.min(...size.rows.map((r) => r.incidents));
  return [...new Set(size.rows.map((r) => r.incidents))]
    .filter((n) => n !== small)
    .map((n) =>
      higher(
        5,
        `rate with ${n.toLocaleString('en')} incidents, recent ones moved, against ${small.toLocaleString('en')}`,
        of(n, 'recent') / of(small, 'recent'),
        '×',
        0.8,
        0.95,
      ),
    );
}

function deadlineGoals({ deadlines }: Results): Draft[] {
  if (deadlines === undefined) return [];
  const drafts: Draft[] = [];
  for (const row of deadlines.product) {
    const which = `${row.rate.toLocaleString('en')} due a second, ${deadlines.pending.toLocaleString('en')} pending`;
    drafts.push(lower(6, `lag p99, ${which}`, row.p99Ms, 'ms', 100, 20));
    drafts.push(lower(6, `lag p50, ${which}`, row.p50Ms, 'ms', 100, 5));
    drafts.push(lower(6, `fired twice, early or not at all, ${which}`, row.twice + row.early + row.missed, '', 0));
    drafts.push(lower(6, `ready after a restart, ${which}`, row.readyMs / 1_000, 's', 2));
  }
  return drafts;
}

function pushGoals({ push }: Results): Draft[] {
  if (push === undefined) return [];
  const of = (server: string, name: string): Reading | undefined => push.rows.find((r) => r.server === server && r.case === name)?.reading;
  const figure = (server: string, name: string, what: string): number => of(server, name)?.[what] ?? Number.NaN;
  const drafts: Draft[] = [];
  const often = '400 a second to 1,000';
  drafts.push(
    higher(
      7,
      'CPU an update against ws.send, 400 a second to 1,000 sockets',
      figure(WS_SEND, often, 'cpuUsPerDelivery') / figure(PRODUCT_HUB, often, 'cpuUsPerDelivery'),
      '×',
      15,
    ),
    lower(7, 'delay p99 at 400 a second to 1,000 sockets', figure(PRODUCT_HUB, often, 'p99Ms'), 'ms', 100),
  );
  for (const name of new Set(push.rows.map((r) => r.case).filter((c) => c.startsWith('broadcast')))) {
    const cpu = (server: string): number => figure(server, name, 'cpuUsPerDelivery');
    drafts.push(
      higher(8, `${name}: deliveries a core against socket.io`, cpu(SOCKET_IO) / cpu(PRODUCT_HUB), '×', 2.4),
      higher(8, `${name}: deliveries a core against centrifuge`, cpu(CENTRIFUGE) / cpu(PRODUCT_HUB), '×', 2),
      lower(8, `${name}: CPU a delivery against the C floor`, cpu(PRODUCT_HUB) / cpu(FLOOR), '×', 1.5),
    );
  }
  const idle = (server: string): number => figure(server, 'idle', 'bytesPerSocket');
  drafts.push(
    lower(9, 'an idle authenticated socket', idle(PRODUCT_HUB) / 1_024, 'KiB', 10),
    lower(9, 'an idle socket against socket.io', idle(PRODUCT_HUB) / idle(SOCKET_IO), '×', 0.5),
    lower(9, 'an idle socket against centrifuge', idle(PRODUCT_HUB) / idle(CENTRIFUGE), '×', 0.5),
    higher(
      10,
      'reconnect storm against a query each',
      figure(WS_SEND, 'storm', 'seconds') / figure(PRODUCT_HUB, 'storm', 'seconds'),
      '×',
      7,
    ),
    lower(
      10,
      'events lost or doubled in the storm',
      figure(PRODUCT_HUB, 'storm', 'missing') + figure(PRODUCT_HUB, 'storm', 'doubled'),
      '',
      0,
    ),
    lower(11, 'a client that stops reading costs', stuckBytes(push.rows, PRODUCT_HUB) / 1e6, 'MB', 1),
    lower(
      11,
      'delay p99 of the healthy ones beside them',
      figure(PRODUCT_HUB, '20 of 100 stop reading', 'p99Ms') / figure(PRODUCT_HUB, '0 of 100 stop reading', 'p99Ms'),
      '×',
      1.5,
    ),
  );
  return drafts;
}

/** How much more memory the server holds for each of the twenty that stopped. */
export function stuckBytes(rows: NonNullable<Results['push']>['rows'], server: string): number {
  const resident = (name: string): number => rows.find((r) => r.server === server && r.case === name)?.reading.residentBytes ?? Number.NaN;
  return Math.max(0, resident('20 of 100 stop reading') - resident('0 of 100 stop reading')) / 20;
}

function wholeGoals({ whole }: Results): Draft[] {
  if (whole === undefined) return [];
  const product = whole.rows.find((r) => r.server === 'Fengming');
  const bare = whole.rows.find((r) => r.server !== 'Fengming');
  if (product === undefined) return [];
  const what = `POST → durable → pushed, ${whole.rate.toLocaleString('en')} a second to ${whole.receivers}`;
  return [
    lower(12, `${what}, p50`, product.reading.p50Ms!, 'ms', 2),
    lower(12, `${what}, p99`, product.reading.p99Ms!, 'ms', 10),
    lower(12, `${what}, p50 against the bare server`, product.reading.p50Ms! / (bare?.reading.p50Ms ?? Number.NaN), '×', 1.5),
    lower(13, `${what}: pushes missed or doubled`, product.reading.missed! + product.reading.doubled!, '', 0),
  ];
}

function whereGoals({ where }: Results): Draft[] {
  const ours = where?.rows.filter((row) => row.contender === OUR_WHERE) ?? [];
  return ours.flatMap(({ what, of, ns, unlike }) => {
    const wrong = (goal: number): Draft => lower(goal, `${of}: answers unlike looking at all`, unlike ?? Number.NaN, '', 0);
    return what === 'locate'
      ? [lower(14, `point → cell among ${of}`, ns, 'ns', 200, 110), wrong(14)]
      : [lower(15, `nearest 10 of ${of}`, ns / 1_000, 'µs', 6, 3), wrong(15)];
  });
}
