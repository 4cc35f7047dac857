/** What the sockets of a place are told besides the moves: what rings, what falls silent, what must be seen. Pure. */
import type { PushedMove, TextFrame } from './encode.ts';
import { noticesOf, signalOf, type Inbox, type NoticeSignal } from './notices.ts';
import { quietOf, ringOf, type Ring } from './rings.ts';

/** In the order of the moves. */
export interface Signals {
  readonly frames: readonly TextFrame[];
  readonly rings: readonly Ring[];
  readonly notices: readonly NoticeSignal[];
}

interface Gathering {
  readonly frames: TextFrame[];
  readonly rings: Ring[];
  readonly notices: NoticeSignal[];
}

export const NO_SIGNALS: Signals = { frames: [], rings: [], notices: [] };

/**
 * The signals of a run of moves, by place: an assignment that became `assigned` rings at its unit, one that became anything else is quiet; a place that is told gets the
 * notice. Empty for most runs: most moves signal nothing.
 *
 * @param only  these places'; absent: everybody's.
 */
export function signalsOf(moves: readonly { readonly move: PushedMove }[], only?: readonly Inbox[]): ReadonlyMap<Inbox, Signals> {
  const byPlace = new Map<Inbox, Gathering>();
  const at = (place: Inbox): Gathering | null => {
    if (only !== undefined && !only.includes(place)) return null;
    let signals = byPlace.get(place);
    if (!signals) byPlace.set(place, (signals = { frames: [], rings: [], notices: [] }));
    return signals;
  };
  for (const { move } of moves) {
    for (const changed of move.changed ?? []) {
      const signals = at(`unit:${changed.unit}`);
      if (!signals) continue;
      if (changed.state === 'assigned') {
        const { seq, incident, level, drill } = move;
        const ring = ringOf({
          seq,
          incident,
          assignment: changed.id,
          unit: changed.unit,
          level,
          until: changed.until ?? null,
          at: move.at,
          ...(drill ? { drill } : {}),
        });
        signals.frames.push(ring.frame);
        signals.rings.push(ring);
      } else signals.frames.push(quietOf(changed.id));
    }
    if (move.told === undefined) continue;
    for (const notice of noticesOf(move)) {
      const signals = at(notice.recipient);
      if (!signals) continue;
      const signal = signalOf(notice);
      signals.frames.push(signal.frame);
      signals.notices.push(signal);
    }
  }
  return byPlace;
}

/** All that is for somebody with these inboxes; a leader has one for each community. */
export function signalsFor(places: readonly Inbox[], byPlace: ReadonlyMap<Inbox, Signals>): Signals {
  const own = places.flatMap((place) => byPlace.get(place) ?? []);
  if (own.length <= 1) return own[0] ?? NO_SIGNALS;
  return {
    frames: own.flatMap((s) => s.frames),
    rings: own.flatMap((s) => s.rings),
    notices: own.flatMap((s) => s.notices),
  };
}

/** The same for a device that does not ring now: instead of each ring it is told that the assignment is quiet, so that it does not ring for what it reads by HTTP either. */
export function hushed({ frames, rings, notices }: Signals): Signals {
  const asked = new Map(rings.map((ring) => [ring.frame, ring.assignment]));
  return {
    frames: frames.map((frame) => {
      const assignment = asked.get(frame);
      return assignment === undefined ? frame : quietOf(assignment);
    }),
    rings: [],
    notices,
  };
}
