/** 认领 and what follows: delivered with proof, confirmed or sent back by the publisher, given back, lapsed. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { act, type Asked, type Done, type House } from './act.ts';
import { dayAt } from './chain/days.ts';
import { CLAIM_LAW, decideClaim, isFulfilled } from './chain/need.ts';
import type { Telling, Told } from './chain/notices.ts';
import { staleFor } from './chain/reach.ts';
import { refused, type CobuildAnswer } from './chain/refusals.ts';
import { maySeePlace, memberCode, officeInbox, partsAt, partsWith } from './chain/scope.ts';
import { permit } from './chain/table.ts';
import type { Log } from './log.ts';
import { memberAt } from './members.ts';
import { endNeed, inbox, lockClaim, lockNeed, openClaims, releaseClaims, tellingOf, writeClaim, type Locked } from './need-rows.ts';
import { claimFrom, type Claim, type Need } from './needs.ts';
import { bindProof } from './proof.ts';

export interface Claiming {
  /** Made by whoever asks: the request's key. */
  readonly code: string;
  readonly quantity: number;
  readonly due?: string | undefined;
  readonly note?: string | undefined;
}

/**
 * 认领, wholly or in part. Of two who want the last part one gets it; the other is told what is left.
 *
 * @returns the claim; `claim-over-rest` with `left`, or `need-all-claimed`, when it is too much.
 */
export function claimNeed(house: House, asked: Asked, needCode: string, wanted: Claiming): Promise<CobuildAnswer<Claim>> {
  const { district } = house;
  return act(house, asked, async (tx, now, log): Promise<Done<Claim>> => {
    const need = await lockNeed(tx, district, needCode);
    if (need === null || !maySeePlace(asked.actor, need.place)) return refused('not-found');
    const code = memberCode(asked.actor);
    const member = code === null ? null : await memberAt(tx, district, code, now);
    if (member === null) return refused('not-yours');
    // A member of the committee itself, of one inside its place, or of the one around it.
    if (!need.place.startsWith(member.place) && !member.place.startsWith(need.place)) return refused('not-in-committee');
    const permitted = permit(CLAIM_LAW, 'none', 'claim', partsWith(asked.actor, need.place, member));
    if (!permitted.ok) return permitted;
    if (need.state !== 'open') return refused('no-such-move');
    const today = dayAt(now);
    const decided = decideClaim(need, wanted, today);
    if ('code' in decided) return decided;
    const row = await tx
      .insertInto('claim')
      .values({
        district,
        code: wanted.code,
        need: needCode,
        member: member.code,
        quantity: wanted.quantity,
        claimed_on: today,
        due: decided.due,
        note: wanted.note ?? null,
        state: 'claimed',
        version: 1,
        ...NOT_DELIVERED,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const claim = claimFrom(row);
    const payload = { need: needCode, quantity: claim.quantity, due: claim.due };
    await log(CLAIM_LAW, claim, { verb: 'claim', from: 'none', payload });
    const left = need.quantity - need.claimed - claim.quantity;
    const telling = tellingOf(need, 'claimMade', claim.code, [officeInbox(need.place)], {
      member: member.code,
      quantity: claim.quantity,
      left,
    });
    return { ok: true, value: claim, tells: [telling] };
  });
}

const NOT_DELIVERED = {
  delivery: null,
  delivered_at: null,
  confirmed_at: null,
  confirmed_by: null,
  score: null,
  reason: null,
  unit: null,
  assignment: null,
} as const;

export type ClaimCommand =
  | { readonly verb: 'deliver'; readonly delivery: string; readonly photos?: readonly string[] | undefined }
  | { readonly verb: 'giveBack'; readonly reason: string }
  | { readonly verb: 'confirm'; readonly score?: number | undefined }
  | { readonly verb: 'sendBack'; readonly reason: string }
  | { readonly verb: 'lapse' };

/** What happens to a claim: delivered with proof, confirmed or sent back by the publisher, given back, lapsed. */
export function moveClaim(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...command }: ClaimCommand & { readonly expectedVersion?: number | undefined },
): Promise<CobuildAnswer<Claim>> {
  return act(house, asked, async (tx, now, log): Promise<Done<Claim>> => {
    const found = await lockClaim(tx, house.district, code);
    if (found === null || !maySeePlace(asked.actor, found.need.place)) return refused('not-found');
    const stale = staleFor(found.claim.version, expectedVersion);
    if (stale !== null) return stale;
    return moveLocked(tx, house.district, found, command, { actor: asked.actor, now, log });
  });
}

/** Who moves a claim, when, and where it is written down. */
interface Moving {
  readonly actor: Actor;
  readonly now: Date;
  readonly log: Log;
}

async function moveLocked(
  tx: Kysely<Schema>,
  district: number,
  { need, claim }: Locked,
  command: ClaimCommand,
  { actor, now, log }: Moving,
): Promise<Done<Claim>> {
  const member = await memberAt(tx, district, claim.member, now);
  const parts = member === null ? partsAt(actor, need.place) : partsWith(actor, need.place, member);
  const permitted = permit(CLAIM_LAW, claim.state, command.verb, parts);
  if (!permitted.ok) return permitted;
  const office: readonly Told[] = [officeInbox(need.place)];
  const toMember: readonly Told[] = [inbox(claim.member)];
  const tell = (notice: Telling['notice'], recipients: readonly Told[], version: number) =>
    tellingOf(need, notice, `${claim.code} ${version}`, recipients, { claim: claim.code, member: claim.member, quantity: claim.quantity });
  const write = async (changes: Parameters<typeof writeClaim>[3], payload: object) => {
    const next = await writeClaim(tx, district, claim, { ...changes, state: permitted.move.to });
    await log(CLAIM_LAW, next, { verb: command.verb, from: claim.state, payload: { need: need.code, ...payload } });
    return next;
  };
  switch (command.verb) {
    case 'deliver': {
      const { photos = [] } = command;
      const proof = { code: claim.code, place: need.place, photos, account: actor.account };
      const unbound = await bindProof(tx, district, CLAIM_LAW, proof);
      if (unbound !== null) return unbound;
      const next = await write(
        { delivery: command.delivery, photos: [...photos], delivered_at: now, reason: null },
        { photos: photos.length },
      );
      return { ok: true, value: next, tells: [tell('claimDelivered', office, next.version)] };
    }
    case 'confirm': {
      const score = command.score ?? null;
      const next = await write({ confirmed_at: now, confirmed_by: actor.account, score }, score === null ? {} : { score });
      const tells = [tell('claimConfirmed', toMember, next.version)];
      if (!isFulfilled(need, claim.quantity)) return { ok: true, value: next, tells };
      const ended = await endNeed(tx, district, need, { verb: 'fulfil', reason: null, now }, log);
      return { ok: true, value: next, tells: [...tells, tellingOf(ended, 'needFulfilled', need.code, office)] };
    }
    case 'sendBack': {
      // Its assignment at the incident is over; there is more to do, so it goes there again.
      const again = { delivered_at: null, unit: null, assignment: null, reason: command.reason };
      const next = await write(again, { reason: command.reason });
      return { ok: true, value: next, tells: [tell('claimSentBack', toMember, next.version)] };
    }
    case 'giveBack': {
      const next = await write({ reason: command.reason }, { reason: command.reason });
      const own = memberCode(actor) === claim.member;
      return { ok: true, value: next, tells: [tell('claimGivenBack', own ? office : toMember, next.version)] };
    }
    case 'lapse': {
      const next = await write({}, {});
      return { ok: true, value: next, tells: [tell('claimLapsed', [...toMember, ...office], next.version)] };
    }
  }
}

/** The claim's unit went to the incident: kept with the claim, so that its own clock there is found. Called again it changes nothing. */
export async function joinClaim(
  tx: Kysely<Schema>,
  district: number,
  code: string,
  joined: { readonly unit: string; readonly assignment: string },
  log: Log,
): Promise<void> {
  const found = await lockClaim(tx, district, code);
  if (found === null || found.claim.state !== 'claimed' || found.claim.assignment === joined.assignment) return;
  const next = await writeClaim(tx, district, found.claim, joined);
  await log(CLAIM_LAW, next, { verb: 'join', from: found.claim.state, payload: { need: found.need.code, ...joined } });
}

/**
 * The incident that the need was made of has ended, and the need with it: what was delivered is confirmed by the incident's own check, or let
 * go where the incident was not dealt with; what was not delivered is let go.
 *
 * @returns whom to tell.
 */
export async function closeNeed(
  tx: Kysely<Schema>,
  district: number,
  code: string,
  { dealtWith, reason }: { readonly dealtWith: boolean; readonly reason: string },
  by: Moving,
): Promise<readonly Telling[]> {
  const need = await lockNeed(tx, district, code);
  if (need === null || need.state !== 'open') return [];
  const claims = await openClaims(tx, district, code);
  let state: Need = need;
  const tells: Telling[] = [];
  for (const claim of claims.filter((one) => dealtWith && one.state === 'delivered')) {
    const done = await moveLocked(tx, district, { need: state, claim }, { verb: 'confirm' }, by);
    if (!done.ok) throw new Error(`${claim.code} could not be confirmed: ${done.code}`);
    tells.push(...(done.tells ?? []));
    state = (await lockNeed(tx, district, code))!;
  }
  if (state.state !== 'open') return tells;
  const freed = await releaseClaims(tx, district, code, reason, by.log);
  const ended = await endNeed(tx, district, state, { verb: 'close', reason, now: by.now }, by.log);
  const told: Told[] = [officeInbox(need.place), ...freed.map(inbox)];
  return [...tells, tellingOf(ended, 'needClosed', code, told)];
}
