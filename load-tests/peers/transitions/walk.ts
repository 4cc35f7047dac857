/** The five steps that every contender carries: report → call → accept → dispatch → acknowledge, and who makes them. */
import { randomUUID } from 'node:crypto';
import type { Command, ReportInput } from '../../../src/dispatch/chain/commands.ts';
import type { Incident } from '../../../src/dispatch/chain/incident.ts';
import type { Cell, Reference } from '../../../src/grid/reference.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { DISTRICT } from '../cluster.ts';

export const STEPS = ['report', 'call', 'accept', 'dispatch', 'acknowledge'] as const;

/** A UUIDv7 as our pages make keys: time first, so that the index grows at its end. Made the cheapest way, as it is the caller's work. */
export function newKey(): string {
  const ms = Date.now().toString(16).padStart(12, '0');
  // From the version on, a random UUID is what a UUIDv7 is.
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${randomUUID().slice(15)}`;
}

/** Somebody's corner of the district, and the people who handle what is reported there. */
export interface Post {
  readonly gridWorker: Actor;
  readonly community: Actor;
  readonly subdistrict: Actor;
  readonly unit: Actor;
  readonly report: ReportInput;
}

export function postsOf(reference: Reference): Post[] {
  const category = [...reference.categories.values()].find((c) => c.level === 'R4')!;
  const units = [...reference.units.values()].filter((u) => u.mayLead);
  const posts: Post[] = [];
  for (const cell of reference.cells.values()) {
    const position = pointIn(reference, cell);
    if (position === null) continue;
    const { code, community, subdistrict } = cell;
    const unit = units[posts.length % units.length]!.code;
    posts.push({
      gridWorker: { account: `grid.${code}`, role: 'gridWorker', district: DISTRICT, subdistrict, community, cell: code },
      community: { account: `community.${community}`, role: 'community', district: DISTRICT, subdistrict, community },
      subdistrict: { account: `subdistrict.${subdistrict}`, role: 'subdistrict', district: DISTRICT, subdistrict },
      unit: { account: `unit.${unit}`, role: 'unit', district: DISTRICT, unit },
      report: { category: category.code, description: '人行道地砖破损松动，雨天积水，老人行走不便，请尽快修复', position },
    });
  }
  return posts;
}

/** Between the middle of the corners and a corner: one of these points lies inside unless the cell is very bent. */
function pointIn(reference: Reference, { code, geometry }: Cell): { lng: number; lat: number } | null {
  const ring = geometry.type === 'Polygon' ? geometry.coordinates[0]! : geometry.coordinates[0]![0]!;
  const mean = (axis: 0 | 1): number => ring.reduce((sum, corner) => sum + corner[axis]!, 0) / ring.length;
  const [lng, lat] = [mean(0), mean(1)];
  for (const corner of [[lng, lat], ...ring]) {
    const point = { lng: (lng * 9 + corner[0]!) / 10, lat: (lat * 9 + corner[1]!) / 10 };
    if (reference.place(point.lng, point.lat)?.cell === code) return point;
  }
  return null;
}

/** The command of step 1 to 4 on an incident that has made the steps before, and who gives it. */
export function commandOf(step: number, incident: Incident, post: Post): readonly [Command, Actor] {
  switch (STEPS[step]) {
    case 'call':
      return [{ verb: 'call' }, post.community];
    case 'accept':
      return [{ verb: 'accept' }, post.subdistrict];
    case 'dispatch':
      return [{ verb: 'dispatch', lead: { unit: post.unit.unit! } }, post.subdistrict];
    case 'acknowledge':
      return [{ verb: 'acknowledge', assignment: incident.assignments[0]!.id }, post.unit];
    default:
      throw new RangeError(`step ${step} is not a move`);
  }
}

/** Where each caller is on its way: which post it works for, and its incident. */
export class Walkers<State> {
  readonly #posts: readonly Post[];
  readonly #at = new Map<number, { step: number; state: State | null }>();

  constructor(posts: readonly Post[]) {
    this.#posts = posts;
  }

  /** @param make  makes the step on the state that the step before left behind (null for the report). */
  async step(k: number, make: (step: number, state: State | null, post: Post) => Promise<State>): Promise<boolean> {
    const at = this.#at.get(k) ?? { step: 0, state: null };
    const state = await make(at.step, at.state, this.#posts[k % this.#posts.length]!);
    const step = (at.step + 1) % STEPS.length;
    this.#at.set(k, { step, state: step === 0 ? null : state });
    return true;
  }
}

export const newId = (): string => randomUUID();
