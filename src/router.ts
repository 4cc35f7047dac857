/** How every router is made, so that refused input looks the same on all of them. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { PROBLEMS, Problem, problemBody, type ProblemCode } from './errors.ts';
import type { Account } from './identity/accounts.ts';
import type { Actor } from './identity/actor.ts';

/** What the middleware in front of a route has put there. `actor`, `account` and `sessionId` only behind `requireSession`. */
export interface AppEnv {
  Variables: {
    actor: Actor;
    /** The same with its names. */
    account: Account;
    sessionId: string;
    /** Where a request without a session comes from, normalised by `addressOf`; only under /public. */
    address: string;
    /** Goes into the log and into the answer's `X-Request-Id`, so that a person can name the request that failed. */
    requestId: string;
  };
}

/** One field that was refused: where in the body, and why. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/**
 * A router whose zod schemas answer with problem+json: 422 `invalid-body` or `invalid-query` (query, path, headers and cookies),
 * with `errors: [{path, message}]`. The refused values themselves are not repeated: they may hold personal data.
 */
export function newRouter(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const errors: FieldError[] = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
      return problem(c, isBody(result.target) ? 'invalid-body' : 'invalid-query', undefined, { errors });
    },
  });
}

/**
 * The answer for a refusal. Routes may return it beside their typed answers.
 *
 * @param detail  what exactly was wrong, in English for the developer; the person reads `whatToDo`.
 * @param extra   further members of the problem, for example `errors`, `retryAfterS`.
 */
export function problem(
  c: Context,
  code: ProblemCode,
  detail?: string,
  extra?: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Response & { _data: never; _status: never; _format: never } {
  const answer = c.body(JSON.stringify(problemBody(code, detail, extra)), PROBLEMS[code].status, {
    ...headers,
    'Content-Type': 'application/problem+json; charset=utf-8',
  });
  // Typed as "no answer of its own" so that every route may return it beside the answers that it declares.
  return answer as unknown as Response & { _data: never; _status: never; _format: never };
}

/** The same for a thrown `Problem`. */
export function answerProblem(c: Context, thrown: Problem): Response {
  return problem(c, thrown.code, thrown.detail, thrown.extra, thrown.headers);
}

function isBody(target: string): boolean {
  return target === 'json' || target === 'form';
}
