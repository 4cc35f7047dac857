/**
 * What a device is told while its page is closed. Pure: the pages' workers import the types.
 *
 * The push service sees only ciphertext, the lock screen what the worker makes of it: codes and times, no names, no words of a report. What it is about is read by HTTP
 * once somebody opens the page, by scope.
 */
import type { Level, Time } from '../dispatch/chain/incident.ts';
import type { AnyNotice } from '../ws/notice-item.ts';

export type PushLocale = 'zh-CN' | 'en';

interface Told {
  /** What the device's receipt names. */
  readonly id: number;
  /** The device's language: a worker cannot ask the page. */
  readonly lang: PushLocale;
}

export interface RingMessage extends Told {
  readonly type: 'ring';
  /** Two notifications of one assignment are one: the later replaces the earlier. */
  readonly assignment: string;
  readonly incident: string;
  readonly level: Level;
  readonly until: Time | null;
  /** 演练: said in words wherever it is shown. */
  readonly drill?: true;
}

/** Why a device need not ring any more. */
export type QuietReason = 'answered' | 'shiftOver' | 'signedOut';

export interface QuietMessage extends Told {
  readonly type: 'quiet';
  readonly assignment: string;
  readonly incident: string;
  readonly why: QuietReason;
}

export interface NoticeMessage extends Told {
  readonly type: 'notice';
  readonly seq: number;
  readonly notice: AnyNotice;
  readonly incident: string | null;
  /** The place that is told, as a code. */
  readonly recipient: string;
  readonly drill?: true;
}

/** Asked for by the device itself, to see whether a push comes through. */
export interface TestMessage extends Told {
  readonly type: 'test';
}

export type PushMessage = RingMessage | QuietMessage | NoticeMessage | TestMessage;

/** What of a message is kept in its row; the rest is known when it is sent. */
export type RingPayload = Pick<RingMessage, 'level' | 'until' | 'drill'>;
export type NoticePayload = Pick<NoticeMessage, 'notice' | 'drill'>;

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

export interface Delivery {
  /** How long a push service keeps it for a device that is away, seconds (RFC 8030, 5.2). */
  readonly ttlS: number;
  readonly urgency: 'normal' | 'high';
  /** Of what waits at the push service under the same topic only the last is delivered (RFC 8030, 5.4): a device that comes back is not rung for what is over. */
  readonly topic: string;
}

/**
 * How a message travels.
 *
 * A ring is kept until it is said again: then a newer one is on its way, and none is later than a day. That it is over is kept for a day, because it also takes the ring's
 * place at the service. The figures are ours.
 *
 * @param againMs  until the ring is said again, milliseconds.
 */
export function deliveryOf(message: PushMessage, level: Level | null, againMs = 0): Delivery {
  switch (message.type) {
    case 'ring':
      return {
        ttlS: Math.min(DAY_S, Math.max(MINUTE_S, Math.ceil(againMs / 1_000))),
        urgency: urgencyOf(level),
        topic: topicOf(message.assignment),
      };
    case 'quiet':
      return { ttlS: DAY_S, urgency: urgencyOf(level), topic: topicOf(message.assignment) };
    case 'notice':
      return { ttlS: HOUR_S, urgency: 'normal', topic: `notice${message.seq}` };
    case 'test':
      return { ttlS: MINUTE_S, urgency: 'high', topic: 'test' };
  }
}

/** A phone that sleeps is woken for what is critical or urgent; the rest waits for its next round (RFC 8030, 5.3). */
const urgencyOf = (level: Level | null): Delivery['urgency'] => (level === 'R1' || level === 'R2' ? 'high' : 'normal');

/** At most 32 characters of base64url: a UUID without its dashes. */
const topicOf = (assignment: string): string => assignment.replaceAll('-', '');
