/** One connection of the journal, which comes back when it was lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Statement } from './journal-statements.ts';

/** The statement was sent and no answer came: whether it was done is not known. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}
/** No connection for longer than anybody should wait; the statement was not sent. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

export class Lane {
  private client: pg.Client | null = null;
  private downSinceMs: number | null = null;
  private readonly connect: () => Promise<pg.Client>;
  private readonly patienceMs: number;

  /**
   * @param connect     opens a connection; its loss is noticed here.
   * @param patienceMs  how long a statement may wait for a lost connection to come back, counted from the loss.
   */
  constructor(connect: () => Promise<pg.Client>, patienceMs: number) {
    this.connect = connect;
    this.patienceMs = patienceMs;
  }

  /** Has a connection: what it is given is on its way at once. */
  get up(): boolean {
    return this.client !== null;
  }

  /** Connects now. @throws Unreachable if that does not work within the patience. */
  async open(): Promise<void> {
    await this.connected();
  }

  /**
   * @throws OutcomeUnknown if the connection was lost meanwhile, Unreachable if there was none; whatever else PostgreSQL refuses comes as
   *   its own DatabaseError.
   */
  async run<Row>(statement: Statement): Promise<Row[]> {
    // No wait where there is a connection: what is decided next runs while this is written.
    const client = this.client ?? (await this.connected());
    try {
      return (await client.query(statement)).rows as Row[];
    } catch (error) {
      if (!isLoss(error)) throw error;
      this.lost(client);
      throw new OutcomeUnknown('the connection was lost before the answer came', { cause: error });
    }
  }

  async close(): Promise<void> {
    const client = this.client;
    this.client = null;
    await client?.end().catch(() => {});
  }

  private async connected(): Promise<pg.Client> {
    if (this.client !== null) return this.client;
    const sinceMs = (this.downSinceMs ??= performance.now());
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        const client = await this.connect();
        client.on('error', () => this.lost(client));
        client.on('end', () => this.lost(client));
        this.client = client;
        this.downSinceMs = null;
        return client;
      } catch (error) {
        if (performance.now() - sinceMs + pauseMs > this.patienceMs) {
          throw new Unreachable('the database cannot be reached', { cause: error });
        }
        await sleep(pauseMs);
      }
    }
  }

  private lost(client: pg.Client): void {
    if (this.client !== client) return;
    this.client = null;
    this.downSinceMs = performance.now();
    client.end().catch(() => {});
  }
}

/** Class 08: connection; 57P: the server ends or is starting. Anything that is not PostgreSQL's own answer is a broken connection too. */
function isLoss(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || /^(08|57P)/.test(error.code ?? '');
}
