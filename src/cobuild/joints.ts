/**
 * 共建共治 joined to the dispatch chain: claims of a need that an incident was made into, and resources booked for an incident, go there as
 * assisting units with clocks of their own; what happens to them there comes back; and they end with the incident.
 *
 * Each node looks at an incident when it hears of a move of it, and every minute at all that have something joined. What is to do follows from
 * the rows alone, and each step has a key that every node makes alike: after a crash, or on two nodes at once, it takes effect once.
 */
import { v5 } from 'uuid';
import type { Answer } from '../dispatch/answer.ts';
import type { CommittedMove } from '../dispatch/chain/committed.ts';
import type { Incident } from '../dispatch/chain/incident.ts';
import type { Desk } from '../dispatch/desk.ts';
import { OneAtATime } from '../dispatch/one-at-a-time.ts';
import { systemActor } from '../identity/actor.ts';
import { act, type House, writing } from './act.ts';
import { joinBooking, moveBooking } from './booking-desk.ts';
import { readBookings, type Booking } from './bookings.ts';
import { closeNeed, joinClaim, moveClaim } from './claim-desk.ts';
import { ending, jointStep, leftBehind, type Joinable } from './chain/joint.ts';
import type { Guests } from './guest-units.ts';
import { joinedIncidents, readJoinedClaims, sentBySystem, type JoinedClaim } from './joined.ts';
import { type Log, logOf } from './log.ts';
import { findResource } from './resources.ts';

export interface JointsDeps {
  readonly house: House;
  readonly desk: Pick<Desk, 'find' | 'move'>;
  readonly guests: Guests;
}

/** Namespace of the keys of what the system does here; made once, for this only. */
const JOINT_KEYS = '0f3a9d0e-98b1-5c44-b1a7-5de0b6f5c2a3';
const AT_INCIDENT = '在事件处置中完成 Done while the incident was handled';
const NOT_NEEDED = '事件处置中不再需要，或已退单 Not needed at the incident any more, or declined';
const OVER = '共建单位的认领或借用已结束 The claim or the loan of the member unit is over';

export class Joints {
  readonly #deps: JointsDeps;
  readonly #turns = new OneAtATime();
  #watched: ReadonlySet<string> = new Set();
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(deps: JointsDeps) {
    this.#deps = deps;
  }

  /** Moves that any node wrote. Most incidents have nothing joined: those are passed over without a look at the database. */
  noticed(moves: readonly Pick<CommittedMove, 'incident'>[]): void {
    for (const incident of new Set(moves.map((move) => move.incident))) if (this.#watched.has(incident)) this.soon(incident);
  }

  /** Something was joined to this incident, or may have to be. */
  soon(incident: string): void {
    if (!this.#watched.has(incident)) this.#watched = new Set([...this.#watched, incident]);
    const { house } = this.#deps;
    this.#underWay = Promise.allSettled([this.#underWay, this.look(incident).catch(house.onFault)]);
  }

  /** Looks at all that have something joined. */
  async sweep(): Promise<void> {
    const { house } = this.#deps;
    this.#watched = await joinedIncidents(house.db, house.district);
    for (const incident of this.#watched) await this.look(incident).catch(house.onFault);
  }

  /** @returns when everything that was begun is done. */
  async settled(): Promise<void> {
    await this.#underWay;
  }

  /** Does at one incident what is to do now. */
  look(incident: string): Promise<void> {
    return this.#turns.run(incident, () => this.#look(incident));
  }

  async #look(id: string): Promise<void> {
    const { house, desk } = this.#deps;
    const incident = await desk.find(id, systemActor(house.district));
    if (incident === null) return;
    const { claims, bookings } = await this.#held(id);
    const ended = ending(incident.state);
    if (ended !== null) return this.#end(incident, claims, bookings, ended);
    // One after the other: each step may change what the next one finds.
    for (const claim of claims) await this.#stepClaim(id, claim);
    for (const booking of bookings) if (booking.state === 'agreed') await this.#stepBooking(id, booking);
    await this.#letGoLeftBehind(id);
  }

  /** What holds, and with it what is delivered or not answered yet. */
  async #held(id: string): Promise<{ readonly claims: readonly JoinedClaim[]; readonly bookings: readonly Booking[] }> {
    const { db, district } = this.#deps.house;
    const claims = await readJoinedClaims(db, district, id);
    return { claims, bookings: await readBookings(db, district, { incident: id, states: ['asked', 'agreed'] }) };
  }

  /** Nobody rings on for a claim or a loan that is over, and the incident does not wait for them. */
  async #letGoLeftBehind(id: string): Promise<void> {
    const { house, desk } = this.#deps;
    // The incident before the claims: who is there was claimed or booked first, so nobody is let go whose claim has just been made.
    const incident = await desk.find(id, systemActor(house.district));
    const { claims, bookings } = await this.#held(id);
    const holding = [
      ...claims.filter((claim) => claim.state === 'claimed').map(unitOf),
      ...bookings.filter((booking) => booking.state === 'agreed').map((booking) => booking.resource),
    ];
    const left = incident === null ? [] : leftBehind(incident, new Set(holding));
    if (left.length === 0) return;
    const own = await sentBySystem(house.db, house.district, id);
    for (const { id: assignment } of left.filter((one) => own.has(one.id))) {
      const key = v5(`${assignment} is let go`, JOINT_KEYS);
      await desk.move(id, { verb: 'release', assignment, reason: OVER }, systemActor(house.district), key);
    }
  }

  async #stepClaim(id: string, claim: JoinedClaim): Promise<void> {
    const { house, guests } = this.#deps;
    if (claim.state !== 'claimed') return;
    const unit = unitOf(claim);
    const joined = await this.#step(id, { unit, assignment: claim.assignment }, claim, () =>
      claim.memberUnit === null ? guests.ofMember(claim.member) : Promise.resolve(),
    );
    const act = (verb: string) => this.#asked(claim.code, claim.version, verb);
    switch (joined.done) {
      case 'linked':
        await this.#written((tx, log) => joinClaim(tx, house.district, claim.code, { unit, assignment: joined.assignment }, log));
        return;
      case 'finished':
        await moveClaim(house, act('deliver'), claim.code, { verb: 'deliver', delivery: AT_INCIDENT });
        return;
      case 'letGo':
        await moveClaim(house, act('giveBack'), claim.code, { verb: 'giveBack', reason: NOT_NEEDED });
        return;
      case 'nothing':
    }
  }

  async #stepBooking(id: string, booking: Booking): Promise<void> {
    const { house, guests } = this.#deps;
    // Its time passed before it went: its pieces may be somebody else's by now.
    if (booking.assignment === null && booking.until <= house.now()) return;
    const resource = await findResource(house.db, house.district, booking.resource);
    if (resource === null) return;
    const unit = resource.code;
    const joined = await this.#step(id, { unit, assignment: booking.assignment }, booking, () => guests.ofResource(resource));
    const act = (verb: string) => this.#asked(booking.code, booking.version, verb);
    switch (joined.done) {
      case 'linked':
        await this.#written((tx, log) => joinBooking(tx, house.district, booking.code, { unit, assignment: joined.assignment }, log));
        return;
      case 'finished':
        await moveBooking(house, act('finish'), booking.code, { verb: 'finish' });
        return;
      case 'letGo':
        await moveBooking(house, act('cancel'), booking.code, { verb: 'cancel', reason: NOT_NEEDED });
        return;
      case 'nothing':
    }
  }

  /** @param ready  makes the unit known before it is sent. */
  async #step(
    id: string,
    joinable: Joinable,
    { code, version }: { readonly code: string; readonly version: number },
    ready: () => Promise<void>,
  ): Promise<{ done: 'linked'; assignment: string } | { done: 'finished' | 'letGo' | 'nothing' }> {
    const { house, desk } = this.#deps;
    const incident = await desk.find(id, systemActor(house.district));
    if (incident === null) return { done: 'nothing' };
    const { step, assignment } = jointStep(incident, joinable);
    switch (step) {
      case 'wait':
        return { done: 'nothing' };
      case 'finished':
      case 'letGo':
        return { done: step };
      case 'link':
        return { done: 'linked', assignment: assignment!.id };
      case 'join': {
        await ready();
        // What is sent back goes again within the same dispatch: it has another version then.
        const key = v5(`${code} ${version} joins ${id} in dispatch ${incident.dispatches}`, JOINT_KEYS);
        const answer = await desk.move(id, { verb: 'addUnit', unit: joinable.unit }, systemActor(house.district), key);
        const sent = sentBy(answer, joinable.unit);
        return sent === null ? { done: 'nothing' } : { done: 'linked', assignment: sent };
      }
    }
  }

  async #end(
    incident: Incident,
    claims: readonly JoinedClaim[],
    bookings: readonly Booking[],
    { dealtWith }: { readonly dealtWith: boolean },
  ): Promise<void> {
    const { house } = this.#deps;
    // What was finished there before the end counts as delivered.
    for (const claim of claims) if (dealtWith) await this.#stepClaimAtEnd(incident, claim);
    const reason = dealtWith ? `事件 ${incident.number} 已结案 Incident closed` : `事件 ${incident.number} 已终止 Incident ended`;
    const actor = systemActor(house.district);
    for (const need of new Set(claims.map((claim) => claim.need).concat(await this.#needsOf(incident.id)))) {
      const key = v5(`${need} ends with ${incident.id}`, JOINT_KEYS);
      await act(house, { actor, key, request: { code: need, incident: incident.id, verb: 'close' } }, async (tx, now, log) => {
        const tells = await closeNeed(tx, house.district, need, { dealtWith, reason }, { actor, now, log });
        return { ok: true, value: null, tells };
      });
    }
    for (const booking of bookings) {
      const used = booking.state === 'agreed' && booking.assignment !== null && dealtWith;
      const command = used ? ({ verb: 'finish' } as const) : ({ verb: 'cancel', reason } as const);
      await moveBooking(house, this.#asked(booking.code, booking.version, command.verb), booking.code, command);
    }
  }

  async #stepClaimAtEnd(incident: Incident, claim: JoinedClaim): Promise<void> {
    const { house } = this.#deps;
    const finished = incident.assignments.some((a) => a.id === claim.assignment && a.state === 'finished');
    if (claim.state !== 'claimed' || !finished) return;
    await moveClaim(house, this.#asked(claim.code, claim.version, 'deliver'), claim.code, { verb: 'deliver', delivery: AT_INCIDENT });
  }

  async #needsOf(incident: string): Promise<string[]> {
    const { db, district } = this.#deps.house;
    const rows = await db
      .selectFrom('need')
      .select('code')
      .where('district', '=', district)
      .where('incident', '=', incident)
      .where('state', '=', 'open')
      .execute();
    return rows.map((row) => row.code);
  }

  #asked(code: string, version: number, verb: string) {
    const key = v5(`${code} ${version} ${verb}`, JOINT_KEYS);
    return { actor: systemActor(this.#deps.house.district), key, request: { code, version, verb } };
  }

  /** In a transaction, as the system. */
  #written<T>(work: (tx: House['db'], log: Log) => Promise<T>): Promise<T> {
    const { house } = this.#deps;
    const { district, now } = house;
    return writing(house, (tx) => work(tx, logOf(tx, { district, actor: systemActor(district).account, at: now() })));
  }
}

/** Under which a claim goes to its incident. */
function unitOf({ memberUnit, member }: JoinedClaim): string {
  return memberUnit ?? member;
}

/** The assignment that the desk made for a unit; null when it made none. */
function sentBy(answer: Answer, unit: string): string | null {
  if (!answer.ok) return null;
  return answer.moves[0]?.payload.changed?.find((changed) => changed.unit === unit)?.id ?? null;
}
