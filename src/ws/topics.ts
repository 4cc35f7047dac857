/** Which moves somebody gets: what an account sees, narrowed by the topics that a socket asked for. Pure. */
import type { Actor } from '../identity/actor.ts';
import { maySee } from '../identity/scope.ts';
import { ACCOUNT_KEY, keysOf, type PushedMove } from './encode.ts';
import { TOPIC } from './frames.ts';

function seesWholeDistrict(actor: Actor): boolean {
  return actor.role === 'district' || actor.role === 'auditor' || actor.role === 'admin' || actor.role === 'system';
}

/**
 * May the actor follow this topic? `ask` for a single incident: that needs to know where it lies.
 *
 * It only says whether the topic makes sense for the scope. Whatever the topic, `maySee` still decides each move.
 * Codes nest: a community's 12 digits start with its subdistrict's 9, a cell's 15 with its community's 12.
 */
export function mayFollow(actor: Actor, topic: string): boolean | 'ask' {
  if (!TOPIC.test(topic)) return false;
  const colon = topic.indexOf(':');
  const kind = colon < 0 ? topic : topic.slice(0, colon);
  const code = colon < 0 ? '' : topic.slice(colon + 1);
  if (kind === 'incident') return 'ask';
  if (seesWholeDistrict(actor)) return true;
  if (kind === 'unit') return actor.role === 'subdistrict' || actor.unit === code;
  if (kind === 'district') return false;
  switch (actor.role) {
    case 'subdistrict':
      return actor.subdistrict !== undefined && code.startsWith(actor.subdistrict);
    case 'community':
      return kind !== 'subdistrict' && actor.community !== undefined && code.startsWith(actor.community);
    case 'gridWorker':
      return kind === 'cell' && code === actor.cell;
    case 'leader':
    case 'member':
      return kind !== 'subdistrict' && (actor.communities?.includes(code.slice(0, 12)) ?? false);
    default:
      return false;
  }
}

/** Keys under which everything that the actor may see is found. */
export function scopeKeys(actor: Actor): readonly string[] {
  if (seesWholeDistrict(actor)) return ['district'];
  const own = [ACCOUNT_KEY + actor.account];
  switch (actor.role) {
    case 'subdistrict':
      return actor.subdistrict ? [`subdistrict:${actor.subdistrict}`, ...own] : own;
    case 'community':
      return actor.community ? [`community:${actor.community}`, ...own] : own;
    case 'gridWorker':
      return actor.cell ? [`cell:${actor.cell}`, ...own] : own;
    case 'unit':
      return actor.unit ? [`unit:${actor.unit}`, ...own] : own;
    default:
      return [...(actor.communities ?? []).map((code) => `community:${code}`), ...own];
  }
}

/** The rule of push in one line; the index of the hub must give the same (a test compares them). */
export function wants(actor: Actor, topics: readonly string[] | null, move: PushedMove): boolean {
  if (!maySee(actor, move)) return false;
  if (topics === null) return true;
  const keys = keysOf(move);
  return topics.some((topic) => keys.includes(topic));
}
