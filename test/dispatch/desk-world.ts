/** One or more nodes of dispatch on one database with the demo world, without the service around them. */
import { randomUUID } from 'node:crypto';
import { startClock, type DbClock } from '../../src/db/clock.ts';
import type { Database } from '../../src/db/connect.ts';
import { openDatabase } from '../../src/db/connect.ts';
import type { Answer, Done } from '../../src/dispatch/answer.ts';
import type { Command, ReportInput } from '../../src/dispatch/chain/commands.ts';
import type { CommittedMove } from '../../src/dispatch/chain/committed.ts';
import type { Situation } from '../../src/dispatch/chain/run-cards.ts';
import { checkLog } from '../../src/dispatch/check.ts';
import { Deadlines } from '../../src/dispatch/deadlines.ts';
import { Desk, type DeskDeps } from '../../src/dispatch/desk.ts';
import { ensureFeed } from '../../src/dispatch/feed-row.ts';
import { Journal, type JournalOptions } from '../../src/dispatch/journal.ts';
import { JOURNAL_OPTIONS } from '../../src/dispatch/journal-statements.ts';
import { IncidentNumbers } from '../../src/dispatch/numbers.ts';
import { loadRules } from '../../src/dispatch/rules.ts';
import { loadReference, type Cell, type Reference } from '../../src/grid/reference.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

export const DISTRICT = 441802;

export interface DeskNode {
  readonly db: Database;
  readonly clock: DbClock;
  readonly journal: Journal;
  readonly desk: Desk;
  /** What the desk was made of: for a spec that needs one with another part. */
  readonly deps: DeskDeps;
  readonly deadlines: Deadlines;
  /** What the journal told, in the order in which it told it. */
  readonly told: CommittedMove[];
  /** What the deadlines complained of. */
  readonly troubles: unknown[];
}

export interface DeskWorld extends DeskNode {
  readonly database: TestDatabase;
  readonly reference: Reference;
  readonly nodes: readonly DeskNode[];
  /** A cell and a point inside it. */
  readonly cell: Cell;
  readonly position: { readonly lng: number; readonly lat: number };
  readonly people: People;
  /** Sets the database's time ahead, for every node. */
  timeMoves(ms: number): Promise<void>;
  /** Fails on anything that is wrong with the log. */
  proveLog(): Promise<void>;
  close(): Promise<void>;
}

export interface People {
  readonly gridWorker: Actor;
  readonly community: Actor;
  readonly subdistrict: Actor;
  readonly district: Actor;
  readonly secondDistrict: Actor;
  readonly auditor: Actor;
  unit(code: string): Actor;
}

/** @param options.automatic  deadlines fire on the nodes as their commits are told; else only by `check()`. */
export async function openDeskWorld(
  options: { nodes?: number; automatic?: boolean; journal?: Partial<JournalOptions> } = {},
): Promise<DeskWorld> {
  const database = await openTestDatabase({ world: true });
  const reference = await loadReference(database.db.kysely, DISTRICT);
  await ensureFeed(database.db.pool, DISTRICT);
  const nodes: DeskNode[] = [];
  for (let i = 0; i < (options.nodes ?? 1); i++) {
    const db = i === 0 ? database.db : openDatabase(database.config);
    nodes.push(await openNode(db, reference, options));
  }
  const cell = reference.cells.values().next().value!;
  return {
    ...nodes[0]!,
    database,
    reference,
    nodes,
    cell,
    position: pointIn(reference, cell),
    people: peopleOf(cell),
    async timeMoves(ms) {
      await database.shiftTime(ms);
      for (const node of nodes) await node.clock.resync();
    },
    async proveLog() {
      const findings = await checkLog(database.db);
      if (findings.length > 0) throw new Error(JSON.stringify(findings, null, 1));
    },
    async close() {
      for (const node of nodes) {
        await node.deadlines.stop();
        await node.journal.stop();
        node.clock.stop();
        if (node.db !== database.db) await node.db.close();
      }
      await database.drop();
    },
  };
}

/** Everybody at home and on duty, and no rule of responsibility. */
export const EVERYBODY_READY: Omit<Situation, 'now'> = {
  duty: { at: () => ({ state: 'on', crew: '1', until: null, next: null }) },
  positions: new Map(),
  rules: [],
};

function actorNamed(account: string): Actor | null {
  const [office, code = ''] = account.split('.');
  const subdistrict = code.slice(0, 9);
  if (office === 'community') return { account, role: 'community', district: DISTRICT, subdistrict, community: code };
  if (office === 'grid') return { account, role: 'gridWorker', district: DISTRICT, subdistrict, community: code.slice(0, 12), cell: code };
  return office === 'subdistrict' ? { account, role: 'subdistrict', district: DISTRICT, subdistrict } : null;
}

async function openNode(
  db: Database,
  reference: Reference,
  options: { automatic?: boolean; journal?: Partial<JournalOptions> },
): Promise<DeskNode> {
  const clock = await startClock(db);
  const rules = await loadRules(db.kysely, reference.calendar);
  const journal = new Journal({ district: DISTRICT, connect: () => db.client('journal', JOURNAL_OPTIONS), ...options.journal });
  await journal.start();
  const deps: DeskDeps = {
    district: DISTRICT,
    pool: db.pool,
    journal,
    numbers: new IncidentNumbers(db.pool, DISTRICT),
    clock,
    reference: () => reference,
    rules: () => rules,
    situation: () => EVERYBODY_READY,
    // Accounts are named after their place, as those of the demo are.
    findActor: async (account) => actorNamed(account),
    claimPhotos: async (ids) => ids.filter((id) => id.startsWith('00000000')),
    claimVoices: async (ids) => ids.filter((id) => id.startsWith('00000000')),
  };
  const desk = new Desk(deps);
  const troubles: unknown[] = [];
  const deadlines = new Deadlines({ district: DISTRICT, pool: db.pool, desk, clock, onTrouble: (_id, trouble) => troubles.push(trouble) });
  const told: CommittedMove[] = [];
  journal.onCommit((moves) => {
    told.push(...moves);
    if (options.automatic) deadlines.noticed(moves);
  });
  return { db, clock, journal, desk, deps, deadlines, told, troubles };
}

/** A point inside the cell: the middle of its first ring's corners may lie outside, so points between it and the corners are tried. */
export function pointIn(reference: Reference, cell: Cell): { lng: number; lat: number } {
  const { geometry } = cell;
  const ring = geometry.type === 'Polygon' ? geometry.coordinates[0]! : geometry.coordinates[0]![0]!;
  const middle = [0, 1].map((axis) => ring.reduce((sum, p) => sum + p[axis as 0 | 1], 0) / ring.length) as [number, number];
  for (const corner of [middle, ...ring]) {
    const lng = (middle[0] * 9 + corner[0]) / 10;
    const lat = (middle[1] * 9 + corner[1]) / 10;
    if (reference.place(lng, lat)?.cell === cell.code) return { lng, lat };
  }
  throw new Error(`no point found inside ${cell.code}`);
}

export function peopleOf({ code, community, subdistrict }: Pick<Cell, 'code' | 'community' | 'subdistrict'>): People {
  const district = DISTRICT;
  return {
    gridWorker: { account: `grid.${code}`, role: 'gridWorker', district, subdistrict, community, cell: code },
    community: { account: `community.${community}`, role: 'community', district, subdistrict, community },
    subdistrict: { account: `subdistrict.${subdistrict}`, role: 'subdistrict', district, subdistrict },
    district: { account: `district.${district}`, role: 'district', district },
    secondDistrict: { account: `district.${district}.2`, role: 'district', district },
    auditor: { account: 'auditor', role: 'auditor', district },
    unit: (unit) => ({ account: `unit.${unit}`, role: 'unit', district, unit }),
  };
}

/** A report of a level that no clock of a short spec touches, unless told otherwise. */
export function reportInput(world: Pick<DeskWorld, 'reference' | 'position'>, level: 'R1' | 'R2' | 'R3' | 'R4' = 'R4'): ReportInput {
  const category = [...world.reference.categories.values()].find((c) => c.level === level)!;
  return { category: category.code, description: '路面破损，请尽快处理', position: world.position };
}

export function done(answer: Answer): Done {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  return answer;
}

/** Reports and carries it on by these commands, each by its actor. */
export async function carry(world: DeskWorld, input: ReportInput, steps: readonly (readonly [Actor, Command])[]): Promise<Done> {
  let last = done(await world.desk.report(input, world.people.gridWorker, randomUUID()));
  for (const [actor, command] of steps) last = done(await world.desk.move(last.incident.id, command, actor, randomUUID()));
  return last;
}
