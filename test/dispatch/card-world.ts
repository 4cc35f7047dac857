/** A street with units along it, for specs of the run card: who is where, on duty or not. */
import { UNTOUCHED } from '../../src/dispatch/chain/fold.ts';
import type { Called, RunCardBook, RunCardRow, RunCardUnit, Situation } from '../../src/dispatch/chain/run-cards.ts';
import type { Duty } from '../../src/grid/duty.ts';
import { buildNearest } from '../../src/grid/nearest.ts';
import type { ResponsibilityRule } from '../../src/grid/responsibility.ts';

export const HERE = '441802006';
export const ELSEWHERE = '441802007';
export const COMMUNITY = '441802006001';
/** 10:00 in Qingyuan. */
export const NOW = new Date('2026-11-26T02:00:00.000Z');
export const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000).toISOString();
/** A point that many kilometres east of the incident. */
export const kmEast = (km: number) => ({ lng: 113 + km / 101.82, lat: 23.7 });

export const ON: Duty = {
  state: 'on',
  crew: '1',
  until: '2026-11-26T12:00:00.000Z',
  next: { crew: '2', from: '2026-11-26T12:00:00.000Z' },
};
export const ON_CALL: Duty = { ...ON, state: 'onCall' };
/** Somebody comes at 20:00. */
export const OFF: Duty = { ...ON, state: 'off', crew: null };

export function unit(code: string, type: string, km: number, changed: Partial<RunCardUnit> = {}): RunCardUnit {
  const standIn = { standInUnit: code, standInDuty: 'full' as const };
  return { code, nameZh: `${code}队`, nameEn: code, type, position: kmEast(km), scope: [HERE], mayLead: true, ...standIn, ...changed };
}

export function card(match: RunCardRow['match'], target: string, changed: Partial<RunCardRow> = {}): RunCardRow {
  return { code: `${target}-R2`, match, target, level: 'R2', leadType: 'fire', assisting: [], radiusKm: 20, ...changed };
}

/** A card for all of class C01 that is led by a fire station. */
export const FIRE_LEADS = card('class', 'C01');

export function book(runCards: readonly RunCardRow[], units: readonly RunCardUnit[]): RunCardBook {
  const names = {
    fire: ['消防站', 'Fire station'],
    police: ['派出所', 'Police station'],
    medical: ['急救站', 'Ambulance station'],
  } as const;
  return {
    runCards,
    units: new Map(units.map((u) => [u.code, u])),
    unitTypes: new Map(Object.entries(names).map(([code, [nameZh, nameEn]]) => [code, { nameZh, nameEn }])),
    nearest: buildNearest(units),
    category: (code) => (code.startsWith('C0101') ? { category: 'C0101', leadType: 'police', assistTypes: ['medical'] } : undefined),
  };
}

export interface Given {
  /** Units that are not on duty as everybody else. */
  readonly duty?: Readonly<Record<string, Duty>>;
  /** Kilometres east, and how many minutes ago. */
  readonly at?: Readonly<Record<string, readonly [km: number, minutes: number]>>;
  readonly rules?: readonly ResponsibilityRule[];
}

export function situation({ duty = {}, at = {}, rules = [] }: Given = {}): Situation {
  return {
    now: NOW,
    duty: { at: (code) => duty[code] ?? ON },
    positions: new Map(Object.entries(at).map(([code, [km, minutes]]) => [code, { position: kmEast(km), at: minutesAgo(minutes) }])),
    rules,
  };
}

export const INCIDENT: Called = {
  category: 'C0101-02',
  level: 'R2',
  position: kmEast(0),
  subdistrict: HERE,
  community: COMMUNITY,
  ...UNTOUCHED,
};

export function rule(unitCode: string, changed: Partial<ResponsibilityRule> = {}): ResponsibilityRule {
  const id = `rule-${unitCode}`;
  const everywhere = { match: 'category', target: 'C0101', ownership: null, area: '441802' } as const;
  return { id, ...everywhere, unit: unitCode, source: '区府办〔2026〕3号', since: '2026-01-01T00:00:00.000Z', ...changed };
}
