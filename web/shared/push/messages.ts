/** What the service worker says to its page about pushes. */
import type { PushMessage } from '../../../src/outbound/payload.ts';

export type FromWorker =
  /** A push has come: the page reads anew what it may have missed. */
  | { readonly type: 'pushed'; readonly message: PushMessage }
  /** A notification was pressed. */
  | { readonly type: 'open'; readonly incident: string | null };

export function isFromWorker(data: unknown): data is FromWorker {
  const type = (data as { type?: unknown } | null)?.type;
  return type === 'pushed' || type === 'open';
}
