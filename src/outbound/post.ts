/**
 * One POST to a push service. Not with fetch: that cannot be told to which addresses it may connect, and follows where it is sent on to.
 */
import http from 'node:http';
import https from 'node:https';
import { AddressRefused, publicLookup } from './addresses.ts';
import { answerOf, type Answer } from './decide.ts';

/** Push services answer within a second; one that does not is tried again. Milliseconds. */
const TIMEOUT_MS = 10_000;

export interface PostRequest {
  readonly endpoint: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** @param anywhere  to any address: for a push service of a test. Never throws: what could not be sent is an answer too. */
export function post({ endpoint, headers, body }: PostRequest, anywhere: boolean): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (error: Error): void =>
      resolve(error instanceof AddressRefused ? { is: 'refused', status: null } : { is: 'later', status: null, afterMs: 0 });
    try {
      const { request } = endpoint.protocol === 'https:' ? https : http;
      const sending = request(endpoint, {
        method: 'POST',
        headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(anywhere ? {} : { lookup: publicLookup }),
      });
      sending.once('error', failed);
      sending.once('response', (response) => {
        // What it says beyond the status is nobody's business here; read, so that the connection can be used again.
        response.once('error', () => undefined).resume();
        resolve(answerOf(response.statusCode ?? 0, retryAfterMs(response.headers['retry-after'])));
      });
      sending.end(body);
    } catch (error) {
      failed(error as Error);
    }
  });
}

/** Seconds only: a date would be read by this machine's own clock. */
function retryAfterMs(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null;
}
