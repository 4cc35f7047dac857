/** The register changed: a resource listed, amended, taken off. */
import { act, type Asked, type Done, type House } from './act.ts';
import { readStillOut, readTaken, writeSlots } from './bookings.ts';
import { dealSlots, freeThrough, RESOURCE_LAW, type ResourceKind } from './chain/booking.ts';
import { reach } from './chain/reach.ts';
import { refused, type CobuildAnswer } from './chain/refusals.ts';
import { maySeePlace, partsWith } from './chain/scope.ts';
import { permit } from './chain/table.ts';
import { memberAt } from './members.ts';
import { lockResource, type NamedResource } from './resources.ts';

export interface NewResource {
  /** Made by whoever asks: the request's key. */
  readonly code: string;
  readonly member: string;
  readonly kind: ResourceKind;
  readonly nameZh: string;
  readonly nameEn?: string | undefined;
  readonly quantity: number;
  readonly unitZh: string;
  readonly unitEn?: string | undefined;
  readonly hours: string;
  readonly noticeMinutes: number;
  readonly position: { readonly lng: number; readonly lat: number };
  /** Of the position. */
  readonly community: string;
  readonly standsForType: string | null;
  readonly conditionZh?: string | undefined;
  readonly conditionEn?: string | undefined;
}

export function listResource(house: House, asked: Asked, wanted: NewResource): Promise<CobuildAnswer<NamedResource>> {
  const { district } = house;
  return act(house, asked, async (tx, now, log): Promise<Done<NamedResource>> => {
    const member = await memberAt(tx, district, wanted.member, now);
    if (member === null || !maySeePlace(asked.actor, member.place)) return refused('unknown-member');
    const permitted = permit(RESOURCE_LAW, 'none', 'list', partsWith(asked.actor, member.place, member));
    if (!permitted.ok) return permitted;
    if (!member.active) return refused('member-expired');
    await tx
      .insertInto('shared_resource')
      .values({
        district,
        code: wanted.code,
        member: member.code,
        committee: member.committee,
        place: member.place,
        kind: wanted.kind,
        name_zh: wanted.nameZh,
        name_en: wanted.nameEn ?? null,
        quantity: wanted.quantity,
        unit_zh: wanted.unitZh,
        unit_en: wanted.unitEn ?? null,
        hours: wanted.hours,
        notice_minutes: wanted.noticeMinutes,
        community: wanted.community,
        ...wanted.position,
        callable: wanted.standsForType !== null,
        stands_for_type: wanted.standsForType,
        condition_zh: wanted.conditionZh ?? null,
        condition_en: wanted.conditionEn ?? null,
        state: 'listed',
        version: 1,
      })
      .execute();
    const value = (await lockResource(tx, district, wanted.code))!;
    const payload = { member: member.code, kind: wanted.kind, quantity: wanted.quantity };
    await log(RESOURCE_LAW, value, { verb: 'list', from: 'none', payload });
    return { ok: true, value };
  });
}

export type ResourceCommand =
  | {
      readonly verb: 'amend';
      readonly quantity?: number | undefined;
      readonly hours?: string | undefined;
      readonly noticeMinutes?: number | undefined;
      readonly conditionZh?: string | undefined;
      readonly conditionEn?: string | undefined;
    }
  | { readonly verb: 'withdraw'; readonly reason: string };

/** Fewer than are lent already, or off the list with bookings to come: refused. */
export function moveResource(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...command }: ResourceCommand & { readonly expectedVersion?: number | undefined },
): Promise<CobuildAnswer<NamedResource>> {
  const { district } = house;
  return act(house, asked, async (tx, now, log): Promise<Done<NamedResource>> => {
    const reached = reach(await lockResource(tx, district, code), asked.actor, expectedVersion);
    if (!reached.ok) return reached;
    const resource = reached.object;
    const member = await memberAt(tx, district, resource.member, now);
    const parts = partsWith(asked.actor, resource.place, member ?? { code: resource.member, active: false });
    const permitted = permit(RESOURCE_LAW, resource.state, command.verb, parts);
    if (!permitted.ok) return permitted;
    const taken = await readTaken(tx, district, code, now);
    const held = [...taken, ...(await readStillOut(tx, district, [code], now))];
    if (command.verb === 'withdraw' && held.length > 0) return refused('resource-booked');
    const quantity = command.verb === 'withdraw' ? resource.quantity : (command.quantity ?? resource.quantity);
    const dealt = dealSlots(quantity, taken);
    if (dealt === null || freeThrough(quantity, held, now.getTime(), now.getTime() + 1) < 0) return refused('resource-booked');
    // Before the quantity: bookings follow it, and those that hold have to fit.
    await writeSlots(tx, district, code, dealt, now);
    const changes =
      command.verb === 'withdraw'
        ? {}
        : {
            quantity,
            hours: command.hours ?? resource.hours,
            notice_minutes: command.noticeMinutes ?? resource.noticeMinutes,
            condition_zh: command.conditionZh ?? resource.conditionZh,
            condition_en: command.conditionEn ?? resource.conditionEn,
          };
    await tx
      .updateTable('shared_resource')
      .set({ ...changes, state: permitted.move.to, version: resource.version + 1 })
      .where('district', '=', district)
      .where('code', '=', code)
      .execute();
    const { verb, ...payload } = command;
    const value = (await lockResource(tx, district, code))!;
    await log(RESOURCE_LAW, value, { verb, from: resource.state, payload });
    return { ok: true, value };
  });
}
