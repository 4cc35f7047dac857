/**
 * Sees that a need or an activity changed, whichever node wrote it, and says so: for those whom no notice tells.
 *
 * It compares what there is with what there was instead of following the log of 共建共治: that has no commit order, and a place in an activity that
 * was taken stands in none. What is open at a time is a few hundred rows.
 */
import { sql } from 'kysely';
import type { House } from './act.ts';
import { changedWork, type WorkItem, type WorkStamp } from './chain/work.ts';

/** What another node wrote is said at most this much later, ms. */
const LOOK_EVERY_MS = 5_000;

export class WorkWatch {
  readonly #house: Pick<House, 'db' | 'district' | 'onFault'>;
  readonly #tell: (changes: readonly WorkItem[]) => void;
  #before: readonly WorkStamp[] = [];
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(house: Pick<House, 'db' | 'district' | 'onFault'>, tell: (changes: readonly WorkItem[]) => void) {
    this.#house = house;
    this.#tell = tell;
  }

  /** Before anybody can follow: what is there already is no change. @throws if the database cannot be reached. */
  async open(): Promise<void> {
    this.#before = await this.#read();
  }

  start(): void {
    this.#timer = setInterval(() => this.soon(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#again = false;
    await this.#looking;
  }

  /** Looks; who asks while a look is under way gets one after it, since that one may have read too early. */
  soon(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#looking ??= this.#look();
  }

  async #look(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        const after = await this.#read();
        const changes = changedWork(this.#before, after);
        if (changes.length > 0) this.#tell(changes);
        this.#before = after;
      } catch (error) {
        // What could not be read or told is told by the next look: it is compared with what was told last.
        this.#house.onFault(error);
      }
    }
    this.#looking = null;
  }

  async #read(): Promise<readonly WorkStamp[]> {
    const { db, district } = this.#house;
    const { rows } = await sql<WorkStamp>`
      select 'need' as kind, n.code, n.place, concat_ws(' ', n.version, count(c.code), sum(c.version)) as stamp
      from need n left join claim c on c.district = n.district and c.need = n.code
      where n.district = ${district} and n.state = 'open' group by n.code, n.place, n.version
      union all
      select 'activity', a.code, a.place, concat_ws(' ', a.version, a.taken) from activity a
      where a.district = ${district} and a.state = 'announced'`.execute(db);
    return rows;
  }
}
