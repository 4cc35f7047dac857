/** What became of the report that was just sent, as the person is told on the way out. Pure. */
import type { Draft } from '../outbox/plan.ts';

export type SentStage =
  /** On its way now. */
  | 'going'
  /** Kept on the phone until there is a network. */
  | 'waits'
  /** The service has all of it. */
  | 'sent'
  /** The service has said no: it stands in the outbox with its reason. */
  | 'refused';

export interface Sending {
  /** As it lies in the outbox; undefined once everything of it has arrived, or it was dropped. */
  readonly draft: Pick<Draft, 'stage'> | undefined;
  /** What the service made of it, once it said so. */
  readonly incident: string | null;
  readonly online: boolean;
  /** A try has failed, and the next one comes by itself. */
  readonly retries: boolean;
}

/** @returns null when there is nothing to say: it was dropped, or is being written again. */
export function sentStage({ draft, incident, online, retries }: Sending): SentStage | null {
  if (draft === undefined) return incident === null ? null : 'sent';
  if (draft.stage === 'refused') return 'refused';
  if (draft.stage === 'draft') return null;
  return online && !retries ? 'going' : 'waits';
}
