/** What every answer tells the browser to refuse. */
import type { MiddlewareHandler } from 'hono';
import { isHttps } from '../identity/credentials.ts';
import type { AppEnv } from '../router.ts';

/** Nothing from elsewhere, no script in a page's text. Styles may stand in it: the component libraries set `style` attributes. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
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

export function securityHeaders(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    for (const [name, value] of Object.entries(FIXED)) c.header(name, value);
    c.header('Content-Security-Policy', contentPolicy(c.req.header('host')));
    if (isHttps((name) => c.req.header(name), c.req.url)) c.header('Strict-Transport-Security', `max-age=${YEAR_S}`);
    await next();
  };
}

/** The socket's address is named too: older Safari does not count `ws:` as `'self'`. */
export function contentPolicy(host: string | undefined): string {
  const sockets = host !== undefined && HOST_FORM.test(host) ? ` ws://${host} wss://${host}` : '';
  return [...POLICY, `connect-src 'self'${sockets}`].join('; ');
}
