/** Who may read a unit's roster, change it, and see its telephone numbers. Pure. */
import type { Actor } from '../../identity/actor.ts';

/** What scope needs to know of a unit. */
export interface ScopedUnit {
  readonly code: string;
  readonly subdistrict: string;
  readonly scopeKind: 'area' | 'district';
  /** Codes of the subdistricts it serves. */
  readonly scope: readonly string[];
}

/** A unit its own; a subdistrict the units that serve it, so also those of the whole district; the district all. */
export function mayReadRoster(actor: Actor, unit: ScopedUnit): boolean {
  switch (actor.role) {
    case 'unit':
      return actor.unit === unit.code;
    case 'subdistrict':
      return actor.subdistrict !== undefined && (unit.subdistrict === actor.subdistrict || unit.scope.includes(actor.subdistrict));
    case 'district':
    case 'auditor':
    case 'admin':
    case 'system':
      return true;
    case 'gridWorker':
    case 'community':
    case 'leader':
    case 'member':
    case 'resident':
      return false;
  }
}

/** Whose roster it is: the unit's own; that of a unit of one subdistrict also the subdistrict's; the district's all. */
export function maySetRoster(actor: Actor, unit: ScopedUnit): boolean {
  switch (actor.role) {
    case 'unit':
      return actor.unit === unit.code;
    case 'subdistrict':
      return unit.scopeKind === 'area' && actor.subdistrict === unit.subdistrict;
    case 'district':
      return true;
    default:
      return false;
  }
}

/**
 * What crews hand over names incidents wherever the unit was sent: it is for those whose roster it is, and for those who may see every incident
 * of the district. A subdistrict that a unit of the whole district serves is neither.
 */
export function maySeeOpenWork(actor: Actor, unit: ScopedUnit): boolean {
  return maySetRoster(actor, unit) || actor.role === 'auditor' || actor.role === 'admin';
}

/** Telephone numbers are for those who have to call: not for those who only look. */
export function maySeePhones(actor: Actor, unit: ScopedUnit): boolean {
  return (actor.role === 'unit' || actor.role === 'subdistrict' || actor.role === 'district') && mayReadRoster(actor, unit);
}
