import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/dispatch/chain/incident.ts';
import { levelNumber } from '../../src/dispatch/chain/levels.ts';
import { docOf, incidentFromRow } from '../../src/dispatch/incident-row.ts';
import { carry, openDeskWorld, reportInput, type DeskWorld } from './desk-world.ts';

const at = '2026-03-01T01:02:03.456Z';

describe('an incident and its row', () => {
  let world: DeskWorld;
  let reported: Incident;
  beforeAll(async () => {
    world = await openDeskWorld();
    reported = (await carry(world, reportInput(world), [])).incident;
  });
  afterAll(() => world.close());

  const throughRow = (incident: Incident): Incident =>
    incidentFromRow({
      ...incident,
      level: levelNumber(incident.level),
      reported_by: incident.reportedBy,
      found_at: new Date(incident.foundAt),
      reported_at: new Date(incident.reportedAt),
      doc: JSON.parse(docOf(incident)),
    });

  it('is the same again as it was reported', () => {
    expect(throughRow(reported)).toStrictEqual(reported);
  });

  it('is the same again with every field touched', () => {
    const touched: Incident = {
      ...reported,
      closedAt: at,
      photos: [{ id: randomUUID(), kind: 'found', by: 'a', at }],
      voices: [{ id: randomUUID(), by: 'a', at }],
      assignments: [{ id: randomUUID(), unit: 'u', role: 'lead', state: 'assigned', dispatch: 2, assignedAt: at, until: null }],
      dispatches: 2,
      clocks: { step: null, total: null },
      proof: 'spot',
      handlers: ['a'],
      checker: 'b',
      score: 5,
      declinedBy: ['u'],
      arbitration: { state: 'pending' },
      extensionAsked: { byMs: 1, reason: 'r', account: 'a', at },
      extensions: 1,
      forceCloseProposed: { account: 'a', at, reason: 'r' },
      suspendedUntil: at,
      paused: { step: null, total: null },
      mergedInto: randomUUID(),
      referredTo: 'x',
      raised: true,
      supervised: 3,
      verified: false,
      automatic: true,
      drill: true,
    };
    expect(throughRow(touched)).toStrictEqual(touched);
  });

  it('is read by another node as this one knows it', async () => {
    const { people } = world;
    const { incident } = await carry(world, reportInput(world), [
      [people.community, { verb: 'call' }],
      [people.subdistrict, { verb: 'accept' }],
      [people.subdistrict, { verb: 'dispatch', runCard: true }],
    ]);
    expect(await world.desk.find(incident.id, people.district)).toEqual(incident);
  });
});
