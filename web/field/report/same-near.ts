/** Is it reported already? Asked before sending, when there is a network; without an answer the report goes out as it is. */
import { api } from '../../shared/api.ts';
import { metresBetween } from '../../shared/reference.ts';
import type { Page, Position, WireIncident } from '../../shared/types.ts';

/** Two reports of one kind within this distance may be one, metres. */
export const SAME_WITHIN_M = 30;

export async function sameNear(
  category: string,
  cell: string,
  position: Position,
): Promise<{ incident: WireIncident; metres: number } | null> {
  const { items } = await api.get<Page<WireIncident>>('/incidents', { cell, open: true, limit: 100 }, { patient: false });
  const near = items
    .filter((i) => i.category.slice(0, 5) === category.slice(0, 5))
    .map((incident) => ({ incident, metres: metresBetween(position, incident.position) }))
    .filter((n) => n.metres <= SAME_WITHIN_M)
    .sort((a, b) => a.metres - b.metres);
  return near[0] ?? null;
}
