/**
 * Which nodes live, and whose turn comes first at an incident. Each node holds a lock on a connection of its own: PostgreSQL takes it back
 * in the moment in which the node is gone, and nothing has to be written to say that one still lives.
 *
 * It only saves work. Two nodes that disagree for a moment both try, or both wait; the journal lets one of them through.
 */
import { randomInt } from 'node:crypto';
import type pg from 'pg';

const LOOK_INTERVAL_MS = 1_000;
const LARGEST_NUMBER = 2 ** 31 - 1;

const HOLD = 'select pg_try_advisory_lock_shared($1, $2) as held';
const LOOK = {
  name: 'live_nodes',
  // Two-part keys stand in the view as objsubid 2.
  text: `select l.objid::bigint as number from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
    where l.locktype = 'advisory' and l.objsubid = 2 and l.classid::bigint = $1 and l.granted`,
};

export interface LiveNodesOptions {
  readonly district: number;
  /** Opens a connection that only this uses; called again after a loss. */
  readonly connect: () => Promise<pg.Client>;
  /** The database does not answer: until it does, the last sight holds. */
  readonly onFault: (error: unknown) => void;
}

export class LiveNodes {
  private readonly options: LiveNodesOptions;
  /** Drawn at random: two alike would only share their turns. */
  private readonly number = randomInt(1, LARGEST_NUMBER);
  private others: readonly number[] = [];
  private client: pg.Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(options: LiveNodesOptions) {
    this.options = options;
  }

  /** Enters, looks, and goes on looking. @throws if the database cannot be reached. */
  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.again(), LOOK_INTERVAL_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.looking;
    await this.client?.end().catch(() => {});
  }

  /** Nodes that live, this one included. */
  get count(): number {
    return this.others.length + 1;
  }

  /** Whether this node comes first at the incident. Every node answers by the same rule; when one goes, only its turns go to others. */
  isFirst(incident: string): boolean {
    const mine = weight(incident, this.number);
    return this.others.every((other) => mine >= weight(incident, other));
  }

  /** Enters if it is not in, and sees who else is. */
  async look(): Promise<void> {
    const client = this.client ?? (await this.enter());
    const { rows } = await client.query<{ number: number }>({ ...LOOK, values: [this.options.district] });
    this.others = rows.map((r) => r.number).filter((n) => n !== this.number);
  }

  private async enter(): Promise<pg.Client> {
    const client = await this.options.connect();
    client.on('end', () => {
      if (this.client === client) this.client = null;
    });
    await client.query(HOLD, [this.options.district, this.number]);
    this.client = client;
    return client;
  }

  /** One look after the other: a slow database is not asked twice at once. */
  private again(): Promise<void> {
    this.looking = this.looking.then(async () => {
      if (this.stopped) return;
      await this.look().catch((error) => this.options.onFault(error));
    });
    return this.looking;
  }
}

/** FNV-1a over number and id: the node with the highest weight comes first (rendezvous hashing). */
function weight(incident: string, number: number): number {
  let h = Math.imul(number ^ 0x811c9dc5, 0x01000193);
  for (let i = 0; i < incident.length; i++) h = Math.imul(h ^ incident.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
