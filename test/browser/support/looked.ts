/** The world that every page is looked at in, in two languages and two themes: one incident, whose lead has acknowledged and whose assisting unit is rung. */
import { expect } from 'vitest';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House, type Person } from './browser.ts';
import { outside, type Outside } from './outside.ts';

export const LOCALES = ['zh-CN', 'en-GB'] as const;

export interface Looked {
  readonly service: TestServer;
  readonly house: House;
  readonly behind: Outside;
  readonly incident: string;
  close(): Promise<void>;
}

export async function openLooked(): Promise<Looked> {
  const service = await startTestServer({ pages: true });
  const house = await openHouse(service.url);
  const behind = outside(service.url);
  const { id } = await behind.report(`grid.${CELL}`, {
    category: 'C0102-01',
    description: '井盖翻起',
    position: { ...HERE, accuracyM: 6 },
  });
  await behind.move(`community.${COMMUNITY}`, id, { verb: 'call' });
  await behind.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'accept' });
  const { assignments } = await behind.move(`subdistrict.${SUBDISTRICT}`, id, {
    verb: 'dispatch',
    lead: { unit: 'north-drainage' },
    assisting: [{ unit: 'urban-traffic' }],
  });
  const lead = assignments.find((a: { role: string }) => a.role === 'lead').id;
  await behind.move('unit.north-drainage', id, { verb: 'acknowledge', assignment: lead });
  return {
    service,
    house,
    behind,
    incident: id,
    async close() {
      await house.close();
      await service.stop();
    },
  };
}

/** Nothing went wrong in the window, and it asked nobody but the service. */
export async function done({ context, troubles, strangers }: Person): Promise<void> {
  expect(troubles).toEqual([]);
  expect(strangers).toEqual([]);
  await context.close();
}
