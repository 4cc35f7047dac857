/** What a page says of its web push, in one line. Pure. */
import type { PushTrial, WebPushState } from './use-web-push.ts';

export interface PushLine {
  /** Nothing is missing, as far as this device knows. */
  readonly good: boolean;
  /** Key under `shared.push`. */
  readonly says: 'on' | 'trying' | 'arrived' | 'late' | 'off' | 'denied' | 'none' | 'unreachable';
  /** What the person can do about it. */
  readonly act: 'ask' | 'tryOut' | null;
}

const TRIED = { none: 'on', sent: 'trying', arrived: 'arrived', late: 'late' } as const satisfies Record<PushTrial, PushLine['says']>;

export function pushLineOf(state: WebPushState, trial: PushTrial): PushLine {
  switch (state) {
    case 'on':
      return { good: trial !== 'late', says: TRIED[trial], act: trial === 'sent' ? null : 'tryOut' };
    case 'off':
    case 'unreachable':
      return { good: false, says: state, act: 'ask' };
    case 'denied':
    case 'none':
      return { good: false, says: state, act: null };
  }
}
