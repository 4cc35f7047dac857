/** Names of places that are told, and of what they are told. Pure. Places, never persons: who works there now is known elsewhere. */

/** A place that is told. `leader`: the linked leaders (包联领导) whose communities hold the incident's. */
export type Recipient = `cell:${string}` | `community:${string}` | `subdistrict:${string}` | `unit:${string}` | 'leader' | 'district';

export const NOTICE_KINDS = [
  'dispatched',
  'remind',
  'warn',
  'overdue',
  'overdueLevel2',
  'overdueLevel3',
  'urged',
  'supervised',
  'replied',
  'review',
  'extensionAsked',
  'extensionAnswered',
  'arbitration',
  'lapsed',
  'declined',
  'raised',
  'called',
  'recounted',
  'verificationAsked',
  'checkAsked',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What a move adds to its log row where it tells somebody. */
export interface Telling {
  readonly notice: NoticeKind;
  /** Never empty, each once. */
  readonly told: readonly Recipient[];
}

/** Shares of a limit, in per cent, at which the ladder speaks. Source: the rules, Clocks. */
export const SHARES = [50, 80, 100, 150, 200] as const;
export type Share = (typeof SHARES)[number];
