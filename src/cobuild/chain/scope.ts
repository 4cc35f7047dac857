/**
 * Who sees what and is what in 共建共治. A place is a code: 6 digits the district, 9 a subdistrict (大工委), 12 a community (大党委).
 * `place-filter.ts` says the same in SQL; a spec compares the two. Pure.
 */
import type { Actor } from '../../identity/actor.ts';
import type { Part } from './table.ts';

const MEMBER = /^member\.(.+)$/;
const LEADER = /^leader\.(.+)$/;

/** The member (兼职委员) whose account this is; null for everybody else. */
export function memberCode(actor: Pick<Actor, 'role' | 'account'>): string | null {
  return actor.role === 'member' ? (MEMBER.exec(actor.account)?.[1] ?? null) : null;
}

/** The linked leader whose account this is. */
export function leaderCode(actor: Pick<Actor, 'role' | 'account'>): string | null {
  return actor.role === 'leader' ? (LEADER.exec(actor.account)?.[1] ?? null) : null;
}

/** How the codes of all places begin that the actor works in; null: none. A code that begins with a place's lies in it. */
export function areaOf(actor: Actor): readonly string[] | null {
  switch (actor.role) {
    case 'system':
    case 'district':
    case 'auditor':
    case 'admin':
      return [String(actor.district)];
    case 'subdistrict':
      return actor.subdistrict === undefined ? null : [actor.subdistrict];
    case 'community':
      return actor.community === undefined ? null : [actor.community];
    case 'leader':
    case 'member':
      return actor.communities === undefined || actor.communities.length === 0 ? null : actor.communities;
    case 'gridWorker':
    case 'unit':
    case 'resident':
      return null;
  }
}

/** As `areaOf`, for needs and activities: a grid worker has the own community. */
export function workAreaOf(actor: Actor): readonly string[] | null {
  if (actor.role !== 'gridWorker') return areaOf(actor);
  return actor.community === undefined ? null : [actor.community];
}

/** May this actor see what belongs to the place? The own area, and the places that it lies in: a community sees its 街道大工委. */
export function maySeePlace(actor: Actor, place: string): boolean {
  return isInSight(areaOf(actor), place);
}

/**
 * May this actor read the needs and the activities of the place? Whoever sees the place, and its grid workers, who are the eyes of the community
 * and meet those whom a need is for. Reading only: it makes them part of no table, and people, papers and meetings stay out of their sight.
 */
export function mayReadWork(actor: Actor, place: string): boolean {
  return isInSight(workAreaOf(actor), place);
}

function isInSight(area: readonly string[] | null, place: string): boolean {
  return area?.some((own) => place.startsWith(own) || own.startsWith(place)) ?? false;
}

/** Does the place lie in the actor's own area? Not those around it: what is said of others there is not for it. */
export function isInArea(actor: Actor, place: string): boolean {
  return areaOf(actor)?.some((own) => place.startsWith(own)) ?? false;
}

/** The account of exactly that place. */
export function isOfficeOf(actor: Actor, place: string): boolean {
  switch (place.length) {
    case 12:
      return actor.role === 'community' && actor.community === place;
    case 9:
      return actor.role === 'subdistrict' && actor.subdistrict === place;
    default:
      return actor.role === 'district' && String(actor.district) === place;
  }
}

/** An account of a place that this one lies in. */
export function isAbove(actor: Actor, place: string): boolean {
  if (place.length === 12 && actor.role === 'subdistrict') return actor.subdistrict === place.slice(0, 9);
  return place.length > 6 && actor.role === 'district' && place.startsWith(String(actor.district));
}

/** What the actor is at a place, apart from what it is at one object there. */
export function partsAt(actor: Actor, place: string): Set<Part> {
  const parts = new Set<Part>();
  if (isOfficeOf(actor, place)) parts.add('office');
  if (isAbove(actor, place)) parts.add('above');
  if (actor.role === 'leader' && place.length === 12 && (actor.communities?.includes(place) ?? false)) parts.add('leader');
  if (actor.role === 'district' && place.startsWith(String(actor.district))) parts.add('district');
  if (actor.role === 'system') parts.add('system');
  return parts;
}

/** The same with the part of the member itself: in term, or no longer. */
export function partsWith(actor: Actor, place: string, member: { readonly code: string; readonly active: boolean }): Set<Part> {
  const parts = partsAt(actor, place);
  if (memberCode(actor) === member.code) parts.add(member.active ? 'member' : 'formerMember');
  return parts;
}

/** Where the office of a place is told. */
export function officeInbox(place: string): `community:${string}` | `subdistrict:${string}` | 'district' {
  if (place.length === 12) return `community:${place}`;
  return place.length === 9 ? `subdistrict:${place}` : 'district';
}

/** Where the office above a place is told. */
export function inboxAbove(place: string): `subdistrict:${string}` | 'district' {
  return place.length === 12 ? `subdistrict:${place.slice(0, 9)}` : 'district';
}
