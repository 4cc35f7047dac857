/**
 * Who is told of a move, besides the units that ring. Pure.
 * Somebody is told only where somebody must act or answer; all else is in the queues, and the ladder reminds of it.
 */
import type { Actor } from '../../identity/actor.ts';
import { DECLINES_TO_ARBITRATION } from './fold.ts';
import { leadOf, type Incident, type Level, type MovePayload } from './incident.ts';
import type { State, Verb } from './states.ts';
import type { NoticeKind, Recipient, Share, Telling } from './told.ts';

type Placed = Pick<Incident, 'state' | 'cell' | 'community' | 'subdistrict' | 'assignments' | 'dispatches'>;

const subdistrictOf = (incident: Placed): Recipient => `subdistrict:${incident.subdistrict}`;

/** Who has to act next, by the state; null after the end. */
export function holderOf(incident: Placed): Recipient | null {
  switch (incident.state) {
    case 'reported':
    case 'checking':
      return `community:${incident.community}`;
    case 'verifying':
      return `cell:${incident.cell}`;
    case 'called':
    case 'coordinating':
    case 'suspended':
    case 'disposed':
      return subdistrictOf(incident);
    case 'dispatched':
    case 'responding':
    case 'handling': {
      const lead = leadOf(incident as Incident);
      return lead === undefined ? subdistrictOf(incident) : `unit:${lead.unit}`;
    }
    case 'closed':
    case 'rejected':
    case 'cancelled':
    case 'merged':
    case 'referred':
      return null;
  }
}

/** Who stands above a place: cell → community → subdistrict → district, unit → subdistrict. */
export function superiorOf(place: Recipient, incident: Placed): Recipient {
  if (place.startsWith('cell:')) return `community:${incident.community}`;
  return place.startsWith('community:') || place.startsWith('unit:') ? subdistrictOf(incident) : 'district';
}

/** Where an account works, as a place that can be told; null for the system and for those who only look. */
export function placeOf(actor: Actor): Recipient | null {
  switch (actor.role) {
    case 'gridWorker':
      return actor.cell === undefined ? null : `cell:${actor.cell}`;
    case 'community':
      return actor.community === undefined ? null : `community:${actor.community}`;
    case 'subdistrict':
      return actor.subdistrict === undefined ? null : `subdistrict:${actor.subdistrict}`;
    case 'unit':
      return actor.unit === undefined ? null : `unit:${actor.unit}`;
    case 'leader':
      return 'leader';
    case 'district':
      return 'district';
    default:
      return null;
  }
}

const SHARE_NOTICE: Readonly<Record<Share, NoticeKind>> = {
  50: 'remind',
  80: 'warn',
  100: 'overdue',
  150: 'overdueLevel2',
  200: 'overdueLevel3',
};

/** Whom the ladder tells at a share of the limit. */
export function shareTells(incident: Placed, share: Share): Telling {
  const holder = holderOf(incident) ?? subdistrictOf(incident);
  const told = [holder];
  if (share === 80) told.push(superiorOf(holder, incident));
  if (share >= 100) told.push(subdistrictOf(incident));
  if (share >= 150) told.push('leader');
  if (share >= 200) told.push('district');
  return { notice: SHARE_NOTICE[share], told: eachOnce(told) };
}

/** Who is told at once of a dispatch, besides the units. Source: the level table of the rules, "who is told at once". */
export function dispatchTells(incident: Placed, level: Level): readonly Recipient[] {
  switch (level) {
    case 'R1':
      return [subdistrictOf(incident), 'district', 'leader'];
    case 'R2':
      return [subdistrictOf(incident)];
    case 'R3':
    case 'R4':
      return [];
  }
}

/** What a 督办 of each level answers to, and whom the reply goes to: level 1 subdistrict, 2 linked leader, 3 district. */
export function supervisorOf(incident: Placed, level: 1 | 2 | 3): Recipient {
  return level === 1 ? subdistrictOf(incident) : level === 2 ? 'leader' : 'district';
}

/**
 * Whom a decided move tells.
 *
 * @param incident  as it is before the move
 * @param payload  what was decided, without clocks
 * @returns null for most moves: nobody besides those who ring
 */
export function tellsOf(incident: Incident, verb: Verb, to: State, payload: MovePayload, actor: Actor): Telling | null {
  switch (verb) {
    case 'call':
      // Where the system goes on by itself, the dispatch tells.
      return incident.automatic ? null : besides(actor, 'called', dispatchTells(incident, incident.level));
    case 'requestVerification':
      return telling('verificationAsked', [holderOf({ ...incident, state: to })]);
    case 'assignCheck':
      // Whoever settled it on the spot is not asked to look at the own work. The community, which closes, has it in its queue.
      return incident.proof === 'spot' ? null : telling('checkAsked', [`cell:${incident.cell}`]);
    case 'dispatch':
      return besides(actor, 'dispatched', dispatchTells(incident, payload.level ?? incident.level));
    case 'failCheck':
      // The lead goes again, and nothing rings: it was never released.
      return telling('dispatched', [holderOf({ ...incident, state: to })]);
    case 'regrade':
      return besides(actor, 'raised', newlyConcerned(incident, payload.level ?? incident.level));
    case 'raise':
      return besides(actor, 'raised', [subdistrictOf(incident), 'district', ...(incident.level === 'R1' ? ['leader' as const] : [])]);
    case 'decline':
      return incident.declinedBy.length + 1 >= DECLINES_TO_ARBITRATION && incident.arbitration === null
        ? telling('arbitration', [subdistrictOf(incident)])
        : telling('declined', [subdistrictOf(incident)]);
    case 'lapse':
      return telling('lapsed', [subdistrictOf(incident)]);
    case 'urge':
      if (payload.share !== undefined) return shareTells(incident, payload.share);
      if (payload.repeat === true) return telling('overdueLevel3', [holderOf(incident), 'district']);
      return payload.review === true ? telling('review', [subdistrictOf(incident)]) : telling('urged', [holderOf(incident)]);
    case 'supervise':
      if (payload.share !== undefined) return shareTells(incident, payload.share);
      return telling('supervised', payload.review === true ? [subdistrictOf(incident), 'district'] : [holderOf(incident)]);
    case 'comment':
      return tellsOfComment(incident, payload, actor);
    case 'extend':
      return payload.grant === undefined
        ? telling('extensionAsked', [actor.role === 'subdistrict' ? 'district' : subdistrictOf(incident)])
        : telling('extensionAnswered', [holderOf(incident), incident.extensionAsked?.place ?? null]);
    default:
      return null;
  }
}

/** A reply goes back to who supervised; changed deadlines concern the holder. */
function tellsOfComment(incident: Incident, { replyTo, text, step, total, changed }: MovePayload, actor: Actor): Telling | null {
  if (replyTo !== undefined) {
    const supervision = incident.supervisions.find((s) => s.version === replyTo);
    return supervision === undefined ? null : besides(actor, 'replied', [supervision.place ?? supervisorOf(incident, supervision.level)]);
  }
  const recounted = text !== undefined && (step !== undefined || total !== undefined || changed !== undefined);
  return recounted ? telling('recounted', [holderOf(incident)]) : null;
}

/** Those whom the new level tells at once, and the old one did not; only once units are sent, as before that the dispatch tells. */
function newlyConcerned(incident: Incident, level: Level): readonly Recipient[] {
  if (incident.dispatches === 0) return [];
  const before = dispatchTells(incident, incident.level);
  return dispatchTells(incident, level).filter((place) => !before.includes(place));
}

/** Who makes a move is not told of it. */
function besides(actor: Actor, notice: NoticeKind, places: readonly Recipient[]): Telling | null {
  if (places.length === 0) return null;
  const own = placeOf(actor);
  return telling(
    notice,
    places.filter((place) => place !== own),
  );
}

function telling(notice: NoticeKind, places: readonly (Recipient | null)[]): Telling | null {
  const told = eachOnce(places.filter((place) => place !== null));
  return told.length === 0 ? null : { notice, told };
}

function eachOnce(places: readonly Recipient[]): readonly Recipient[] {
  return places.filter((place, i) => places.indexOf(place) === i);
}
