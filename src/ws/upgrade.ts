/** What is asked of a request before it becomes a socket. Pure but for the answer itself. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEMS, problemBody, type ProblemCode } from '../errors.ts';
import { credentialOf, isOwnOrigin } from '../identity/credentials.ts';

export const PATH = '/ws';

/** @returns false for other paths and for what is no URL at all. */
export function isSocketPath(url: string | undefined): boolean {
  return url === PATH || (url?.startsWith(`${PATH}?`) ?? false);
}

export type Admission = { readonly token: string } | { readonly refused: 'not-signed-in' | 'foreign-origin' };

/**
 * The session's token. A browser sends the cookie also for a foreign page's socket, so with the cookie the Origin has to be ours; the
 * Bearer header no foreign page can set.
 */
export function admissionOf(headers: IncomingMessage['headers']): Admission {
  const header = (name: string) => [headers[name]].flat()[0];
  const credential = credentialOf(header);
  if (!credential) return { refused: 'not-signed-in' };
  return credential.via === 'cookie' && !isOwnOrigin(header) ? { refused: 'foreign-origin' } : { token: credential.token };
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
};

/** Refuses an upgrade with problem+json, like every other refusal, and ends the connection. */
export function refuseUpgrade(socket: Duplex, code: ProblemCode): void {
  const { status } = PROBLEMS[code];
  const body = JSON.stringify(problemBody(code));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? 'Refused'}`,
      'Connection: close',
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(status === 503 ? ['Retry-After: 5'] : []),
      '',
      body,
    ].join('\r\n'),
  );
}

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/HarmonyOS/, 'HarmonyOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/MicroMessenger/, '微信'],
  [/Edg/, 'Edge'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS/, 'Chrome'],
  [/Safari/, 'Safari'],
];

/** What people call a device, from its User-Agent: `Android · Chrome`. No version and no model: enough to tell phone from desk. */
export function deviceLabel(userAgent: string | undefined): string {
  const named = (table: readonly (readonly [RegExp, string])[]): string | undefined =>
    table.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1];
  return [named(SYSTEMS), named(BROWSERS)].filter(Boolean).join(' · ') || 'app';
}
