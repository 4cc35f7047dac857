/** What is usually reported here: by this phone, then in this cell. The order in which it is offered. */
import type { WireIncident } from '../../shared/types.ts';

const KEY = 'usualCategories';
const KEPT = 20;

function own(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((c): c is string => typeof c === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberCategory(code: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([code, ...own()].slice(0, KEPT)));
  } catch {
    // Not kept: the next suggestion knows only the cell's own.
  }
}

/** Most frequent first; equal ones by which came last. */
export function usualCategories(incidents: readonly WireIncident[]): string[] {
  const codes = [...own(), ...incidents.map((i) => i.category)];
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([code]) => code);
}
