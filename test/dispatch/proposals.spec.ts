import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProposalWatch } from '../../src/dispatch/proposal-watch.ts';
import { acceptProposal, propose, readProposals, refuseProposal } from '../../src/dispatch/proposals.ts';
import { OpenRules, readRules } from '../../src/grid/responsibilities.ts';
import { carry, DISTRICT, done, openDeskWorld, reportInput, type DeskWorld } from './desk-world.ts';

describe('三次裁定一致 (three equal rulings)', () => {
  let world: DeskWorld;
  let leads: string[];
  let rows: string[];
  beforeAll(async () => {
    world = await openDeskWorld({ nodes: 2 });
    rows = [...new Set([...world.reference.categories.values()].filter((c) => c.level === 'R4').map((c) => c.category))];
    leads = [...world.reference.units.values()].filter((u) => u.mayLead).map((u) => u.code);
  });
  afterAll(async () => {
    await world.proveLog();
    await world.close();
  });

  /** An incident that three units declined, and the subdistrict's ruling on it. @returns its id. */
  async function ruled(unit: string, category: string): Promise<string> {
    const { people } = world;
    const input = { ...reportInput(world), category };
    const { incident } = await carry(world, input, [
      [people.community, { verb: 'call' }],
      [people.subdistrict, { verb: 'accept' }],
    ]);
    const { id } = incident;
    for (const other of leads.filter((u) => u !== unit).slice(0, 3)) {
      const sent = done(await world.desk.move(id, { verb: 'dispatch', lead: { unit: other } }, people.subdistrict, randomUUID())).incident;
      const assignment = sent.assignments.at(-1)!.id;
      done(await world.desk.move(id, { verb: 'decline', assignment, reason: '不归我们管' }, people.unit(other), randomUUID()));
    }
    done(await world.desk.move(id, { verb: 'arbitrate', unit, ruling: '道路在你辖区' }, people.subdistrict, randomUUID()));
    return id;
  }
  async function threeRulings(unit: string, category: string): Promise<string[]> {
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push(await ruled(unit, category));
    return ids;
  }
  const kysely = () => world.db.kysely;
  const open = () => readProposals(kysely(), DISTRICT, { open: true });
  const rowOf = (category: string) =>
    [...world.reference.categories.values()].find((c) => c.category === category && c.level === 'R4')!.code;
  const answering = (account = 'district.441802') => ({ ruleId: randomUUID(), account, now: world.clock.now() });

  it('propose a rule once, on however many nodes and however often it is looked', async () => {
    const [unit, category] = [leads[0]!, rows[0]!];
    await ruled(unit, rowOf(category));
    await ruled(unit, rowOf(category));
    await ruled(leads[1]!, rowOf(category));
    expect(await propose(kysely(), DISTRICT)).toBe(0);
    const third = await ruled(unit, rowOf(category));
    const made = await Promise.all([0, 1, 0, 1].map((n) => propose(world.nodes[n]!.db.kysely, DISTRICT)));
    expect(made.reduce((sum, n) => sum + n)).toBe(1);
    const [proposal, ...others] = await open();
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({ category, community: world.cell.community, unit, ownership: null, answer: null });
    expect(proposal!.evidence.map((e) => e.ruling)).toEqual(['道路在你辖区', '道路在你辖区', '道路在你辖区']);
    expect(proposal!.evidence.at(-1)!.incident).toBe(third);
    await refuseProposal(kysely(), DISTRICT, proposal!.id, { account: 'district.441802', now: world.clock.now(), reason: '先看一季度' });
  });

  it('are found by a node that hears of the third, and by one that starts after it', async () => {
    await threeRulings(leads[0]!, rowOf(rows[1]!));
    // Whoever wrote the third ruling died before it looked: the log is all there is.
    const watch = new ProposalWatch(() => propose(world.nodes[1]!.db.kysely, DISTRICT), fail);
    await watch.soon();
    expect((await open()).map((p) => p.category)).toEqual([rows[1]]);

    await threeRulings(leads[0]!, rowOf(rows[2]!));
    watch.noticed([{ verb: 'comment' }]);
    watch.noticed([{ verb: 'arbitrate' }, { verb: 'arbitrate' }]);
    await watch.stop();
    expect((await open()).map((p) => p.category).sort()).toEqual([rows[1], rows[2]]);
  });

  it('become one rule when several accept at once; the next dispatch goes by it', async () => {
    const [proposal] = await open();
    const answers = await Promise.all(
      [0, 1, 0].map((n) => acceptProposal(world.nodes[n]!.db.kysely, DISTRICT, world.reference, proposal!.id, answering(`district.${n}`))),
    );
    expect(answers.map((a) => ('code' in a ? a.code : 'accepted')).sort()).toEqual(['accepted', 'proposal-answered', 'proposal-answered']);
    const rules = await readRules(kysely(), DISTRICT, { ended: true });
    expect(rules).toMatchObject([
      { match: 'category', target: proposal!.category, area: proposal!.community, unit: proposal!.unit, ownership: null, endedAt: null },
    ]);
    for (const { number } of proposal!.evidence) expect(rules[0]!.source).toContain(number);
    const held = new OpenRules(kysely(), DISTRICT);
    await held.reload();
    expect(held.current().map((r) => r.id)).toEqual([rules[0]!.id]);
  });

  it('do not come back for the same three after a refusal, but for the next three', async () => {
    const [proposal] = await open();
    const { unit, category } = proposal!;
    const how = { account: 'district.441802', now: world.clock.now(), reason: '界线还没划定' };
    expect(await refuseProposal(kysely(), DISTRICT, proposal!.id, how)).toMatchObject({ answer: 'refused', reason: '界线还没划定' });
    expect(await refuseProposal(kysely(), DISTRICT, proposal!.id, how)).toEqual({ code: 'proposal-answered' });
    expect(await acceptProposal(kysely(), DISTRICT, world.reference, proposal!.id, answering())).toEqual({ code: 'proposal-answered' });
    await ruled(unit, rowOf(category));
    await ruled(unit, rowOf(category));
    expect(await propose(kysely(), DISTRICT)).toBe(0);
    await ruled(unit, rowOf(category));
    expect(await propose(kysely(), DISTRICT)).toBe(1);
    const again = (await open()).find((p) => p.category === category)!;
    expect(again.evidence.map((e) => e.incident)).not.toContain(proposal!.evidence[0]!.incident);
  });

  it('are not proposed where the table says the same already, and replace what it says otherwise', async () => {
    const [rule] = await readRules(kysely(), DISTRICT, { ended: false });
    const category = rule!.target;
    await threeRulings(rule!.unit, rowOf(category));
    expect(await propose(kysely(), DISTRICT)).toBe(0);
    await threeRulings(leads[4]!, rowOf(category));
    expect(await propose(kysely(), DISTRICT)).toBe(1);
    const proposal = (await open()).find((p) => p.unit === leads[4])!;
    const fresh = await acceptProposal(kysely(), DISTRICT, world.reference, proposal.id, answering());
    expect(fresh).toMatchObject({ target: category, unit: leads[4] });
    const kept = (await readRules(kysely(), DISTRICT, { ended: true })).filter((r) => r.target === category);
    expect(kept.map((r) => [r.unit, r.endedAt !== null])).toEqual([
      [rule!.unit, true],
      [leads[4], false],
    ]);
  });

  const fail = (error: unknown): never => {
    throw error;
  };
});
