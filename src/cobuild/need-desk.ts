/** 需求清单 changed by its publisher: published, members invited, handed to the conference, extended, withdrawn. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { act, type Asked, type Done, type House } from './act.ts';
import { isOpenTo } from './chain/committee.ts';
import { dayAt } from './chain/days.ts';
import type { Link } from './chain/links.ts';
import { NEED_LAW } from './chain/need.ts';
import { reach } from './chain/reach.ts';
import { refused, type CobuildAnswer } from './chain/refusals.ts';
import { partsAt } from './chain/scope.ts';
import { permit } from './chain/table.ts';
import { findCommittee } from './committees.ts';
import { appointedTo } from './members.ts';
import { endNeed, inbox, lockNeed, releaseClaims, tellingOf, writeNeed } from './need-rows.ts';
import { needFrom, type Need } from './needs.ts';

export interface NewNeed {
  /** Made by whoever asks: the request's key. */
  readonly code: string;
  readonly committee: string;
  readonly link: Link;
  readonly titleZh: string;
  readonly titleEn?: string | undefined;
  readonly note?: string | undefined;
  readonly quantity: number;
  readonly unitZh: string;
  readonly unitEn?: string | undefined;
  /** The last day. */
  readonly due: string;
  readonly fromCategory?: string | undefined;
  /** The incident that it is made of; it was looked at before. */
  readonly incident?: string | undefined;
}

/** Publishes a need at a committee: its members are told. */
export function publishNeed(house: House, asked: Asked, wanted: NewNeed): Promise<CobuildAnswer<Need>> {
  const { district } = house;
  return act(house, asked, async (tx, now, log): Promise<Done<Need>> => {
    const committee = await findCommittee(tx, district, wanted.committee);
    if (!isOpenTo(committee, asked.actor)) return refused('unknown-committee');
    const permitted = permit(NEED_LAW, 'none', 'publish', partsAt(asked.actor, committee.place));
    if (!permitted.ok) return permitted;
    const today = dayAt(now);
    if (wanted.due < today) return refused('date-in-past');
    if (wanted.incident !== undefined && (await hasOpenNeed(tx, district, wanted.incident))) return refused('incident-has-need');
    const {
      titleZh,
      titleEn = null,
      note = null,
      quantity,
      unitZh,
      unitEn = null,
      link,
      due,
      fromCategory = null,
      incident = null,
    } = wanted;
    const words = { title_zh: titleZh, title_en: titleEn, note, quantity, unit_zh: unitZh, unit_en: unitEn };
    const kept = { district, code: wanted.code, committee: committee.code, place: committee.place, link, due, published_on: today };
    const row = await tx
      .insertInto('need')
      .values({
        ...kept,
        ...words,
        from_category: fromCategory,
        incident,
        published_by: asked.actor.account,
        state: 'open',
        version: 1,
        ...NOT_YET,
      })
      .onConflict((on) => on.doNothing())
      .returningAll()
      .executeTakeFirst();
    // Only another need of the same incident can be in the way: the code is the request's own key.
    if (row === undefined) return refused('incident-has-need');
    const need = needFrom(row);
    const payload = { quantity, due, ...(incident === null ? {} : { incident }) };
    await log(NEED_LAW, need, { verb: 'publish', from: 'none', payload });
    const told = (await appointedTo(tx, district, committee.code)).map(inbox);
    return { ok: true, value: need, tells: [tellingOf(need, 'needPublished', need.code, told)] };
  });
}

const NOT_YET = { conferred_at: null, invited_at: null, ended_at: null, end_reason: null } as const;

async function hasOpenNeed(tx: Kysely<Schema>, district: number, incident: string): Promise<boolean> {
  const row = await tx
    .selectFrom('need')
    .select('code')
    .where('district', '=', district)
    .where('incident', '=', incident)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return row !== undefined;
}

export type NeedCommand =
  | { readonly verb: 'invite'; readonly members?: readonly string[] | undefined }
  | { readonly verb: 'confer' }
  | { readonly verb: 'extend'; readonly due: string }
  | { readonly verb: 'withdraw'; readonly reason: string };

/** What its publisher does with a need: 邀请认领, 转会商, 延期, 撤回. */
export function moveNeed(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...command }: NeedCommand & { readonly expectedVersion?: number | undefined },
): Promise<CobuildAnswer<Need>> {
  const { district } = house;
  return act(house, asked, async (tx, now, log): Promise<Done<Need>> => {
    const reached = reach(await lockNeed(tx, district, code), asked.actor, expectedVersion);
    if (!reached.ok) return reached;
    const need = reached.object;
    const permitted = permit(NEED_LAW, need.state, command.verb, partsAt(asked.actor, need.place));
    if (!permitted.ok) return permitted;
    const from = need.state;
    switch (command.verb) {
      case 'invite': {
        const all = await appointedTo(tx, district, need.committee);
        const invited = command.members === undefined ? all : all.filter((member) => command.members!.includes(member));
        if (invited.length === 0) return refused('unknown-member');
        const next = await writeNeed(tx, district, need, { invited_at: now });
        await log(NEED_LAW, next, { verb: 'invite', from, payload: { members: invited } });
        return { ok: true, value: next, tells: [tellingOf(next, 'needInvited', `${code} ${next.version}`, invited.map(inbox))] };
      }
      case 'confer': {
        const next = await writeNeed(tx, district, need, { conferred_at: now });
        await log(NEED_LAW, next, { verb: 'confer', from, payload: { left: need.quantity - need.claimed } });
        return { ok: true, value: next };
      }
      case 'extend': {
        if (command.due <= need.due || command.due < dayAt(now)) return refused('extend-later', { due: need.due });
        const next = await writeNeed(tx, district, need, { due: command.due });
        await log(NEED_LAW, next, { verb: 'extend', from, payload: { due: command.due, before: need.due } });
        return { ok: true, value: next };
      }
      case 'withdraw': {
        const freed = await releaseClaims(tx, district, code, command.reason, log);
        const next = await endNeed(tx, district, need, { verb: 'withdraw', reason: command.reason, now }, log);
        return { ok: true, value: next, tells: freed.length === 0 ? [] : [tellingOf(next, 'needWithdrawn', code, freed.map(inbox))] };
      }
    }
  });
}
