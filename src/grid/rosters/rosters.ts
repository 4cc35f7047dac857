/**
 * The rosters of a district as this node holds them: the duty book and who is signed on where, answered from memory; changed in the database,
 * one change of a district after the other, and then read again. Other nodes look every few seconds whether something changed.
 */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { DutyBook } from '../duty.ts';
import type { Crew } from './crews.ts';
import { type BookReference, bookOf, type Override, readRosterVersion, readStored, type SignOn, type Stored } from './read.ts';
import type { RosterAnswer } from './refusals.ts';
import { shiftEndsOf } from './sign-on.ts';

/** What another node changed holds here at most this much later. A small read; a sign-on must not make all reference data be read again. */
const POLL_INTERVAL_MS = 5_000;

export interface RostersDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  /** The one that holds now. */
  readonly reference: () => BookReference;
  /** The database's time. */
  readonly now: () => Date;
  /** Tells of each session that was ended or ran out, on whichever node; returns the way to stop listening. */
  readonly onSessionEnded: (listener: (session: string) => void) => () => void;
  /** What changed elsewhere could not be read: what was read before holds, and it is tried again. */
  readonly onFault: (error: unknown) => void;
}

export class Rosters {
  private readonly deps: RostersDeps;
  private stored: Stored;
  private made: { readonly of: Stored; readonly reference: BookReference; readonly book: DutyBook } | null = null;
  private turn: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  /** A session that was signed on has ended: what is held is out of date though the version is the same. At first: nobody listened before `start`. */
  private stale = true;
  private reading = false;
  private stopListening = () => {};

  private constructor(deps: RostersDeps, stored: Stored) {
    this.deps = deps;
    this.stored = stored;
  }

  /** @throws if the database cannot be reached. */
  static async open(deps: RostersDeps): Promise<Rosters> {
    return new Rosters(deps, await readAll(deps));
  }

  /** Begins to look for what other nodes change. */
  start(): void {
    this.timer = setInterval(() => void this.refresh().catch(this.deps.onFault), POLL_INTERVAL_MS);
    this.timer.unref();
    this.stopListening = this.deps.onSessionEnded((session) => this.sessionEnded(session));
  }

  async stop(): Promise<void> {
    this.stopListening();
    if (this.timer !== null) clearInterval(this.timer);
    await this.turn.catch(() => {});
  }

  /** Made anew after a change of rosters or of reference data, by the first who asks. */
  book(): DutyBook {
    const { stored } = this;
    const reference = this.deps.reference();
    if (this.made?.of !== stored || this.made.reference !== reference)
      this.made = { of: stored, reference, book: bookOf(reference, stored) };
    return this.made.book;
  }

  crews(unit: string): readonly Crew[] {
    return this.stored.crews.get(unit) ?? [];
  }

  overrides(unit: string): readonly Override[] {
    return this.stored.overrides.get(unit) ?? [];
  }

  signOn(session: string): SignOn | null {
    return this.stored.signOns.get(session) ?? null;
  }

  /** When the shift at a device ended or will end, epoch milliseconds; null: it rings at any time. */
  shiftEnds(session: string): number | null {
    const signOn = this.stored.signOns.get(session);
    if (signOn === undefined) return null;
    return shiftEndsOf(this.book(), signOn, this.stored.signOnsOf.get(signOn.unit)!, this.deps.now().getTime());
  }

  /** Reads again if something changed. @returns when this node goes by what was committed before the call. @throws if it cannot be read. */
  refresh(): Promise<void> {
    const look = async () => {
      const version = await readRosterVersion(this.deps.db, this.deps.district);
      if (version !== this.stored.version || this.stale) await this.read();
    };
    this.turn = this.turn.then(look, look);
    return this.turn;
  }

  private async read(): Promise<void> {
    this.stale = false;
    this.reading = true;
    try {
      this.stored = await readAll(this.deps);
    } catch (error) {
      this.stale = true;
      throw error;
    } finally {
      this.reading = false;
    }
  }

  /** No version goes up for it: every node hears of it by itself. A read that is under way may have begun before. */
  private sessionEnded(session: string): void {
    if (!this.reading && !this.stored.signOns.has(session)) return;
    this.stale = true;
    void this.refresh().catch(this.deps.onFault);
  }

  /**
   * One change of the rosters. No other begins before it is committed or refused, on whichever node, so that what is checked still holds when
   * it is written. What is refused has written nothing.
   *
   * @returns when this node goes by it.
   */
  async change<T>(work: (tx: Kysely<Schema>) => Promise<RosterAnswer<T>>): Promise<RosterAnswer<T>> {
    const { db, district } = this.deps;
    let answer: RosterAnswer<T> | undefined;
    try {
      await db.transaction().execute(async (tx) => {
        await bumpRosters(tx, district);
        answer = await work(tx);
        if (!answer.ok) throw new Refused();
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    if (answer!.ok) await this.refresh();
    return answer!;
  }
}

/** Undoes the transaction of a change that was refused. */
class Refused extends Error {}

/** The row stays locked to the commit. Belongs into every transaction that changes rosters or crews. */
export async function bumpRosters(tx: Kysely<Schema>, district: number): Promise<void> {
  await tx
    .insertInto('roster_version')
    .values({ district, version: 1 })
    .onConflict((on) => on.column('district').doUpdateSet((eb) => ({ version: eb('roster_version.version', '+', 1) })))
    .execute();
}

function readAll({ db, district }: RostersDeps): Promise<Stored> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => readStored(tx, district));
}
