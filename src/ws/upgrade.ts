/** What is asked of a request before it becomes a socket. Pure but for the answer itself. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEMS, problemBody, type ProblemCode } from '../errors.ts';

export const PATH = '/ws';

/** @returns false for other paths and for what is no URL at all. */
export function isSocketPath(url: string | undefined): boolean {
  return url === PATH || (url?.startsWith(`${PATH}?`) ?? false);
}

export type Credential = { readonly token: string } | { readonly refused: 'not-signed-in' | 'foreign-origin' };

/**
 * The session's token: from `Authorization: Bearer`, else from the cookie `session`. A browser sends the cookie also for a foreign page's socket, so with the
 * cookie the Origin has to be ours. The Bearer header no foreign page can set.
 *
 * @param allowedOrigins  further origins, for example `https://dispatch.example`, when a proxy changes the Host.
 */
export function credentialOf(headers: IncomingMessage['headers'], allowedOrigins: readonly string[] = []): Credential {
  const bearer = /^Bearer +([^\s]+) *$/i.exec(headers.authorization ?? '');
  if (bearer) return { token: bearer[1]! };
  const token = cookie(headers.cookie, 'session');
  if (!token) return { refused: 'not-signed-in' };
  return isOwnOrigin(headers.origin, headers.host, allowedOrigins) ? { token } : { refused: 'foreign-origin' };
}

function isOwnOrigin(origin: string | undefined, host: string | undefined, allowed: readonly string[]): boolean {
  if (!origin || !URL.canParse(origin)) return false;
  if (allowed.includes(origin)) return true;
  return host !== undefined && new URL(origin).host === host.toLowerCase();
}

function cookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim() || undefined;
  }
  return undefined;
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
