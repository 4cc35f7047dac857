/** The HTTP side of the service: what stands before every route, the routes handed in, and what is left when none answers. */
import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import { Histogram, type Registry } from 'prom-client';
import { PHOTO_FORM_MAX_BYTES } from './evidence/routes.ts';
import { VOICE_FORM_MAX_BYTES } from './evidence/voice/routes.ts';
import { serveApiDocs } from './http/api-docs.ts';
import { limitBody } from './http/body-limit.ts';
import type { BaseMap } from './http/base-map.ts';
import { baseMapRoutes } from './http/base-map-routes.ts';
import { compressJson } from './http/compression.ts';
import { pages } from './http/pages.ts';
import { securityHeaders } from './http/security-headers.ts';
import { unknownRoute } from './http/unknown-routes.ts';
import { addressOf } from './identity/address.ts';
import type { Audit } from './identity/audit.ts';
import { requireSession } from './identity/middleware.ts';
import { sessionRoutes, signInRoutes } from './identity/routes.ts';
import type { Sessions } from './identity/sessions.ts';
import { traceOf } from './log.ts';
import { problemOf } from './problems.ts';
import { REPORT_PHOTO_MAX_BYTES } from './residents/report.ts';
import { MOST_PHOTOS } from './residents/form.ts';
import { answerProblem, type AppEnv, newRouter } from './router.ts';

export const BODY_MAX_BYTES = 2 * 1024 * 1024;
/** An account and a password; nobody is signed in yet, so no more than that is read. */
export const SIGN_IN_MAX_BYTES = 16 * 1024;
/** Three photos of a resident and the words beside them. */
export const REPORT_FORM_MAX_BYTES = MOST_PHOTOS * REPORT_PHOTO_MAX_BYTES + 64 * 1024;
/** A district's cells as GeoJSON, or a city's categories as XLSX. */
export const IMPORT_MAX_BYTES = 32 * 1024 * 1024;
const API = '/api/v1';

export interface AppDeps {
  /** Routes under /api/v1/public, in front of the sign-in: anybody asks them, so they bound what they take by themselves. */
  readonly openRouters?: readonly OpenAPIHono<AppEnv>[];
  /** Routes behind the sign-in, mounted under /api/v1. */
  readonly routers: readonly OpenAPIHono<AppEnv>[];
  readonly sessions: Sessions;
  readonly audit: Audit;
  /** `notes`: worth somebody's attention, and no reason to be unready. */
  readonly health: { ready(): Promise<{ readonly ok: boolean; readonly reasons: readonly string[]; readonly notes?: readonly string[] }> };
  readonly metrics: Registry;
  readonly log: Logger;
  /** Where the built pages are. */
  readonly distDir: string;
  /** A map under the cells; absent: none. */
  readonly baseMap?: BaseMap | null;
  /** A proxy on another machine stands in front and writes `X-Forwarded-For`. One on this machine is believed anyway. */
  readonly trustProxy?: boolean;
}

export function makeApp(deps: AppDeps): OpenAPIHono<AppEnv> {
  const app = newRouter();
  app.onError((error, c) => {
    const refused = problemOf(error);
    // The error's own text may quote what a person sent (PostgreSQL names the row in `detail`): type, code and stack must do.
    if (refused.code === 'internal') deps.log.error({ request: c.get('requestId'), ...traceOf(error) }, 'request failed');
    else if (refused.code === 'database-unavailable') deps.log.warn({ request: c.get('requestId'), ...traceOf(error) }, 'database away');
    return answerProblem(c, refused);
  });
  app.notFound(unknownRoute(app));

  app.use(observe(deps));
  app.use(securityHeaders(deps.baseMap ?? null));
  const address = (c: Context) => addressOf(peerOf(c), c.req.header('x-forwarded-for'), deps.trustProxy);
  mountApi(app, deps, address);
  mountOperations(app, deps);
  serveApiDocs(app);
  app.use(pages(deps.distDir));
  return app;
}

function mountApi(app: OpenAPIHono<AppEnv>, deps: AppDeps, address: (c: Context) => string): void {
  app.use(`${API}/*`, async (c, next) => {
    // What a person may see changes; a route whose answer may be kept says so itself.
    c.header('Cache-Control', 'no-store');
    await next();
  });
  app.use(`${API}/*`, compressJson());
  app.use(`${API}/sessions`, limitBody(SIGN_IN_MAX_BYTES));
  app.route(API, signInRoutes(deps.sessions, address));
  mountOpen(app, deps, address);

  // From here on nobody's body is read before it is known whose it is.
  app.use(`${API}/*`, auditRefusals(deps.audit, address));
  app.use(
    `${API}/*`,
    requireSession((token) => deps.sessions.authenticate(token)),
  );
  const photo = limitBody(PHOTO_FORM_MAX_BYTES, 'photo-too-large');
  const voice = limitBody(VOICE_FORM_MAX_BYTES, 'voice-too-large');
  const imported = limitBody(IMPORT_MAX_BYTES);
  const usual = limitBody(BODY_MAX_BYTES);
  app.use(`${API}/*`, (c, next) => {
    if (c.req.path === `${API}/photos`) return photo(c, next);
    if (c.req.path === `${API}/voices`) return voice(c, next);
    return c.req.path.startsWith(`${API}/imports/`) && c.var.actor.role === 'admin' ? imported(c, next) : usual(c, next);
  });
  app.route(API, sessionRoutes(deps.sessions));
  app.route(API, baseMapRoutes(deps.baseMap ?? null));
  for (const router of deps.routers) app.route(API, router);
}

/** For people without an account. */
function mountOpen(app: OpenAPIHono<AppEnv>, { openRouters = [] }: AppDeps, address: (c: Context) => string): void {
  const form = limitBody(REPORT_FORM_MAX_BYTES, 'photo-too-large');
  const usual = limitBody(SIGN_IN_MAX_BYTES);
  app.use(`${API}/public/*`, (c, next) => {
    c.set('address', address(c));
    return c.req.path === `${API}/public/reports` ? form(c, next) : usual(c, next);
  });
  for (const router of openRouters) app.route(API, router);
}

function mountOperations(app: OpenAPIHono<AppEnv>, { health, metrics, log }: AppDeps): void {
  app.get('/healthz', (c) => c.json({ ok: true }, 200, { 'Cache-Control': 'no-store' }));
  app.get('/readyz', async (c) => {
    const state = await health.ready().catch((error: unknown) => {
      log.warn(traceOf(error), 'readiness could not be told');
      return { ok: false, reasons: ['readiness could not be told'], notes: [] };
    });
    return c.json({ ok: state.ok, reasons: state.reasons, notes: state.notes ?? [] }, state.ok ? 200 : 503, {
      'Cache-Control': 'no-store',
    });
  });
  app.get('/metrics', async (c) =>
    c.body(await metrics.metrics(), 200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }),
  );
}

/** Gives the request its id, and counts how long it took by route and status. Queries and bodies stay out of the log: people's words stand in them. */
function observe({ metrics, log }: AppDeps): MiddlewareHandler<AppEnv> {
  const seconds = new Histogram({
    name: 'fengming_http_request_seconds',
    help: 'Time from a request to its answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
  return async (c, next) => {
    const requestId = randomUUID();
    c.set('requestId', requestId);
    c.header('X-Request-Id', requestId);
    const done = seconds.startTimer();
    await next();
    // The pattern, not the path: one series for all incidents.
    const labels = { method: KNOWN_METHODS.has(c.req.method) ? c.req.method : 'other', route: routePath(c), status: c.res.status };
    const took = done(labels);
    log.debug({ request: requestId, ...labels, ms: Math.round(took * 1_000) }, 'request');
  };
}

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Refused access is on record: who, and which route. */
function auditRefusals(audit: Audit, address: (c: Context) => string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    if (c.res.status !== 403) return;
    audit.note({
      what: 'refused',
      account: c.get('actor')?.account,
      session: c.get('sessionId'),
      address: address(c),
      detail: { method: c.req.method, path: c.req.path.slice(0, 200) },
    });
  };
}

/** The other end of the connection; none when a test calls the app without one. */
function peerOf(c: Context): string | undefined {
  return (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress;
}
