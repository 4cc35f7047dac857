/** In front of every route behind the sign-in: who is it, and does a page of ours send it? */
import type { MiddlewareHandler } from 'hono';
import { type AppEnv, problem } from '../router.ts';
import { credentialOf, isOwnPage } from './credentials.ts';
import type { Session } from './sessions.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Puts `actor`, `sessionId` and `account` into the context; 401 `not-signed-in`, or 403 `foreign-origin` for a cookie from elsewhere. */
export function requireSession(authenticate: (token: string) => Promise<Session | null>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const header = (name: string) => c.req.header(name);
    const credential = credentialOf(header);
    if (!credential) return problem(c, 'not-signed-in', 'No session was sent: neither Authorization: Bearer nor the cookie.');
    if (credential.via === 'cookie' && !SAFE_METHODS.has(c.req.method) && !isOwnPage(header)) return problem(c, 'foreign-origin');
    const session = await authenticate(credential.token);
    if (!session) return problem(c, 'not-signed-in', 'The session is unknown, has ended or has run out.');
    c.set('actor', session.actor);
    c.set('sessionId', session.sessionId);
    c.set('account', session.account);
    return next();
  };
}
