/** 今日路线 (today's walk): a place is ticked by whoever was there, not because nobody asks any more. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import type { Me, WireIncident } from '../../web/shared/types.ts';
import { keepIn, memoryDb } from './support/kept.ts';
import { newDevice, openPage } from './support/page.ts';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-23T07:00:00Z') }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const CELL = '441802006007005';
const incident = (id: string, by: Partial<WireIncident> = {}) =>
  ({
    id,
    version: 1,
    state: 'verifying',
    cell: CELL,
    category: 'C0102-01',
    may: ['answerVerification'],
    position: { lng: 113.03, lat: 23.7 },
    reportedAt: '2026-11-23T06:00:00Z',
    reportedBy: 'grid.1',
    deadlines: [],
    assignments: [],
    ...by,
  }) as unknown as WireIncident;

async function open() {
  openPage(newDevice());
  vi.stubGlobal('navigator', { onLine: true });
  keepIn(memoryDb());
  const { me } = await import('../../web/shared/session.ts');
  me.value = { account: 'grid.1', role: 'gridWorker', cell: CELL } as unknown as Me;
  const store = await import('../../web/field/incidents/store.ts');
  const walk = await import('../../web/field/walk/walk.ts');
  store.put(incident('withdrawn'), incident('answered'));
  store.loaded.value = true;
  await walk.startWalk();
  await vi.advanceTimersByTimeAsync(100);
  return { put: store.put, ...walk, ticked: () => walk.behind.value.map((stop) => stop.id) };
}

it('what the community withdrew is gone, and not walked', async () => {
  const { put, ticked, ahead } = await open();
  expect(ahead.value.map((s) => s.id).sort()).toEqual(['answered', 'withdrawn']);
  put(incident('withdrawn', { version: 2, state: 'cancelled', may: [] }));
  await nextTick();
  expect(ahead.value.map((s) => s.id)).toEqual(['answered']);
  expect(ticked()).toEqual([]);
});

it('what this person answered is walked, until it is asked for again', async () => {
  const { put, ticked, answered } = await open();
  answered('answered');
  // A good check is told to the community, which closes: it is still asked for, and not ahead any more.
  await nextTick();
  expect(ticked()).toEqual(['answered']);
  put(incident('answered', { version: 2, state: 'reported', may: [] }));
  await nextTick();
  expect(ticked()).toEqual(['answered']);
  put(incident('answered', { version: 3, state: 'checking', may: ['failCheck'] }));
  await nextTick();
  expect(ticked()).toEqual([]);
});
