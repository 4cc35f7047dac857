/**
 * Who wants what, found by key: a move names its topics, and under each topic stand the audiences that asked for it. An audience is everybody with the same
 * account and the same topics, so that scope is asked once for all of them.
 */
import { maySee } from '../identity/scope.ts';
import { keysOf, type EncodedMove } from './encode.ts';
import type { Audience, Follower } from './follower.ts';
import { inboxesOf, type Inbox } from './notices.ts';
import { Run } from './run.ts';
import { scopeKeys } from './topics.ts';

/** Prefix of the keys under which those who work at a place are found, whatever topics they follow: a unit's devices, a community's desk. */
const PLACE_KEY = 'at:';

export class AudienceIndex {
  readonly #district: number;
  readonly #audiences = new Map<string, Audience>();
  readonly #byKey = new Map<string, Set<Audience>>();

  constructor(district: number) {
    this.#district = district;
  }

  all(): Iterable<Audience> {
    return this.#audiences.values();
  }

  /** Adds a follower, not yet live. */
  add(follower: Follower, topics: readonly string[] | null): Audience {
    const { actor } = follower;
    const sorted = topics && [...new Set(topics)].sort();
    const { account, role, district, subdistrict, community, cell, unit, communities } = actor;
    const key = JSON.stringify([account, role, district, subdistrict, community, cell, unit, communities, sorted]);
    let audience = this.#audiences.get(key);
    if (!audience) {
      const wanted = sorted ?? scopeKeys(actor);
      // The places of another district have the same names.
      const places = district === this.#district ? inboxesOf(actor) : [];
      const keys = [...wanted, ...places.map((place) => PLACE_KEY + place)];
      audience = { key, actor, topics: sorted, keys, places, followers: [follower], lastSeq: 0, run: null };
      this.#audiences.set(key, audience);
      for (const k of keys) {
        const set = this.#byKey.get(k);
        if (set) set.add(audience);
        else this.#byKey.set(k, new Set([audience]));
      }
    } else audience.followers.push(follower);
    return audience;
  }

  remove(follower: Follower, audience: Audience): void {
    follower.live = false;
    // A new list: a walk over the old one misses nobody.
    audience.followers = audience.followers.filter((other) => other !== follower);
    if (audience.followers.length > 0) return;
    this.#audiences.delete(audience.key);
    for (const k of audience.keys) {
      const set = this.#byKey.get(k)!;
      set.delete(audience);
      if (set.size === 0) this.#byKey.delete(k);
    }
  }

  /** Everybody who works at the place. */
  at(place: Inbox): Iterable<Audience> {
    return this.#byKey.get(PLACE_KEY + place) ?? [];
  }

  /** Gives each audience its run of these moves, in their order. @returns the audiences that get any; the caller sets `run` back to null. */
  match(moves: readonly EncodedMove[]): Audience[] {
    const start = new Run();
    const matched: Audience[] = [];
    for (const move of moves) {
      for (const key of keysOf(move.move)) {
        const audiences = this.#byKey.get(key);
        if (!audiences) continue;
        for (const audience of audiences) {
          if (audience.lastSeq === move.seq) continue;
          audience.lastSeq = move.seq;
          if (!maySee(audience.actor, move.move)) continue;
          if (!audience.run) {
            audience.run = start;
            matched.push(audience);
          }
          audience.run = audience.run.with(move);
        }
      }
    }
    return matched;
  }
}
