/** Signing in and out, and who one is. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { problems } from '../problems.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import { meOf } from './accounts.ts';
import { ROLES } from './actor.ts';
import { isHttps, isNoPage, isOwnPage, SESSION_COOKIE } from './credentials.ts';
import { type Sessions, SESSION_MS, type SignIn } from './sessions.ts';

/** No control characters: the database refuses a NUL, and no name or password has one. */
const PLAIN = /^\P{Cc}*$/u;

const SignInSchema = z
  .object({
    account: z.string().trim().min(1).max(80).regex(PLAIN).openapi({ example: 'community.441802006001' }),
    password: z.string().min(1).max(200).regex(PLAIN),
  })
  .openapi('SignIn');

const MeSchema = z
  .object({
    account: z.string(),
    role: z.enum(ROLES),
    nameZh: z.string(),
    nameEn: z.string(),
    district: z.number().int(),
    subdistrict: z.string().optional(),
    community: z.string().optional(),
    cell: z.string().optional(),
    unit: z.string().optional(),
    communities: z.array(z.string()).readonly().optional(),
    may: z.array(z.enum(['report', 'uploadPhoto', 'move', 'import', 'settings', 'readWholeDistrict'])).readonly(),
  })
  .openapi('Me');

const SignedInSchema = z.object({ token: z.string(), expiresAt: z.iso.datetime(), me: MeSchema }).openapi('SignedIn');

const signInRoute = createRoute({
  method: 'post',
  path: '/sessions',
  tags: ['identity'],
  summary: 'Sign in; also sets the cookie `session`',
  security: [],
  request: { body: { required: true, content: { 'application/json': { schema: SignInSchema } } } },
  responses: {
    201: { description: 'Signed in', content: { 'application/json': { schema: SignedInSchema } } },
    ...problems('wrong-credentials', 'too-many-attempts', 'foreign-origin', 'invalid-body', 'malformed-json', 'busy'),
  },
});

const signOutRoute = createRoute({
  method: 'delete',
  path: '/sessions/current',
  tags: ['identity'],
  summary: 'Sign out; sockets of the session close with 4501',
  responses: { 204: { description: 'Signed out' }, ...problems('not-signed-in', 'foreign-origin') },
});

const meRoute = createRoute({
  method: 'get',
  path: '/me',
  tags: ['identity'],
  summary: 'Who is signed in, where, and what they may do',
  responses: { 200: { description: 'The account', content: { 'application/json': { schema: MeSchema } } }, ...problems('not-signed-in') },
});

/** The one route in front of the sign-in. @param addressOf  where a request comes from, for the limit on failed tries. */
export function signInRoutes(sessions: Sessions, addressOf: (c: Context) => string): OpenAPIHono<AppEnv> {
  const app = newRouter();
  app.openapi(signInRoute, async (c) => {
    const header = (name: string) => c.req.header(name);
    // A foreign page could otherwise sign a visitor in under an account of its own and read what is then reported.
    if (!isNoPage(header) && !isOwnPage(header)) return problem(c, 'foreign-origin');
    const { account, password } = c.req.valid('json');
    const result = await sessions.signIn(account, password, addressOf(c));
    if (!result.ok) return refusal(c, result);
    setCookie(c, SESSION_COOKIE, result.token, {
      path: '/',
      httpOnly: true,
      sameSite: 'Strict',
      secure: isHttps(header, c.req.url),
      maxAge: SESSION_MS / 1_000,
    });
    return c.json({ token: result.token, expiresAt: result.expiresAt.toISOString(), me: result.me }, 201);
  });
  return app;
}

export function sessionRoutes(sessions: Sessions): OpenAPIHono<AppEnv> {
  const app = newRouter();
  app.openapi(signOutRoute, async (c) => {
    await sessions.end(c.var.sessionId);
    deleteCookie(c, SESSION_COOKIE, { path: '/' });
    return c.body(null, 204);
  });
  app.openapi(meRoute, (c) => c.json(meOf(c.var.account), 200));
  return app;
}

/** Says how many tries are left, or how long to wait, in the words that the person reads. */
function refusal(c: Context, refused: Exclude<SignIn, { ok: true }>) {
  if (refused.code === 'busy') return problem(c, 'busy', undefined, {}, { 'Retry-After': '5' });
  const seconds = Math.ceil(refused.waitMs / 1_000);
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const wait = { zh: `请 ${minutes} 分钟后再试`, en: `Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.` };
  const retry = { 'Retry-After': String(seconds) };
  if (refused.code === 'too-many-attempts') {
    const whatToDo = { 'zh-CN': `输错太多次，${wait.zh}`, en: `Too many wrong tries. ${wait.en}` };
    return problem(c, 'too-many-attempts', wait.en, { whatToDo, retryAfterS: seconds }, retry);
  }
  const { triesLeft } = refused;
  const whatToDo =
    triesLeft > 0
      ? {
          'zh-CN': `账号或密码不对，还可以试 ${triesLeft} 次`,
          en: `Check account and password. ${triesLeft} ${triesLeft === 1 ? 'try' : 'tries'} left.`,
        }
      : { 'zh-CN': `账号或密码不对，${wait.zh}`, en: `Wrong account or password. ${wait.en}` };
  return problem(c, 'wrong-credentials', whatToDo.en, { whatToDo, attemptsLeft: triesLeft }, triesLeft > 0 ? {} : retry);
}
