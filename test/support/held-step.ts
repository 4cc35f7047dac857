/**
 * Holds one step of the chain at the moment of its write, from the database's side: a process that wants to write it waits there, between the
 * step before and this one, and can be killed exactly there. The product knows nothing of it.
 */
import pg from 'pg';

/** Key of the advisory lock on which a held write waits. */
const GATE = [0x0e1d, 1] as const;

export interface HeldWrite {
  /** Its backend in PostgreSQL. */
  readonly pid: number;
  /** As named by `namedNode` when the process was started. */
  readonly node: string;
}

/** The login of a node whose writes can be told from another's. */
export function namedNode(database: pg.ClientConfig, name: string): pg.ClientConfig {
  return { ...database, options: `-c held.node=${name}` };
}

export class HeldStep {
  readonly #owner: pg.Client;

  private constructor(owner: pg.Client) {
    this.#owner = owner;
  }

  /** @param database  login of the owner. */
  static async open(database: pg.ClientConfig): Promise<HeldStep> {
    const owner = new pg.Client(database);
    await owner.connect();
    await owner.query(`
      create table held_step (verb text);
      create function hold_step() returns trigger security definer language plpgsql as $$
      begin
        if new.verb = (select verb from public.held_step) then
          perform set_config('application_name', 'held ' || coalesce(current_setting('held.node', true), ''), false);
          perform pg_advisory_xact_lock(${GATE.join(', ')});
        end if;
        return new;
      end $$;
      create trigger hold_step before insert on move for each row execute function hold_step()`);
    return new HeldStep(owner);
  }

  /** From now on nobody can write this step. */
  async hold(verb: string): Promise<void> {
    await this.#owner.query(`select pg_advisory_lock(${GATE.join(', ')})`);
    await this.#owner.query('insert into held_step values ($1)', [verb]);
  }

  /** The write that waits, once there is one. */
  async waiting(): Promise<HeldWrite> {
    for (;;) {
      const { rows } = await this.#owner.query<HeldWrite>(
        `select pid, substr(application_name, 6) as node from pg_stat_activity
         where datname = current_database() and application_name like 'held %' and wait_event_type = 'Lock'`,
      );
      if (rows[0] !== undefined) return rows[0];
    }
  }

  /**
   * Lets the step go after its process is gone.
   *
   * @param written  whether the write that waits still takes place, as when the process dies between its question and the answer;
   *   else it is lost with its connection.
   */
  async letGo({ pid }: HeldWrite, written: boolean): Promise<void> {
    const owner = this.#owner;
    await owner.query('delete from held_step');
    if (!written) await owner.query('select pg_terminate_backend($1)', [pid]);
    if (!written) await this.#gone(pid);
    await owner.query(`select pg_advisory_unlock(${GATE.join(', ')})`);
    await this.#gone(pid);
  }

  close(): Promise<void> {
    return this.#owner.end();
  }

  async #gone(pid: number): Promise<void> {
    for (;;) {
      const { rowCount } = await this.#owner.query('select from pg_stat_activity where pid = $1', [pid]);
      if (rowCount === 0) return;
    }
  }
}
