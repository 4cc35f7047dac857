/** What rings and what falls silent, as frames. Pure. */
import type { PushedMove, TextFrame } from './encode.ts';
import { encodeFrame } from './encode.ts';
import type { OpenAssignment } from './open-work.ts';

/** A ring frame with what the evidence says about it. */
export interface Ring {
  readonly frame: TextFrame;
  readonly seq: number;
  readonly incident: string;
  readonly assignment: string;
  readonly unit: string;
  /** When the move was made that asks for an answer. */
  readonly at: string;
}

/** What one unit's devices are told besides the moves, in order. */
export interface UnitSignals {
  readonly frames: TextFrame[];
  readonly rings: Ring[];
}

type Ringing = Pick<OpenAssignment, 'seq' | 'incident' | 'assignment' | 'unit' | 'level' | 'until' | 'at'>;

export function ringOf({ seq, incident, assignment, unit, level, until, at }: Ringing): Ring {
  return { frame: encodeFrame({ type: 'ring', seq, incident, assignment, level, until }), seq, incident, assignment, unit, at };
}

/**
 * Rings and quiets of a run of moves, by unit: an assignment that became `assigned` rings, one that became anything else is quiet.
 *
 * @param unit only this unit's; absent: everybody's.
 */
export function signalsOf(moves: readonly { readonly move: PushedMove }[], unit?: string): Map<string, UnitSignals> {
  const byUnit = new Map<string, UnitSignals>();
  for (const { move } of moves) {
    for (const changed of move.changed ?? []) {
      if (unit !== undefined && changed.unit !== unit) continue;
      let signals = byUnit.get(changed.unit);
      if (!signals) byUnit.set(changed.unit, (signals = { frames: [], rings: [] }));
      if (changed.state === 'assigned') {
        const ring = ringOf({
          seq: move.seq,
          incident: move.incident,
          assignment: changed.id,
          unit: changed.unit,
          level: move.level,
          until: changed.until ?? null,
          at: move.at,
        });
        signals.frames.push(ring.frame);
        signals.rings.push(ring);
      } else signals.frames.push(encodeFrame({ type: 'quiet', assignment: changed.id }));
    }
  }
  return byUnit;
}
