/** Changes of rosters as people make them: whose it is, then the change itself, then a look for holes that it made. */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { RosterSwapAnswerTable } from '../../db/tables/rosters.ts';
import type { Actor } from '../../identity/actor.ts';
import type { Reference, Unit } from '../reference.ts';
import { type Crew, renameCrew } from './crews.ts';
import { changeOf, findHandOver, giveHandOver, type HandOver, type OpenWork, type ShiftChange, takeHandOver } from './hand-overs.ts';
import { addOverride, endOverride } from './overrides.ts';
import type { Override } from './read.ts';
import { refused, type RosterAnswer, type RosterRefusal } from './refusals.ts';
import type { Rosters } from './rosters.ts';
import { mayReadRoster, maySetRoster } from './scope.ts';
import { signOff, signOnFor } from './sign-on.ts';
import { answerSwap, askSwap, findSwap, type Span, type Swap } from './swaps.ts';

export interface RosterDeskDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  readonly rosters: Rosters;
  readonly reference: () => Reference;
  /** The database's time. */
  readonly now: () => Date;
  /** What a unit has not finished. */
  readonly openWorkOf: (unit: string) => Promise<readonly OpenWork[]>;
  /** The roster changed: is there a hole to warn of at once? */
  readonly onChanged: () => void;
}

/** Who asks, from which device, under which key. */
export interface Asked {
  readonly actor: Actor;
  readonly session: string;
  /** UUID; the row that the request makes has it as its id. */
  readonly key: string;
}

export class RosterDesk {
  private readonly deps: RosterDeskDeps;

  constructor(deps: RosterDeskDeps) {
    this.deps = deps;
  }

  /** null when there is none that the actor may see. */
  unitFor(actor: Actor, code: string): Unit | null {
    const unit = this.deps.reference().units.get(code);
    return unit !== undefined && mayReadRoster(actor, unit) ? unit : null;
  }

  unitsFor(actor: Actor): Unit[] {
    return [...this.deps.reference().units.values()].filter((unit) => mayReadRoster(actor, unit));
  }

  async override(
    { actor, key }: Asked,
    unit: string,
    wanted: Span & { readonly crew: string | null; readonly reason: string; readonly replace: boolean },
  ): Promise<RosterAnswer<Override>> {
    const wrong = this.mayNotSet(actor, unit);
    if (wrong !== null) return wrong;
    const { district, now } = this.deps;
    return this.changed((tx) => addOverride(tx, district, { ...wanted, id: key, unit, by: actor.account }, now()));
  }

  async endOverride({ actor }: Pick<Asked, 'actor'>, id: string): Promise<RosterAnswer<Override>> {
    const { district, now, rosters, reference } = this.deps;
    await rosters.refresh();
    const override = [...reference().units.keys()].flatMap((unit) => rosters.overrides(unit)).find((one) => one.id === id);
    if (override === undefined || this.unitFor(actor, override.unit) === null) return refused('not-found');
    return this.mayNotSet(actor, override.unit) ?? this.changed((tx) => endOverride(tx, district, override, actor.account, now()));
  }

  async renameCrew({ actor }: Pick<Asked, 'actor'>, crew: Crew): Promise<RosterAnswer<Crew>> {
    const wrong = this.mayNotSet(actor, crew.unit);
    if (wrong !== null) return wrong;
    return this.deps.rosters.change(async (tx) =>
      (await renameCrew(tx, this.deps.district, crew)) ? { ok: true, value: crew } : refused('unknown-crew'),
    );
  }

  /** The device asks for the crew that it is signed on for. */
  async askSwap(
    { actor, session, key }: Asked,
    unit: string,
    wanted: { readonly other: string; readonly gives: Span; readonly takes: Span | null; readonly reason: string },
  ): Promise<RosterAnswer<Swap>> {
    const crew = this.crewAt(actor, session, unit);
    if (typeof crew !== 'string') return crew;
    const { district, now, reference, rosters } = this.deps;
    return rosters.change((tx) => askSwap(tx, district, reference(), { ...wanted, id: key, unit, crew, by: actor.account }, now()));
  }

  /** The other crew says yes or no; the one that asked takes it back. */
  async answerSwap({ actor, session }: Asked, swap: string, answer: RosterSwapAnswerTable['answer']): Promise<RosterAnswer<Swap>> {
    const { db, district, now, reference } = this.deps;
    const asked = await findSwap(db, district, swap);
    if (asked === null || this.unitFor(actor, asked.unit) === null) return refused('not-found');
    const crew = this.crewAt(actor, session, asked.unit);
    if (typeof crew !== 'string') return crew;
    if (crew !== (answer === 'withdrawn' ? asked.crew : asked.other)) return refused('not-your-crew');
    return this.changed((tx) => answerSwap(tx, district, reference(), { swap, answer, by: actor.account }, now()));
  }

  /** What the crew at this device would hand over now; null: nothing yet, or nothing any more. */
  changeAt(actor: Actor, session: string, unit: string): ShiftChange | null {
    const crew = this.crewAt(actor, session, unit);
    const { rosters, now } = this.deps;
    return typeof crew === 'string' ? changeOf(rosters.book(), unit, crew, now().getTime()) : null;
  }

  async giveHandOver({ actor, session, key }: Asked, unit: string, note: string): Promise<RosterAnswer<HandOver>> {
    const crew = this.crewAt(actor, session, unit);
    if (typeof crew !== 'string') return crew;
    const { db, district, rosters, openWorkOf } = this.deps;
    const before = await findHandOver(db, district, key);
    const change = before === null ? this.changeAt(actor, session, unit) : changeIn(before);
    if (change === null) return refused('no-shift-change');
    const openWork = await openWorkOf(unit);
    return rosters.change((tx) => giveHandOver(tx, district, { id: key, unit, note, by: actor.account, openWork, change }));
  }

  async takeHandOver({ actor, session }: Asked, id: string): Promise<RosterAnswer<HandOver>> {
    const { db, district, rosters } = this.deps;
    const given = await findHandOver(db, district, id);
    if (given === null || this.unitFor(actor, given.unit) === null) return refused('not-found');
    const crew = this.crewAt(actor, session, given.unit);
    if (typeof crew !== 'string') return crew;
    if (crew !== given.toCrew) return refused('not-your-crew');
    return rosters.change((tx) => takeHandOver(tx, district, id, actor.account));
  }

  async signOn({ actor, session }: Pick<Asked, 'actor' | 'session'>, crew: string): Promise<RosterAnswer<{ until: Date }>> {
    const { district, rosters, now } = this.deps;
    const { unit } = actor;
    if (actor.role !== 'unit' || unit === undefined) return refused('not-your-unit');
    if (!rosters.crews(unit).some((one) => one.code === crew)) return refused('unknown-crew');
    return rosters.change((tx) => signOnFor(tx, district, rosters.book(), { session, account: actor.account, unit, crew }, now()));
  }

  async signOff({ actor, session }: Pick<Asked, 'actor' | 'session'>): Promise<RosterAnswer<null>> {
    return this.deps.rosters.change((tx) => signOff(tx, this.deps.district, session, actor.account));
  }

  private async changed<T>(work: (tx: Kysely<Schema>) => Promise<RosterAnswer<T>>): Promise<RosterAnswer<T>> {
    const answer = await this.deps.rosters.change(work);
    if (answer.ok) this.deps.onChanged();
    return answer;
  }

  private mayNotSet(actor: Actor, code: string): RosterRefusal | null {
    const unit = this.unitFor(actor, code);
    if (unit === null) return refused('not-found');
    return maySetRoster(actor, unit) ? null : refused('not-your-unit');
  }

  /** The crew that a device of the unit is signed on for. */
  private crewAt(actor: Actor, session: string, unit: string): string | RosterRefusal {
    if (this.unitFor(actor, unit) === null) return refused('not-found');
    if (actor.role !== 'unit' || actor.unit !== unit) return refused('not-your-unit');
    const signOn = this.deps.rosters.signOn(session);
    return signOn?.unit === unit && signOn.crew !== null ? signOn.crew : refused('not-your-crew');
  }
}

function changeIn({ changeAt, fromCrew, toCrew }: HandOver): ShiftChange {
  return { at: changeAt, fromCrew, toCrew };
}
