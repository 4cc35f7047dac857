/** What rings, as frames. Pure. */
import type { TextFrame } from './encode.ts';
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

type Ringing = Pick<OpenAssignment, 'seq' | 'incident' | 'assignment' | 'unit' | 'level' | 'until' | 'at' | 'drill'>;

export function ringOf({ seq, incident, assignment, unit, level, until, at, drill }: Ringing): Ring {
  const frame = encodeFrame({ type: 'ring', seq, incident, assignment, level, until, ...(drill ? { drill } : {}) });
  return { frame, seq, incident, assignment, unit, at };
}

export function quietOf(assignment: string): TextFrame {
  return encodeFrame({ type: 'quiet', assignment });
}
