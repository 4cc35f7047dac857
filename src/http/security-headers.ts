/** What every answer tells the browser to refuse. */
import type { MiddlewareHandler } from 'hono';
import { isHttps } from '../identity/credentials.ts';
import type { AppEnv } from '../router.ts';
import { type BaseMap, outsideOrigin } from './base-map.ts';

/** Nothing from elsewhere, no script in a page's text. Styles may stand in it: the component libraries set `style` attributes. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];
const FIXED = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'geolocation=(self), camera=(self), microphone=(self)',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;
const HOST_FORM = /^[a-z0-9.[\]:-]+$/i;
const YEAR_S = 31_536_000;

export function securityHeaders(baseMap: BaseMap | null): MiddlewareHandler<AppEnv> {
  const tiles = outsideOrigin(baseMap);
  return async (c, next) => {
    for (const [name, value] of Object.entries(FIXED)) c.header(name, value);
    c.header('Content-Security-Policy', contentPolicy(c.req.header('host'), tiles));
    if (isHttps((name) => c.req.header(name), c.req.url)) c.header('Strict-Transport-Security', `max-age=${YEAR_S}`);
    await next();
  };
}

/**
 * The socket's address is named too: older Safari does not count `ws:` as `'self'`.
 *
 * @param tiles  origin of the base map's tiles, the only other host that anything may be fetched from; null: none.
 */
export function contentPolicy(host: string | undefined, tiles: string | null): string {
  const sockets = host !== undefined && HOST_FORM.test(host) ? ` ws://${host} wss://${host}` : '';
  const map = tiles === null ? '' : ` ${tiles}`;
  return [...POLICY, `img-src 'self' data: blob:${map}`, `connect-src 'self'${sockets}${map}`].join('; ');
}
