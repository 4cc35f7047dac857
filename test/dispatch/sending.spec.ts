import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../src/dispatch/chain/commands.ts';
import type { Situation } from '../../src/dispatch/chain/run-cards.ts';
import { Desk } from '../../src/dispatch/desk.ts';
import type { Duty } from '../../src/grid/duty.ts';
import { buildNearest } from '../../src/grid/nearest.ts';
import { done, EVERYBODY_READY, openDeskWorld, reportInput, type DeskWorld } from './desk-world.ts';

const OFF: Duty = { state: 'off', crew: null, until: null, next: null };

describe('sending units, on real PostgreSQL', () => {
  let world: DeskWorld;
  /** One desk a node; all see the same situation. */
  let desks: Desk[];
  let situation: Omit<Situation, 'now'>;
  beforeAll(async () => {
    world = await openDeskWorld({ nodes: 2 });
    desks = world.nodes.map((node) => new Desk({ ...node.deps, situation: () => situation }));
  });
  afterAll(async () => {
    await world.proveLog();
    await world.close();
  });
  beforeEach(() => void (situation = EVERYBODY_READY));

  const offDuty = (isOff: (unit: string) => boolean) => ({
    ...EVERYBODY_READY,
    duty: { at: (unit: string) => (isOff(unit) ? OFF : EVERYBODY_READY.duty.at(unit, 0)) },
  });
  const typeOf = (unit: string) => world.reference.units.get(unit)!.type;
  const report = async (level: 'R1' | 'R2') =>
    done(await desks[0]!.report(reportInput(world, level), world.people.gridWorker, randomUUID())).incident;
  const rows = async (id: string) =>
    (await world.db.pool.query('select verb, actor, payload from move where incident = $1 order by version', [id])).rows as {
      verb: string;
      actor: string;
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- looked at field by field
      payload: any;
    }[];
  /** Lets the system do all that is due. */
  async function runByItself(id: string, desk = desks[0]!) {
    let last = null;
    for (let answer = await desk.due(id); answer !== null; answer = await desk.due(id)) last = done(answer).incident;
    return last!;
  }
  async function coordinating(level: 'R1' | 'R2' = 'R2') {
    const { id } = await report(level);
    done(await desks[0]!.move(id, { verb: 'call' }, world.people.community, randomUUID()));
    return done(await desks[0]!.move(id, { verb: 'accept' }, world.people.subdistrict, randomUUID())).incident;
  }
  const dispatch = (id: string) => desks[0]!.move(id, { verb: 'dispatch', runCard: true }, world.people.subdistrict, randomUUID());

  describe('特急 runs by itself', () => {
    it('and sends who is on duty, saying why', async () => {
      const usual = await runByItself((await report('R1')).id);
      const first = usual.assignments.find((a) => a.role === 'lead')!.unit;
      situation = offDuty((unit) => unit === first);
      const tonight = await runByItself((await report('R1')).id);
      const second = tonight.assignments.find((a) => a.role === 'lead')!.unit;
      expect(tonight.state).toBe('dispatched');
      expect(second).not.toBe(first);
      expect(typeOf(second)).toBe(typeOf(first));
      const sent = (await rows(tonight.id)).at(-1)!;
      expect(sent).toMatchObject({
        verb: 'dispatch',
        actor: 'system',
        payload: { runCard: true, card: { code: expect.stringMatching(/-R1$/) } },
      });
      expect(Object.keys(sent.payload.card.why).sort()).toEqual(tonight.assignments.map((a) => a.unit).sort());
    });

    it('goes by where the units are now', async () => {
      const usual = (await runByItself((await report('R1')).id)).assignments.find((a) => a.role === 'lead')!.unit;
      // A second unit of the type, far away by its home.
      const other = {
        ...world.reference.units.get(usual)!,
        code: 'second',
        position: { lng: world.position.lng + 0.1, lat: world.position.lat },
      };
      const units = new Map([...world.reference.units, ['second', other]]);
      const reference = { ...world.reference, units, nearest: buildNearest([...units.values()]) };
      const desk = new Desk({ ...world.deps, reference: () => reference, situation: () => situation });
      const leadNow = async () => (await runByItself((await report('R1')).id, desk)).assignments.find((a) => a.role === 'lead')!.unit;
      expect(await leadNow()).toBe(usual);
      const near = { position: world.position, at: world.clock.now().toISOString() };
      situation = { ...EVERYBODY_READY, positions: new Map([['second', near]]) };
      expect(await leadNow()).toBe('second');
    });

    it('and is raised to a person, with the reasons, where no lead is on duty', async () => {
      const usual = await runByItself((await report('R1')).id);
      const wanted = typeOf(usual.assignments.find((a) => a.role === 'lead')!.unit);
      const leads = new Set([...world.reference.units.values()].filter((u) => u.type === wanted).flatMap((u) => [u.code, u.standInUnit]));
      situation = offDuty((unit) => leads.has(unit));
      const raised = await runByItself((await report('R1')).id);
      expect(raised).toMatchObject({ state: 'coordinating', raised: true, automatic: false, assignments: [] });
      const last = (await rows(raised.id)).at(-1)!;
      expect(last).toMatchObject({ verb: 'raise', actor: 'system' });
      expect(last.payload.reason).toContain('没有在岗的');
      expect(await desks[1]!.due(raised.id, raised.version)).toBeNull();
    });
  });

  describe('再次出动 (a further alarm)', () => {
    it('sends all it finds in one row of the log', async () => {
      const { id } = await coordinating();
      const first = done(await dispatch(id)).incident;
      const before = (await rows(id)).length;
      const answer = done(await desks[0]!.move(id, { verb: 'addUnit', runCard: true }, world.people.subdistrict, randomUUID()));
      const log = await rows(id);
      expect(log.length).toBe(before + 1);
      const { payload } = log.at(-1)!;
      expect(payload).toMatchObject({ alarm: 2, runCard: true });
      expect(payload.changed.length).toBeGreaterThan(1);
      expect(answer.incident).toMatchObject({ alarm: 2, state: 'dispatched' });
      expect(answer.incident.assignments.length).toBe(first.assignments.length + payload.changed.length);
      expect(new Set(answer.incident.assignments.map((a) => a.unit)).size).toBe(answer.incident.assignments.length);
      for (const { unit, role, until } of payload.changed) {
        expect({ role, rings: until !== null, why: payload.card.why[unit].zh }).toMatchObject({
          role: 'assist',
          rings: true,
          why: expect.stringContaining('在岗'),
        });
      }
    });

    it('on two nodes at once is two alarms, no unit twice', async () => {
      const { id } = await coordinating();
      done(await dispatch(id));
      const both = await Promise.all(
        desks.map((desk) => desk.move(id, { verb: 'addUnit', runCard: true }, world.people.subdistrict, randomUUID())),
      );
      expect(both.map((a) => done(a).incident.alarm).sort()).toEqual([2, 3]);
      const units = (await desks[0]!.find(id, world.people.subdistrict))!.assignments.map((a) => a.unit);
      expect(new Set(units).size).toBe(units.length);
    });

    it('says which unit was taken meanwhile, when it is sent as it was shown', async () => {
      const { id } = await coordinating();
      done(await dispatch(id));
      const spare = [...world.reference.units.values()].filter((u) => u.type === 'sanitation').map((u) => u.code);
      const shown: Command = { verb: 'addUnit', runCard: true, assisting: spare.slice(0, 2).map((unit) => ({ unit })) };
      done(await desks[1]!.move(id, { verb: 'addUnit', unit: spare[1]! }, world.people.district, randomUUID()));
      const late = await desks[0]!.move(id, shown, world.people.subdistrict, randomUUID());
      expect(late).toMatchObject({ ok: false, refusal: { code: 'unit-already-sent', unit: spare[1] } });
      expect((await desks[0]!.find(id, world.people.subdistrict))!.alarm).toBe(1);
    });

    it('is refused with the reasons where nobody is left', async () => {
      const { id } = await coordinating();
      done(await dispatch(id));
      situation = offDuty(() => true);
      const answer = await desks[0]!.move(id, { verb: 'addUnit', runCard: true }, world.people.subdistrict, randomUUID());
      expect(answer).toMatchObject({
        ok: false,
        refusal: { code: 'alarm-unfilled', shortfalls: expect.arrayContaining([expect.anything()]) },
      });
    });

    it('may be asked for by the lead and by nobody who only assists', async () => {
      const { id } = await coordinating();
      const sent = done(await dispatch(id)).incident;
      const [lead, assistant] = (['lead', 'assist'] as const).map((role) =>
        world.people.unit(sent.assignments.find((a) => a.role === role)!.unit),
      );
      const ask = (actor: typeof lead) => desks[0]!.move(id, { verb: 'addUnit', runCard: true }, actor!, randomUUID());
      expect(await ask(assistant)).toMatchObject({ ok: false, refusal: { code: 'not-yours' } });
      expect(done(await ask(lead)).incident.alarm).toBe(2);
    });

    it('counts from one again after a recall', async () => {
      const { id } = await coordinating();
      done(await dispatch(id));
      done(await desks[0]!.move(id, { verb: 'addUnit', runCard: true }, world.people.subdistrict, randomUUID()));
      done(await desks[0]!.move(id, { verb: 'recall', reason: '换一个主办' }, world.people.subdistrict, randomUUID()));
      expect(done(await dispatch(id)).incident.alarm).toBe(1);
    });
  });

  it('sends by hand who is off duty, and keeps in the log that nobody was there', async () => {
    const { id } = await coordinating();
    const lead = [...world.reference.units.values()].find((u) => u.mayLead)!.code;
    situation = offDuty((unit) => unit === lead);
    const { moves } = done(await desks[0]!.move(id, { verb: 'dispatch', lead: { unit: lead } }, world.people.subdistrict, randomUUID()));
    expect(moves[0]!.payload.offDuty).toEqual([lead]);
    expect(moves[0]!.payload.card).toBeUndefined();
  });

  it('gives the card’s reasons to what was sent as shown, and none to what a person chose otherwise', async () => {
    const { id } = await coordinating();
    const card = done(await dispatch((await coordinating()).id)).incident.assignments;
    const lead = card.find((a) => a.role === 'lead')!.unit;
    const byHand = [...world.reference.units.keys()].find((unit) => !card.some((a) => a.unit === unit))!;
    const shown = { verb: 'dispatch' as const, runCard: true, lead: { unit: lead }, assisting: [{ unit: byHand }] } satisfies Command;
    const { moves } = done(await desks[0]!.move(id, shown, world.people.subdistrict, randomUUID()));
    expect(Object.keys(moves[0]!.payload.card!.why)).toEqual([lead]);
  });

  it('lets the lead be who the table of responsibilities names, by the ownership that the dispatch says', async () => {
    const { id, category } = await coordinating();
    const owner = [...world.reference.units.values()].find((u) => u.type === 'property-service')!.code;
    const target = world.reference.category(category)!.category;
    const rule = {
      id: randomUUID(),
      match: 'category',
      target,
      ownership: 'property',
      area: '441802',
      unit: owner,
      source: '物业条例',
      since: '2026-01-01T00:00:00.000Z',
    } as const;
    situation = { ...EVERYBODY_READY, rules: [rule] };
    const command = { verb: 'dispatch', runCard: true, ownership: 'property' } as const;
    const { incident, moves } = done(await desks[0]!.move(id, command, world.people.subdistrict, randomUUID()));
    expect(incident).toMatchObject({ ownership: 'property' });
    expect(incident.assignments[0]).toMatchObject({ role: 'lead', unit: owner });
    expect(moves[0]!.payload.card).toMatchObject({ rule: rule.id, why: { [owner]: { zh: expect.stringMatching(/^按权责表：/) } } });
  });
});
