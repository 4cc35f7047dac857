/** Part 7: point → cell, and the nearest units. CPU of a call; no database has a part in it. */
import path from 'node:path';
import { startChild } from '../child.ts';
import { firstLine, type Missing } from '../contest.ts';
import { median } from '../measure.ts';

export interface WhereRow {
  readonly what: 'locate' | 'nearest';
  readonly contender: string;
  /** What was searched: `5,041 cells`. */
  readonly of: string;
  readonly ns: number;
  readonly lowNs: number;
  readonly highNs: number;
  /** Answers unlike those of looking at all there is; only of ours. */
  readonly unlike?: number;
}

export interface WhereResult {
  readonly rows: readonly WhereRow[];
  readonly missing: readonly Missing[];
}

interface Reading {
  readonly ns: number;
  readonly unlike?: number;
}

export const OUR_WHERE = 'Fengming';
const CONTENDERS = [OUR_WHERE, 'flatbush'] as const;
const CELLS_PER_SIDE = 71;
const UNITS = 2_000;
const K = 10;

export async function where(quick: boolean, say: (line: string) => void): Promise<WhereResult> {
  const calls = quick ? 20_000 : 200_000;
  const nearest = { units: UNITS, k: K, calls };
  const cases = [
    {
      what: 'locate',
      of: `${(CELLS_PER_SIDE ** 2).toLocaleString('en')} cells`,
      argument: { side: CELLS_PER_SIDE, calls: quick ? 500_000 : 4_000_000 },
    },
    { what: 'nearest', of: `${UNITS.toLocaleString('en')} units`, argument: nearest },
    { what: 'nearest', of: `${UNITS.toLocaleString('en')} units, those of one of eight types`, argument: { ...nearest, type: 't3' } },
  ] as const;
  const rows: WhereRow[] = [];
  const missing = new Map<string, string>();
  for (const { what, of, argument } of cases) {
    const readings = new Map<string, Reading[]>();
    for (let i = 0; i < (quick ? 1 : 5); i++) {
      for (const contender of CONTENDERS) {
        if (missing.has(contender)) continue;
        try {
          readings.set(contender, [
            ...(readings.get(contender) ?? []),
            await askOnce(what, { ...argument, ours: contender === OUR_WHERE }),
          ]);
        } catch (error) {
          missing.set(contender, firstLine(error));
        }
      }
    }
    for (const [contender, list] of readings) {
      const row = rowOf(what, of, contender, list);
      rows.push(row);
      say(`  ${what.padEnd(8)} ${of}: ${contender} ${row.ns.toFixed(0)} ns`);
    }
  }
  return { rows, missing: [...missing].map(([contender, why]) => ({ contender, why })) };
}

async function askOnce(what: WhereRow['what'], argument: object): Promise<Reading> {
  const child = startChild(path.join(import.meta.dirname, 'contender.ts'));
  try {
    return await child.ask<Reading>(what, argument);
  } finally {
    await child.end();
  }
}

function rowOf(what: WhereRow['what'], of: string, contender: string, readings: readonly Reading[]): WhereRow {
  const ns = readings.map((r) => r.ns);
  const { unlike } = readings[0]!;
  return {
    what,
    contender,
    of,
    ns: median(ns),
    lowNs: Math.min(...ns),
    highNs: Math.max(...ns),
    ...(unlike === undefined ? {} : { unlike }),
  };
}
