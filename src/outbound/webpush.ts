/** Web push (RFC 8030): a message, encrypted for one browser (RFC 8291) and signed by the service (RFC 8292). */
import webpush from 'web-push';
import type { Level } from '../dispatch/chain/incident.ts';
import { endpointOf } from './addresses.ts';
import type { Answer } from './decide.ts';
import type { PushKey } from './keys.ts';
import { deliveryOf, type PushMessage } from './payload.ts';
import { post } from './post.ts';

export interface Subscriber {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  /** Whom the push service may turn to: `https:` or `mailto:`. */
  readonly contact: string;
}

export interface Sending {
  readonly message: PushMessage;
  readonly level: Level | null;
  /** Until a ring is said again, milliseconds. */
  readonly againMs: number;
}

/** Sends to one browser. @param anywhere  for a push service of a test */
export type Send = (to: Subscriber, sending: Sending) => Promise<Answer>;

export function webPushSender(key: PushKey, anywhere: boolean): Send {
  return async (to, { message, level, againMs }) => {
    const endpoint = endpointOf(to.endpoint, anywhere);
    if (!endpoint) return { is: 'refused', status: null };
    const { ttlS, urgency, topic } = deliveryOf(message, level, againMs);
    let details;
    try {
      details = webpush.generateRequestDetails(
        { endpoint: endpoint.href, keys: { p256dh: to.p256dh, auth: to.auth } },
        JSON.stringify(message),
        {
          TTL: ttlS,
          urgency,
          topic,
          contentEncoding: 'aes128gcm',
          vapidDetails: { subject: to.contact, publicKey: key.publicKey, privateKey: key.privateKey },
        },
      );
    } catch {
      // Keys of the browser that are none: a point that is not on the curve.
      return { is: 'refused', status: null };
    }
    const headers = Object.fromEntries(Object.entries(details.headers).map(([name, value]) => [name, String(value)]));
    return post({ endpoint, headers, body: details.body }, anywhere);
  };
}

const HOST_FORM = /^[a-z0-9.-]+(:\d{1,5})?$/i;
/** Where the service has no address of its own that a push service could know: RFC 8292 wants one, and some refuse `localhost`. */
const NO_CONTACT = 'mailto:operator@fengming.invalid';

/** Whom a push service may turn to about these messages: the service's own address, as the browser knows it. */
export function contactOf(host: string | undefined, isHttps: boolean): string {
  if (!isHttps || host === undefined || !HOST_FORM.test(host) || /^localhost(:|$)/i.test(host)) return NO_CONTACT;
  return `https://${host.toLowerCase()}`;
}
