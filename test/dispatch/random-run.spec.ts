import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from '../../src/dispatch/desk.ts';
import { LOGGED_MOVES, VERBS, type Verb } from '../../src/dispatch/chain/states.ts';
import type { Incident } from '../../src/dispatch/chain/incident.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { commandFor } from './chain/world.ts';
import { done, openDeskWorld, reportInput, type DeskWorld } from './desk-world.ts';

/** Units that `commandFor` names. */
const SENT = ['drainage-1', 'police-1', 'fire-1'];

describe('a random run', () => {
  let world: DeskWorld;
  let desks: Desk[];
  beforeAll(async () => {
    world = await openDeskWorld({ nodes: 2 });
    const [someUnit] = world.reference.units.values();
    const units = new Map([...world.reference.units, ...SENT.map((code) => [code, { ...someUnit!, code, mayLead: true }] as const)]);
    desks = world.nodes.map((node) => new Desk({ ...node.deps, reference: () => ({ ...world.reference, units }) }));
  });
  afterAll(() => world.close());

  const choice = fc.record({
    verb: fc.constantFrom(...VERBS.filter((v): v is Exclude<Verb, 'report'> => v !== 'report')),
    who: fc.nat({ max: 20 }),
    node: fc.nat({ max: 1 }),
    which: fc.nat({ max: 3 }),
    system: fc.nat({ max: 5 }),
  });
  const run = fc.record({ level: fc.constantFrom('R1', 'R2', 'R3', 'R4'), choices: fc.array(choice, { minLength: 5, maxLength: 40 }) });

  function people(incident: Incident): Actor[] {
    const { gridWorker, community, subdistrict, district, secondDistrict, unit } = world.people;
    const units = incident.assignments.map((a) => unit(a.unit));
    return [
      gridWorker,
      { ...gridWorker, account: 'grid.other' },
      community,
      subdistrict,
      subdistrict,
      district,
      secondDistrict,
      ...units,
      ...units,
    ];
  }

  it('over two nodes leaves every incident as the fold of its log, with its chain of hashes and no gap', async () => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(fc.array(run, { minLength: 2, maxLength: 6 }), async (runs) => {
      await Promise.all(
        runs.map(async ({ level, choices }) => {
          let { incident } = done(await desks[0]!.report(reportInput(world, level), world.people.gridWorker, randomUUID()));
          for (const { verb, who, node, which, system } of choices) {
            // Now and then the system does what is due meanwhile; what it did is met as a newer version.
            if (system === 0) await desks[1 - node]!.due(incident.id);
            const all = people(incident);
            const open = incident.assignments.filter((a) => a.dispatch === incident.dispatches);
            const command = commandFor(verb, incident, open[which % Math.max(1, open.length)]?.id);
            const answer = await desks[node]!.move(incident.id, command, all[who % all.length]!, randomUUID());
            if (!answer.ok) continue;
            incident = answer.incident;
            for (const m of answer.moves) seen.add(`${m.from} ${m.verb} ${m.to}`);
          }
        }),
      );
      await world.proveLog();
    });
    await fc.assert(property, { numRuns: 40, seed: 20261120, endOnFailure: true });
    // It went somewhere: many different moves, none that the table does not have.
    expect(seen.size).toBeGreaterThan(30);
    const table = new Set(LOGGED_MOVES.map((m) => `${m.from} ${m.verb} ${m.to}`));
    expect([...seen].filter((m) => !table.has(m))).toEqual([]);
  });
});
