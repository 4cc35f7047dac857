/** What a request says of who sends it, and from which page. Pure: headers in, answer out; sockets and routes ask the same. */

/** Reads one header, as `Headers.get` does. */
export type HeaderOf = (name: string) => string | null | undefined;

export interface Credential {
  readonly token: string;
  /** A browser sends the cookie by itself, also when a foreign page made it: then the origin has to be ours. */
  readonly via: 'bearer' | 'cookie';
}

export const SESSION_COOKIE = 'session';

/** `Authorization: Bearer` counts before the cookie. */
export function credentialOf(header: HeaderOf): Credential | null {
  const bearer = /^Bearer +(\S+)\s*$/i.exec(header('authorization') ?? '');
  if (bearer?.[1] !== undefined) return { token: bearer[1], via: 'bearer' };
  for (const part of (header('cookie') ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0 || part.slice(0, equals).trim() !== SESSION_COOKIE) continue;
    const token = part.slice(equals + 1).trim();
    if (token !== '') return { token, via: 'cookie' };
  }
  return null;
}

/**
 * Does the request come from a page of our own? Both signs, where the browser sends both, must say so; one of them must be there.
 * `Origin` is compared with the `Host` that the browser asked, so a proxy in front has to hand that on unchanged.
 */
export function isOwnPage(header: HeaderOf): boolean {
  const site = header('sec-fetch-site');
  const origin = header('origin');
  if (site && site !== 'same-origin') return false;
  if (origin) return isOwnOrigin(header);
  return site === 'same-origin';
}

/** Is the `Origin` that of the host that was asked? Every browser sends one with a WebSocket. */
export function isOwnOrigin(header: HeaderOf): boolean {
  const host = hostOf(header('origin') ?? '');
  return host !== null && host === header('host')?.toLowerCase();
}

/** No sign at all of having been sent by a page: a program, which has no cookies of other pages. */
export function isNoPage(header: HeaderOf): boolean {
  return !header('sec-fetch-site') && !header('origin');
}

/** null for `Origin: null`, which sandboxed and local pages send, and for what is no URL. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** Did the browser come by https? A proxy says so in X-Forwarded-Proto. It decides only about the cookie's Secure flag, so a lie harms its teller alone. */
export function isHttps(header: HeaderOf, url: string): boolean {
  return header('x-forwarded-proto')?.split(',')[0]?.trim() === 'https' || url.startsWith('https:');
}
