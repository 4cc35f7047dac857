import type { Actor } from './actor.ts';

/** Where an incident lies and who has to do with it: all that scope needs to know of it. */
export interface Placed {
  readonly district: number;
  readonly subdistrict: string;
  readonly community: string;
  readonly cell: string;
  /** Codes of all units that are or were assigned. */
  readonly units: readonly string[];
  /** Account of the reporter. */
  readonly reportedBy?: string;
}

/**
 * Who looks after the whole, or a large part of it, and so sees where every unit is. Others see the units that they work with; the rest would
 * learn from a live distance where people are.
 */
export function seesAllPositions(actor: Actor): boolean {
  return ['district', 'auditor', 'admin', 'system', 'subdistrict', 'leader'].includes(actor.role);
}

/**
 * May this actor see the incident at all? The one rule for reads, moves and sockets.
 *
 * A grid worker sees the own cell and what the account itself reported elsewhere; a unit sees what it was ever assigned to;
 * admin and auditor read the whole district. All residents without an account report under one name, so that name sees nothing.
 */
export function maySee(actor: Actor, incident: Placed): boolean {
  if (actor.district !== incident.district || actor.role === 'resident') return false;
  if (incident.reportedBy !== undefined && incident.reportedBy === actor.account) return true;
  switch (actor.role) {
    case 'system':
    case 'district':
    case 'auditor':
    case 'admin':
      return true;
    case 'subdistrict':
      return actor.subdistrict === incident.subdistrict;
    case 'community':
      return actor.community === incident.community;
    case 'gridWorker':
      return actor.cell === incident.cell;
    case 'unit':
      return actor.unit !== undefined && incident.units.includes(actor.unit);
    case 'leader':
    case 'member':
      return actor.communities?.includes(incident.community) ?? false;
  }
}
