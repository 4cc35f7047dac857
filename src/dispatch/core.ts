/** The running core of one node: journal, desk and deadlines, wired and started together. */
import type { Logger } from 'pino';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Database } from '../db/connect.ts';
import type { Reference } from '../grid/reference.ts';
import type { CommittedMove } from './chain/committed.ts';
import { missingYears } from './chain/missing-years.ts';
import type { Rules } from './chain/levels.ts';
import { Deadlines, type DeadlinesDeps, type ToldMove } from './deadlines.ts';
import { Desk, type DeskDeps } from './desk.ts';
import { ensureFeed } from './feed-row.ts';
import { Journal } from './journal.ts';
import { JOURNAL_OPTIONS } from './journal-statements.ts';
import { LiveNodes } from './live-nodes.ts';
import { IncidentNumbers } from './numbers.ts';
import { RecountWalks } from './recount-walks.ts';
import { loadRules } from './rules.ts';
import { SearchIndexer } from './search/indexer.ts';

/** Deadlines near a holiday would be wrong, so somebody has to hear of it. */
const MISSING_YEAR = 'the working calendar lacks this year: Monday to Friday are taken as working days';

export interface CoreDeps {
  readonly db: Database;
  readonly district: number;
  readonly clock: { now(): Date };
  readonly reference: () => Reference;
  readonly situation: DeskDeps['situation'];
  readonly dueSoon?: DeadlinesDeps['dueSoon'];
  /** Version of the settings that this node goes by. */
  readonly settingsVersion: () => number;
  readonly claimPhotos: DeskDeps['claimPhotos'];
  readonly claimVoices: DeskDeps['claimVoices'];
  readonly findActor: DeskDeps['findActor'];
  readonly registry: Registry;
  readonly log: Logger;
}

export interface Core {
  readonly desk: Desk;
  readonly rules: () => Rules;
  /** Reads limits and level rules again, with the calendar of the reference that holds now. Until it is done, and if it fails, the old ones stay. */
  reloadRules(): Promise<void>;
  /** Years that the working calendar should have by now. */
  missingYears(): readonly number[];
  /** Deadlines that follow an edit of the calendar. */
  readonly recounts: Pick<RecountWalks, 'look' | 'progress'>;
  /** This node's moves, in order of seq, once they are on disk. */
  onCommit(listener: (moves: readonly CommittedMove[]) => void): void;
  /** Moves that any node wrote, as they are heard of: what was remembered from before is forgotten, and their deadlines are kept. */
  noticed(moves: readonly ToldMove[]): void;
  /** Begins to fire deadlines: after everybody who wants to hear of moves listens, and after `noticed` hears of those of other nodes. */
  fireDeadlines(): ReturnType<Deadlines['start']>;
  stop(): Promise<void>;
}

/** @throws when the database cannot be reached or lacks a figure that the rules need. */
export async function startCore(deps: CoreDeps): Promise<Core> {
  const { db, district, clock, reference, situation, claimPhotos, claimVoices, findActor, registry, log } = deps;
  await ensureFeed(db.pool, district);
  const readRules = async () => {
    const read = await loadRules(db.kysely, reference().calendar, district);
    for (const year of missingYears(read.calendar, clock.now())) log.warn({ year }, MISSING_YEAR);
    return read;
  };
  let rules = await readRules();
  const journal = new Journal({
    district,
    connect: () => db.client('journal', JOURNAL_OPTIONS),
    observe: journalMetrics(registry, () => journal.waiting),
    onListenerError: (err) => log.error({ err }, 'a listener of the journal failed'),
  });
  await journal.start();
  const numbers = new IncidentNumbers(db.pool, district);
  const desk = new Desk({
    district,
    pool: db.pool,
    journal,
    numbers,
    clock,
    reference,
    rules: () => rules,
    situation,
    claimPhotos,
    claimVoices,
    findActor,
  });
  const nodes = new LiveNodes({
    district,
    connect: () => db.client('deadlines'),
    onFault: (err) => log.warn({ err }, 'which nodes live is not known; the last sight holds'),
  });
  const deadlines = new Deadlines({
    district,
    pool: db.pool,
    desk,
    clock,
    dueSoon: deps.dueSoon,
    nodes,
    onFired: deadlineMetrics(registry, () => ({ pending: deadlines.pending, nodes: nodes.count })),
    onTrouble: (incident, trouble) => log.warn({ incident, trouble }, 'a deadline could not be fired; it is tried again'),
  });
  journal.onCommit((moves) => deadlines.noticed(moves));
  const recounts = new RecountWalks({
    district,
    db,
    clock,
    rules: () => rules,
    version: deps.settingsVersion,
    recount: (id) => desk.recount(id),
    onTrouble: (incident, trouble) => log.warn({ incident, trouble }, 'a deadline could not follow the calendar; it is tried again'),
  });
  const search = new SearchIndexer({
    pool: db.pool,
    district,
    onError: (err) => log.warn({ err }, 'what was said last is not in the search index yet; tried again'),
  });
  await search.start();
  const missing = () => missingYears(rules.calendar, clock.now());
  calendarMetrics(registry, () => missing().length);
  return {
    desk,
    rules: () => rules,
    missingYears: missing,
    recounts,
    async reloadRules() {
      rules = await readRules();
    },
    onCommit: (listener) => void journal.onCommit(listener),
    noticed(moves) {
      desk.noticed(moves);
      deadlines.noticed(moves);
      search.noticed();
    },
    async fireDeadlines() {
      await nodes.start();
      const started = await deadlines.start();
      recounts.start();
      return started;
    },
    async stop() {
      await recounts.stop();
      await search.stop();
      await deadlines.stop();
      await nodes.stop();
      await journal.stop();
    },
  };
}

function calendarMetrics(registry: Registry, missing: () => number): void {
  new Gauge({
    name: 'fengming_calendar_missing_years',
    help: 'Years that the working calendar should have by now and lacks',
    registers: [registry],
    collect() {
      this.set(missing());
    },
  });
}

function journalMetrics(registry: Registry, waiting: () => number) {
  const registers = [registry];
  const moves = new Counter({ name: 'fengming_journal_commands_total', help: 'Commands sent to the database', registers });
  const size = new Histogram({
    name: 'fengming_journal_batch_commands',
    help: 'Commands in one write',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers,
  });
  const seconds = new Histogram({
    name: 'fengming_journal_write_seconds',
    help: 'How long one write took, commit included',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1],
    registers,
  });
  new Gauge({
    name: 'fengming_journal_waiting',
    help: 'Commands that wait or are being written',
    registers,
    collect() {
      this.set(waiting());
    },
  });
  return ({ commands, durationMs }: { commands: number; durationMs: number }) => {
    moves.inc(commands);
    size.observe(commands);
    seconds.observe(durationMs / 1_000);
  };
}

function deadlineMetrics(registry: Registry, now: () => { pending: number; nodes: number }) {
  const registers = [registry];
  const lag = new Histogram({
    name: 'fengming_deadline_lag_seconds',
    help: 'How long after its time a deadline took effect, on disk',
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 2, 5, 10, 60],
    registers,
  });
  new Gauge({
    name: 'fengming_deadlines_pending',
    help: 'Incidents with a deadline to come',
    registers,
    collect() {
      this.set(now().pending);
    },
  });
  new Gauge({
    name: 'fengming_nodes',
    help: 'Nodes that live, as this one sees it',
    registers,
    collect() {
      this.set(now().nodes);
    },
  });
  return (lagMs: number) => lag.observe(Math.max(0, lagMs) / 1_000);
}
