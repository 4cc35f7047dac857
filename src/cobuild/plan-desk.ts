/** 挂图作战 changed: progress reported, items added, items taken off. */
import { sql } from 'kysely';
import { act, type Asked, type House } from './act.ts';
import { PLAN_LAW, verbOfReport, type PlanLevel } from './chain/plan.ts';
import { dayAt } from './chain/days.ts';
import { refused, type CobuildAnswer } from './chain/refusals.ts';
import { permit } from './chain/table.ts';
import { staleFor } from './chain/reach.ts';
import { maySeePlan, planFrom, planParts, type KeptPlanItem } from './plans.ts';

export interface Progress {
  /** Reached by now, all in all. */
  readonly done: number;
  readonly note?: string | undefined;
  /** Refuses if somebody reported since; absent: on whatever there is. */
  readonly expectedVersion?: number | undefined;
}

/** Writes how far a task is. Two who report at once come one after the other; with `expectedVersion` the second is told to look again. */
export function reportProgress(house: House, asked: Asked, code: string, progress: Progress): Promise<CobuildAnswer<KeptPlanItem>> {
  const { district } = house;
  const { actor } = asked;
  const { done, note = null, expectedVersion } = progress;
  return act(house, asked, async (tx, now, log) => {
    const row = await tx
      .selectFrom('plan_item')
      .selectAll()
      .where('district', '=', district)
      .where('code', '=', code)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined || !maySeePlan(actor, planFrom(row))) return refused('not-found');
    const item = planFrom(row);
    const stale = staleFor(item.version, expectedVersion);
    if (stale !== null) return stale;
    const decided = verbOfReport(item, done);
    if ('code' in decided) return refused(decided.code);
    const permitted = permit(PLAN_LAW, item.state, decided.verb, planParts(actor, item));
    if (!permitted.ok) return permitted;
    const version = item.version + 1;
    const after = await tx
      .updateTable('plan_item')
      .set({ done, state: permitted.move.to, version })
      .where('district', '=', district)
      .where('code', '=', code)
      .returningAll()
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('plan_progress')
      .values({ district, plan: code, version, day: dayAt(now), done, note, by: actor.account, at: now })
      .execute();
    const { from, verb } = permitted.move;
    const value = planFrom(after);
    await log(PLAN_LAW, value, { verb, from, payload: { done, ...(note === null ? {} : { note }) } });
    return { ok: true, value };
  });
}

export type NewPlanItem = Omit<KeptPlanItem, 'state' | 'version' | 'done'>;

const PARENT_LEVEL: Readonly<Record<PlanLevel, PlanLevel | null>> = { plan: null, phase: 'plan', task: 'phase' };

/** Adds an item below another, within its days and its place. */
export function addPlanItem(house: House, asked: Asked, item: NewPlanItem): Promise<CobuildAnswer<KeptPlanItem>> {
  const { district } = house;
  const { actor } = asked;
  return act(house, asked, async (tx, _now, log) => {
    const permitted = permit(PLAN_LAW, 'none', 'add', planParts(actor, item));
    if (!permitted.ok) return permitted;
    const above = PARENT_LEVEL[item.level];
    if ((above === null) !== (item.parent === null)) return refused('plan-outside-parent');
    if (item.parent !== null) {
      const parent = await tx
        .selectFrom('plan_item')
        .selectAll()
        .where('district', '=', district)
        .where('code', '=', item.parent)
        .where('state', '<>', 'dropped')
        .forShare()
        .executeTakeFirst();
      const within = parent !== undefined && parent.level === above && parent.starts <= item.starts && item.ends <= parent.ends;
      if (!within || !item.place.startsWith(parent.place)) return refused('plan-outside-parent');
    }
    const row = await tx
      .insertInto('plan_item')
      .values(rowOf(district, item))
      .onConflict((on) => on.columns(['district', 'code']).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return refused('plan-exists');
    const { from, verb } = permitted.move;
    const value = planFrom(row);
    await log(PLAN_LAW, value, { verb, from });
    return { ok: true, value };
  });
}

/** Takes an item off the wall, with all below it that is open; reports stay. */
export function dropPlanItem(house: House, asked: Asked, code: string): Promise<CobuildAnswer<null>> {
  const { district } = house;
  const { actor } = asked;
  return act(house, asked, async (tx, _now, log) => {
    const { rows } = await sql<{ code: string; place: string; state: KeptPlanItem['state']; version: number }>`
      with recursive below as (
        select code from plan_item where district = ${district} and code = ${code}
        union all
        select p.code from plan_item p join below b on p.district = ${district} and p.parent = b.code
      )
      select code, place, state, version from plan_item
      where district = ${district} and code in (select code from below)
      order by code for update`.execute(tx);
    const top = rows.find((row) => row.code === code);
    if (top === undefined) return refused('not-found');
    const permitted = permit(PLAN_LAW, top.state, 'drop', planParts(actor, { place: top.place, ownerUnit: '' }));
    if (!permitted.ok) return permitted;
    for (const row of rows.filter(({ state }) => state === 'open')) {
      const version = row.version + 1;
      await tx
        .updateTable('plan_item')
        .set({ state: 'dropped', version })
        .where('district', '=', district)
        .where('code', '=', row.code)
        .execute();
      await log(PLAN_LAW, { code: row.code, version, state: 'dropped' }, { verb: 'drop', from: row.state });
    }
    return { ok: true, value: null };
  });
}

export function rowOf(district: number, item: NewPlanItem) {
  const { code, parent, level, place, ownerUnit, nameZh, nameEn, starts, ends, measureZh, measureEn, target } = item;
  const names = { name_zh: nameZh, name_en: nameEn, measure_zh: measureZh, measure_en: measureEn };
  return { district, code, parent, level, place, owner_unit: ownerUnit, ...names, starts, ends, target };
}
