/** Why a ring stopped. Pure. */
import { isEnd, type State } from '../dispatch/chain/states.ts';
import type { Stop } from './push-item.ts';

/** The next change of the assignment after it was asked, as the log has it. */
export interface NextChange {
  readonly verb: string;
  /** State of the incident after the move. */
  readonly to: string;
  /** State of the assignment after it. */
  readonly state: string;
  readonly at: Date;
}

export interface Stopped {
  readonly by: Stop;
  readonly at: Date;
}

/** What stopped the ring on every device. */
export function stopInLog(next: NextChange | null): Stopped | null {
  return next && { by: reasonOf(next), at: next.at };
}

/** A device may have fallen silent for a reason of its own before that. */
export function firstStop(everywhere: Stopped | null, here: Stopped | null): Stopped | null {
  if (!everywhere || !here) return everywhere ?? here;
  return here.at < everywhere.at ? here : everywhere;
}

function reasonOf({ verb, to, state }: NextChange): Stop {
  switch (state) {
    case 'declined':
      return 'declined';
    case 'assigned':
      return 'renewed';
    case 'released':
      if (verb === 'recall') return 'recalled';
      // Aborted or force-closed: the assignment was released with it. After the lead's refusal it is released, and the incident goes on.
      return isEnd(to as State) ? 'ended' : 'released';
    default:
      return 'acknowledged';
  }
}
