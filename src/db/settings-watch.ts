/** Keeps what this node has read of the settings the newest: when any node changes them, all read again what they keep in memory. */
import type pg from 'pg';
import type { Database } from './connect.ts';
import { readSettingsVersion, SETTINGS_CHANNEL } from './settings-version.ts';

/** Looked at this often even when nothing was heard: a wake-up may be lost with its connection. */
const POLL_INTERVAL_MS = 30_000;
/** After a reload that failed, and before the connection is opened again. */
const RETRY_MS = 2_000;

export interface SettingsWatchDeps {
  readonly db: Pick<Database, 'kysely' | 'client'>;
  readonly district: number;
  /** A reload failed, or the database did not answer: what was read before holds, and it is tried again. */
  readonly onFault: (error: unknown) => void;
}

export class SettingsWatch {
  private readonly deps: SettingsWatchDeps;
  private readonly reloads: (() => Promise<unknown>)[] = [];
  private held: number;
  private turn: Promise<void> = Promise.resolve();
  private client: pg.Client | null = null;
  private poll: NodeJS.Timeout | null = null;
  private retry: NodeJS.Timeout | null = null;
  private stopped = false;

  private constructor(deps: SettingsWatchDeps, held: number) {
    this.deps = deps;
    this.held = held;
  }

  /**
   * Call before anything is read that it shall keep: a change between the two is then seen, if perhaps once too often.
   *
   * @throws if the database cannot be reached.
   */
  static async open(deps: SettingsWatchDeps): Promise<SettingsWatch> {
    return new SettingsWatch(deps, await readSettingsVersion(deps.db.kysely, deps.district));
  }

  /** The version of which everything has been read. */
  get version(): number {
    return this.held;
  }

  /**
   * Run after each change, in the order in which they were given: what others build upon comes first. One that fails keeps what it had,
   * holds none of the others up, and all are run again soon.
   */
  onChange(reload: () => Promise<unknown>): void {
    this.reloads.push(reload);
  }

  /** Begins to listen, and looks at once. */
  start(): void {
    this.poll = setInterval(() => void this.refresh(), POLL_INTERVAL_MS);
    void this.listen();
  }

  /**
   * Looks whether there is something newer, and reads it.
   *
   * @returns when this node goes by what was committed before the call. Never fails: a fault is told to `onFault` and mended later.
   */
  refresh(): Promise<void> {
    this.turn = this.turn.then(() => this.look());
    return this.turn;
  }

  /** Ends after what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.poll !== null) clearInterval(this.poll);
    if (this.retry !== null) clearTimeout(this.retry);
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => {});
    await this.turn;
  }

  private async look(): Promise<void> {
    if (this.stopped) return;
    try {
      const newest = await readSettingsVersion(this.deps.db.kysely, this.deps.district);
      // Not "less than": a database that was restored counts from an earlier number.
      if (newest === this.held) return;
      if (await this.runAll()) this.held = newest;
      else this.again();
    } catch (error) {
      this.deps.onFault(error);
      this.again();
    }
  }

  private async runAll(): Promise<boolean> {
    let whole = true;
    for (const reload of this.reloads) {
      try {
        await reload();
      } catch (error) {
        whole = false;
        this.deps.onFault(error);
      }
    }
    return whole;
  }

  private again(): void {
    if (this.stopped || this.retry !== null) return;
    this.retry = setTimeout(() => {
      this.retry = null;
      if (this.client === null) void this.listen();
      else void this.refresh();
    }, RETRY_MS);
  }

  private async listen(): Promise<void> {
    try {
      const client = await this.deps.db.client('settings');
      client.on('notification', ({ payload }) => {
        if (Number(payload) === this.deps.district) void this.refresh();
      });
      client.on('end', () => {
        if (this.client !== client) return;
        this.client = null;
        this.again();
      });
      await client.query(`listen ${SETTINGS_CHANNEL}`);
      if (this.stopped) return void client.end().catch(() => {});
      this.client = client;
    } catch (error) {
      this.deps.onFault(error);
      this.again();
    }
    // Also without the connection: what changed while nobody listened.
    await this.refresh();
  }
}
