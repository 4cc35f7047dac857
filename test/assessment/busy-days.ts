/** Some days in which people do whatever they may do at incidents, at random times: suspended, returned, recalled, reopened, late and never. */
import { randomUUID } from 'node:crypto';
import { seeded } from '../../scripts/replay/random.ts';
import { Desk } from '../../src/dispatch/desk.ts';
import type { Command } from '../../src/dispatch/chain/commands.ts';
import { currentAssignments, type Incident, type Level } from '../../src/dispatch/chain/incident.ts';
import { allowedVerbs } from '../../src/dispatch/chain/permissions.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { commandFor } from '../dispatch/chain/world.ts';
import { midnight, MINUTE_MS } from '../dispatch/chain/reference-time.ts';
import { done, peopleOf, pointIn, type DeskWorld } from '../dispatch/desk-world.ts';

/** Monday. */
export const BUSY_START_MS = midnight('2026-11-16') + 7 * 60 * MINUTE_MS;
const SENT = ['drainage-1', 'police-1', 'fire-1'];
/** The desk of the specs knows photos that begin like this. */
const PHOTOS = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'] as const;
/** What leads onward is done more often than what leads back, or nothing would ever be closed. */
const WEIGHT: Readonly<Record<string, number>> = {
  call: 8,
  accept: 8,
  dispatch: 12,
  acknowledge: 10,
  arrive: 8,
  finish: 12,
  assignCheck: 8,
  confirmClose: 16,
  acceptEvidence: 10,
  resume: 1.5,
  withdraw: 0.1,
  reject: 0.1,
  merge: 0.2,
  abort: 0.1,
  refer: 0.1,
  returnCall: 0.2,
  raise: 0.1,
  requestVerification: 0.3,
  suspend: 8,
  failCheck: 5,
  reopen: 0.6,
  extend: 2,
  regrade: 2,
  recall: 2,
  decline: 2,
  forceClose: 1.5,
  appeal: 3,
  unmerge: 2,
  returnReferral: 2,
  failSpotCheck: 3,
  settleOnSpot: 4,
  comment: 0.05,
  attach: 0.05,
};

export interface BusyDays {
  readonly desk: Desk;
  nowMs: number;
}

/** @param between  called now and then with the days so far. */
export async function liveThrough(
  world: DeskWorld,
  { seed, incidents, steps, between }: { seed: number; incidents: number; steps: number; between?: () => Promise<unknown> },
): Promise<BusyDays> {
  const random = seeded(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const [someUnit] = world.reference.units.values();
  const units = new Map([...world.reference.units, ...SENT.map((code) => [code, { ...someUnit!, code, mayLead: true }] as const)]);
  const days: BusyDays = {
    nowMs: BUSY_START_MS,
    desk: new Desk({ ...world.deps, reference: () => ({ ...world.reference, units }), clock: { now: () => new Date(days.nowMs) } }),
  };
  const cells = [...world.reference.cells.values()].filter((_, i) => i % 45 === 0);
  const live: Incident[] = [];

  async function report(level: Level = one(['R1', 'R2', 'R3', 'R3', 'R4']), cell = one(cells)): Promise<Incident> {
    const category = one([...world.reference.categories.values()].filter((c) => c.level === level));
    const input = { category: category.code, description: '路面破损', position: pointIn(world.reference, cell) };
    const { incident } = done(await days.desk.report(input, peopleOf(cell).gridWorker, randomUUID()));
    live.push(incident);
    return incident;
  }

  function peopleAt(incident: Incident): Actor[] {
    const p = peopleOf({ code: incident.cell, community: incident.community, subdistrict: incident.subdistrict });
    return [p.gridWorker, p.community, p.subdistrict, p.district, p.secondDistrict, ...incident.assignments.map((a) => p.unit(a.unit))];
  }

  async function step(): Promise<void> {
    const i = Math.floor(random() * live.length);
    const incident = (await days.desk.find(live[i]!.id, world.people.district))!;
    live[i] = incident;
    // The ladder, lapses and the steps of an R1 are the system's.
    if (random() < 0.35) return void (await days.desk.due(incident.id));
    const choices = peopleAt(incident).flatMap((actor) =>
      allowedVerbs(incident, actor).map((verb) => ({ actor, verb, weight: WEIGHT[verb] ?? 0.1 })),
    );
    let at = random() * choices.reduce((sum, c) => sum + c.weight, 0);
    const choice = choices.find((c) => (at -= c.weight) < 0);
    if (choice === undefined || choice.verb === 'report') return;
    const answer = await days.desk.move(incident.id, commandOf(choice.verb, incident, choice.actor), choice.actor, randomUUID());
    if (answer.ok) live[i] = answer.incident;
  }

  function commandOf(verb: Command['verb'], incident: Incident, { unit }: Actor): Command {
    const assignments = currentAssignments(incident);
    const command = commandFor(
      verb,
      incident,
      (assignments.find((a) => a.unit === unit) ?? (assignments.length > 0 ? one(assignments) : undefined))?.id ?? randomUUID(),
    );
    if (command.verb === 'suspend')
      return { ...command, until: new Date(days.nowMs + (1 + random() * 4) * 1_440 * MINUTE_MS).toISOString() };
    if (command.verb === 'extend' && incident.extensionAsked !== null) return { verb: 'extend', grant: true };
    if (command.verb === 'settleOnSpot') return { ...command, before: [PHOTOS[0]], after: [PHOTOS[1]] };
    return command.verb === 'merge' ? { ...command, into: one(live).id } : command;
  }

  /** What chance makes too seldom to be relied on: merged, withdrawn, closed by force. */
  async function seldom(): Promise<void> {
    // A subdistrict merges within its own.
    const cell = one(cells);
    const [merged, target] = [await report('R4', cell), await report('R4', cell)];
    const [withdrawn, forced] = [await report('R4'), await report('R3')];
    const move = async ({ id }: Incident, command: Command, actor: Actor) => done(await days.desk.move(id, command, actor, randomUUID()));
    const at = (incident: Incident) => peopleOf({ code: incident.cell, community: incident.community, subdistrict: incident.subdistrict });
    await move(merged, { verb: 'merge', into: target.id }, at(merged).subdistrict);
    await move(withdrawn, { verb: 'withdraw', reason: '报错了' }, at(withdrawn).gridWorker);
    await move(forced, { verb: 'call' }, at(forced).community);
    await move(forced, { verb: 'accept' }, at(forced).subdistrict);
    await move(forced, { verb: 'forceClose', reason: '无法处置' }, at(forced).district);
    days.nowMs += MINUTE_MS;
    await move(forced, { verb: 'forceClose', reason: '同意' }, at(forced).secondDistrict);
  }

  for (let n = 0; n < steps; n++) {
    // Whole milliseconds, now and then a night or more.
    days.nowMs += Math.ceil(random() ** 3 * (random() < 0.02 ? 900 : 25) * MINUTE_MS);
    if (live.length === 0 || (live.length < incidents && random() < (1.6 * incidents) / steps)) await report();
    else await step();
    if (between !== undefined && random() < 0.01) await between();
  }
  await seldom();
  return days;
}
