/**
 * Keeps the search index behind the log, as the notices are kept: from a cursor that moves in the same transaction as the entries are written. Any node may
 * write, one at a time; one that dies in the middle leaves both as they were. The journal knows nothing of it: a move waits for no index, and most moves,
 * which say nothing, cost here no more than being looked at.
 */
import pg from 'pg';
import { entryVector, SAID, type Searched } from './entry.ts';

export interface SearchIndexerDeps {
  readonly pool: pg.Pool;
  readonly district: number;
  readonly onError: (error: unknown) => void;
}

/** Moves gather so long before they are looked at, ms: what was reported meanwhile is found without the index. */
const GATHER_MS = 1_000;
/** After a failure, and where another node is writing. */
const RETRY_MS = 2_000;
/** Moves of the log in one transaction. */
const PAGE = 2_000;

const CURSOR = 'select seq from search_cursor where district = $1 for update skip locked';
/** The move says something. The payload's text is asked, which is cheaper than reading it as JSON; one that only looks so is read for nothing. */
const SAYS = `m.payload::text ~ '"(${SAID.join('|')})":'`;
/** What changes what is found: the report, a unit that is sent, something that is said. */
const MOVES = {
  name: 'search_moves',
  text: `select seq, incident, version = 1 or verb in ('dispatch', 'addUnit') or ${SAYS} as matters from move m
    where district = $1 and seq > $2 order by seq limit $3`,
};
const INCIDENTS = {
  name: 'search_incidents',
  text: `select i.id, i.number, i.category, i.cell, i.community, i.subdistrict, i.description, i.units,
      coalesce((select json_agg(m.payload order by m.version) from move m
        where m.district = i.district and m.incident = i.id and ${SAYS}), '[]') as payloads
    from incident i where i.district = $1 and i.id = any($2::uuid[])`,
};
const WRITE = {
  name: 'search_write',
  text: `insert into search_entry (district, incident, words) select $1, e.incident, e.words::tsvector from unnest($2::uuid[], $3::text[]) e (incident, words)
    on conflict (district, incident) do update set words = excluded.words`,
};

interface MoveRow {
  readonly seq: number;
  readonly incident: string;
  readonly matters: boolean;
}

export class SearchIndexer {
  readonly #deps: SearchIndexerDeps;
  #timer: NodeJS.Timeout | null = null;
  #run: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(deps: SearchIndexerDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { pool, district } = this.#deps;
    await pool.query('insert into search_cursor (district, seq) values ($1, 0) on conflict (district) do nothing', [district]);
    this.#later(0);
  }

  /** Moves of any node were written. */
  noticed(): void {
    this.#later(GATHER_MS);
  }

  /** Resolves when all that is in the log now has been looked at; where another node is at it, at once. */
  async settled(): Promise<void> {
    this.#wake();
    while (this.#run !== null) await this.#run;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#run;
  }

  #later(ms: number): void {
    if (this.#stopped || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#wake();
    }, ms);
  }

  #wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#run ??= this.#work().finally(() => (this.#run = null));
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        let looked: number | null;
        do looked = await this.#page();
        while (looked === PAGE && !this.#stopped);
        // Another node is at it: whether it comes so far is seen later.
        if (looked === null) this.#later(RETRY_MS);
      } catch (error) {
        this.#deps.onError(error);
        this.#later(RETRY_MS);
      }
    }
  }

  /** One transaction. @returns how many moves were looked at; null: another node is writing. */
  async #page(): Promise<number | null> {
    const { pool, district } = this.#deps;
    const client = await pool.connect();
    try {
      await client.query('begin');
      // What a crash takes is read from the log again.
      await client.query("select set_config('synchronous_commit', 'off', true)");
      const cursor = (await client.query<{ seq: number }>(CURSOR, [district])).rows[0];
      if (cursor === undefined) {
        await client.query('rollback');
        client.release();
        return null;
      }
      const { rows: moves } = await client.query<MoveRow>({ ...MOVES, values: [district, cursor.seq, PAGE] });
      const touched = [...new Set(moves.filter((m) => m.matters).map((m) => m.incident))];
      if (touched.length > 0) await this.#writeAll(client, touched);
      const last = moves.at(-1);
      if (last !== undefined) await client.query('update search_cursor set seq = $2 where district = $1', [district, last.seq]);
      await client.query('commit');
      client.release();
      return moves.length;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /**
   * One that cannot be indexed, as where its log is longer than a `tsvector` may be (1 MB), is told of and passed over: it must not stop all that come after it.
   * What it had in the index before stays, and it is tried again with its next move.
   */
  async #writeAll(client: pg.ClientBase, incidents: readonly string[]): Promise<void> {
    if ((await this.#tried(client, incidents)) === null) return;
    for (const incident of incidents) {
      const error = await this.#tried(client, [incident]);
      if (error !== null) this.#deps.onError(new Error(`incident ${incident} is not indexed`, { cause: error }));
    }
  }

  /** @returns what the database has against the entries; then none of them is written. @throws whatever else goes wrong. */
  async #tried(client: pg.ClientBase, incidents: readonly string[]): Promise<Error | null> {
    await client.query('savepoint entries');
    try {
      await this.#write(client, incidents);
    } catch (error) {
      if (!isOfTheEntry(error)) throw error;
      await client.query('rollback to savepoint entries');
      return error;
    }
    await client.query('release savepoint entries');
    return null;
  }

  async #write(client: pg.ClientBase, incidents: readonly string[]): Promise<void> {
    const { district } = this.#deps;
    const { rows } = await client.query<Searched & { id: string }>({ ...INCIDENTS, values: [district, incidents] });
    await client.query({ ...WRITE, values: [district, rows.map((r) => r.id), rows.map(entryVector)] });
  }
}

/** SQLSTATE classes 22 (data), 23 (integrity) and 54 (limits): the same words would be refused for ever. */
function isOfTheEntry(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && /^(22|23|54)/.test(error.code ?? '');
}
