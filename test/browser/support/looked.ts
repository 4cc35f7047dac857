/** The world that every page is looked at in, in two languages and two themes: one incident, whose lead has acknowledged and whose assisting unit is rung. */
import { beforeAll, expect } from 'vitest';
import { CELL, COMMUNITY, HERE, SUBDISTRICT, type Person } from './browser.ts';
import { outside, type Outside } from './outside.ts';
import { type Standing, useHouse } from './use-house.ts';

export const LOCALES = ['zh-CN', 'en-GB'] as const;

export interface Looked extends Standing {
  readonly behind: Outside;
  readonly incident: string;
}

/** As `useHouse`, with that world in it. */
export function useLooked(): Looked {
  const stand = useHouse();
  let behind: Outside;
  let incident: string;
  beforeAll(async () => {
    behind = outside(stand.service.url);
    const { id } = await behind.report(`grid.${CELL}`, {
      category: 'C0102-01',
      description: '井盖翻起',
      position: { ...HERE, accuracyM: 6 },
    });
    incident = id;
    await behind.move(`community.${COMMUNITY}`, id, { verb: 'call' });
    await behind.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'accept' });
    const { assignments } = await behind.move(`subdistrict.${SUBDISTRICT}`, id, {
      verb: 'dispatch',
      lead: { unit: 'north-drainage' },
      assisting: [{ unit: 'urban-traffic' }],
    });
    const lead = assignments.find((a: { role: string }) => a.role === 'lead').id;
    await behind.move('unit.north-drainage', id, { verb: 'acknowledge', assignment: lead });
  });
  return {
    get service() {
      return stand.service;
    },
    get house() {
      return stand.house;
    },
    get behind() {
      return behind;
    },
    get incident() {
      return incident;
    },
  };
}

/** Nothing went wrong in the window, and it asked nobody but the service. */
export async function done({ context, troubles, strangers }: Person): Promise<void> {
  expect(troubles).toEqual([]);
  expect(strangers).toEqual([]);
  await context.close();
}
