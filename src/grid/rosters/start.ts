/** Rosters, put together: what is held, what people change, and the look for holes. */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { DutyBook } from '../duty.ts';
import type { Reference } from '../reference.ts';
import { RosterDesk } from './desk.ts';
import type { OpenWork } from './hand-overs.ts';
import { Rosters } from './rosters.ts';
import { type RosterWarning, RosterWatch } from './watch.ts';

export interface RosterServiceDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  readonly reference: () => Reference;
  /** The database's time. */
  readonly now: () => Date;
  /** Tells of each session that was ended or ran out, on whichever node; returns the way to stop listening. */
  readonly onSessionEnded: (listener: (session: string) => void) => () => void;
  /** What a unit has not finished. */
  readonly openWorkOf: (unit: string) => Promise<readonly OpenWork[]>;
  /** Tells places of a hole or a hand-over that nobody took; the same key is the same warning. */
  readonly tell: (warning: RosterWarning) => Promise<unknown>;
  readonly onFault: (error: unknown) => void;
}

/** Also all that its routes need. */
export interface RosterService extends RosterServiceDeps {
  /** Made anew after every change. */
  book(): DutyBook;
  /** When the shift at a device ended or will end, epoch milliseconds; null: it rings at any time. */
  shiftEnds(session: string): number | null;
  /** Looks for holes now. @returns how many were told. */
  check(): Promise<number>;
  readonly rosters: Rosters;
  readonly desk: RosterDesk;
  stop(): Promise<void>;
}

/** @throws if the database cannot be reached. */
export async function startRosters(deps: RosterServiceDeps): Promise<RosterService> {
  const { db, district, reference, now, onSessionEnded, openWorkOf, tell, onFault } = deps;
  const rosters = await Rosters.open({ db, district, reference, now, onSessionEnded, onFault });
  const watch = new RosterWatch({
    db,
    district,
    book: () => rosters.book(),
    refresh: () => rosters.refresh(),
    units: () => reference().units,
    now,
    tell,
    onFault,
  });
  const desk = new RosterDesk({ db, district, rosters, reference, now, openWorkOf, onChanged: () => void watch.check().catch(onFault) });
  rosters.start();
  watch.start();
  return {
    ...deps,
    book: () => rosters.book(),
    shiftEnds: (session) => rosters.shiftEnds(session),
    check: () => watch.check(),
    rosters,
    desk,
    async stop() {
      await watch.stop();
      await rosters.stop();
    },
  };
}
