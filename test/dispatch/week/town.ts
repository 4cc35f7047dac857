/**
 * Nodes of dispatch on a real database and a virtual clock, which can be dropped like processes that are killed: no goodbye, writes under way
 * go on in PostgreSQL or not, and nobody hears of them. What a node hears of the others' moves it hears as in the service: from the log.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Database } from '../../../src/db/connect.ts';
import type { Answer } from '../../../src/dispatch/answer.ts';
import { Deadlines } from '../../../src/dispatch/deadlines.ts';
import { Desk, type DeskDeps } from '../../../src/dispatch/desk.ts';
import { Journal } from '../../../src/dispatch/journal.ts';
import { JOURNAL_OPTIONS } from '../../../src/dispatch/journal-statements.ts';
import { IncidentNumbers } from '../../../src/dispatch/numbers.ts';
import type { State } from '../../../src/dispatch/chain/states.ts';
import { CLOCK_ERROR_MS } from '../chain/ladder-proof.ts';

export interface News {
  readonly seq: number;
  readonly incident: string;
  readonly version: number;
  readonly verb: string;
  readonly from: string;
  readonly to: State;
  readonly actor: string;
}

interface WeekNode {
  readonly desk: Desk;
  readonly deadlines: Deadlines;
  readonly journal: Journal;
  readonly life: Life;
}

/** What a process holds, and that it can end. */
class Life {
  readonly clients = new Set<pg.Client>();
  over = false;
  readonly #end = Promise.withResolvers<null>();
  /** Resolves to null when it ends. */
  readonly died = this.#end.promise;

  end(): void {
    this.over = true;
    // The sockets go without a word, as a killed process's do.
    for (const client of this.clients) (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    this.#end.resolve(null);
  }
}

/** Live incidents as the table has them. */
interface Live {
  readonly live: number;
  readonly withoutDue: number;
  readonly next: Date | null;
}
const LIVE = `
  select count(*)::int as live, count(*) filter (where next_due_at is null)::int as "withoutDue", min(next_due_at) as next
  from incident where district = $1 and ended_at is null`;
const NEWS = `
  select seq, incident, version, verb, from_state as "from", to_state as "to", actor from move where district = $1 and seq > $2 order by seq`;
/** Rounds in which everything due has to be fired: each makes at least one move at each incident. */
const MOST_ROUNDS = 400;

export class Town {
  readonly #db: Database;
  readonly #deps: DeskDeps;
  readonly #nodes: WeekNode[] = [];
  nowMs: number;
  #seen = 0;
  /** Instants at which everything due had been fired. */
  readonly looks: number[] = [];
  readonly troubles: unknown[] = [];
  readonly count = { started: 0, dropped: 0, droppedAtWork: 0, asked: 0, askedAgain: 0, checks: 0, withTwo: 0 };
  readonly onNews: (news: readonly News[]) => void;

  constructor(db: Database, deps: DeskDeps, startMs: number, onNews: (news: readonly News[]) => void) {
    this.#db = db;
    this.nowMs = startMs;
    this.onNews = onNews;
    this.#deps = { ...deps, clock: { now: () => new Date(this.nowMs) } };
  }

  get nodes(): number {
    return this.#nodes.length;
  }

  /** A new process: it knows nothing and reads the database. */
  async start(): Promise<void> {
    const life = new Life();
    const connect = async () => {
      if (life.over) throw new Error('this node is dead');
      const client = await this.#db.client('journal', JOURNAL_OPTIONS);
      life.clients.add(client);
      return client;
    };
    const { district, pool } = this.#deps;
    const journal = new Journal({ district, connect, patienceMs: 200 });
    await journal.start();
    const desk = new Desk({ ...this.#deps, journal, numbers: new IncidentNumbers(pool, district) });
    const onTrouble = (id: string | null, trouble: unknown) => void (life.over || this.troubles.push([id, trouble]));
    const deadlines = new Deadlines({ district, pool, desk, clock: this.#deps.clock, onTrouble });
    journal.onCommit((moves) => {
      if (!life.over) deadlines.noticed(moves);
    });
    await deadlines.sweep();
    this.#nodes.push({ desk, deadlines, journal, life });
    this.count.started += 1;
  }

  /** Kills one node. @param which  any number */
  drop(which: number): void {
    const [node] = this.#nodes.splice(which % this.#nodes.length, 1);
    if (node === undefined) return;
    node.life.end();
    this.count.dropped += 1;
    // Its timers and what waits in memory would be gone with it.
    void node.deadlines.stop();
    void node.journal.stop().catch(() => {});
  }

  /** Asks any node; if it dies before the answer, another, with the same key. */
  async ask(work: (desk: Desk) => Promise<Answer>, which: number): Promise<Answer> {
    this.count.asked += 1;
    for (;;) {
      const node = this.#nodes[which % Math.max(1, this.#nodes.length)];
      if (node === undefined) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      try {
        const answer = await Promise.race([work(node.desk), node.life.died]);
        if (answer !== null) return answer;
      } catch (error) {
        if (!node.life.over) throw error;
      }
      this.count.askedAgain += 1;
    }
  }

  desk(): Desk {
    return this.#nodes[0]!.desk;
  }

  /** Every node fires what is due, until nothing is; and what follows at once a moment later. */
  async look(): Promise<void> {
    for (let round = 0; this.#nodes.length > 0; round++) {
      if (round > MOST_ROUNDS) throw new Error(`at ${new Date(this.nowMs).toISOString()} something stays due that no node fires`);
      await Promise.all(this.#nodes.map((n) => Promise.race([n.deadlines.check(), n.life.died])));
      const [seen] = await Promise.all([this.#live(), this.tellNews()]);
      const nextMs = seen.next?.getTime() ?? Infinity;
      if (nextMs <= this.nowMs - CLOCK_ERROR_MS) continue;
      this.looks.push(this.nowMs);
      if (nextMs > this.nowMs + CLOCK_ERROR_MS) return this.#proveNext(seen);
      this.nowMs += CLOCK_ERROR_MS + 1;
    }
  }

  /** What the log has that nobody was told yet. */
  async tellNews(): Promise<void> {
    const { rows } = await this.#deps.pool.query<News>({ name: 'week_news', text: NEWS, values: [this.#deps.district, this.#seen] });
    if (rows.length === 0) return;
    this.#seen = rows.at(-1)!.seq;
    for (const { desk, deadlines } of this.#nodes) {
      desk.noticed(rows);
      deadlines.noticed(rows.map(({ incident, version, to }) => ({ incident, version, to })));
    }
    this.onNews(rows);
  }

  /** Every live incident has a next deadline, in the table and in each node's memory. */
  async #proveNext(seen: Live): Promise<void> {
    this.count.checks += 1;
    if (this.#nodes.length > 1) this.count.withTwo += 1;
    for (let tries = 0; ; tries++) {
      if (seen.withoutDue > 0) throw new Error(`${seen.withoutDue} live incidents have no next deadline`);
      const known = this.#nodes.map((n) => n.deadlines.pending);
      if (known.every((n) => n === seen.live)) return;
      // What a node was told it reads from the table in its own time.
      if (tries > 1_000) throw new Error(`${seen.live} incidents live; the nodes await ${known.join(' and ')}`);
      await sleep(1);
      [seen] = await Promise.all([this.#live(), this.tellNews()]);
    }
  }

  async #live(): Promise<Live> {
    const { rows } = await this.#deps.pool.query({ name: 'week_live', text: LIVE, values: [this.#deps.district] });
    return rows[0];
  }

  /** Some turns of the event loop later, in the middle of whatever is under way, one node is killed. */
  async dropAtWork(turns: number, which: number): Promise<void> {
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    if (this.#nodes.length === 0) return;
    this.drop(which);
    this.count.droppedAtWork += 1;
  }

  async close(): Promise<void> {
    const nodes = this.#nodes.splice(0);
    await Promise.all(nodes.map((n) => n.deadlines.stop()));
    await Promise.all(nodes.map((n) => n.journal.stop()));
  }
}
