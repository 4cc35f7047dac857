/** Bodies have a bound before anybody reads them: a declared one by its length, an undeclared one while it comes in. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ProblemCode } from '../errors.ts';
import { type AppEnv, problem } from '../router.ts';

/**
 * 413 `code` past `maxBytes`. What the client still sends is read and thrown away by the server, up to its own limit, so that the
 * answer arrives.
 */
export function limitBody(maxBytes: number, code: ProblemCode = 'body-too-large'): MiddlewareHandler<AppEnv> {
  const undeclared = bodyLimit({ maxSize: maxBytes, onError: (c) => problem(c, code) });
  return async (c, next) => {
    if (c.req.header('transfer-encoding') !== undefined) return undeclared(c, next);
    // Node takes exactly the declared number of bytes, and refuses a length that is no number.
    if (Number(c.req.header('content-length') ?? 0) > maxBytes) return problem(c, code);
    return next();
  };
}
