/** What no route answered: an address that does not exist, or one that exists for another method. */
import type { Hono, NotFoundHandler } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import { type AppEnv, problem } from '../router.ts';

/** 405 with `Allow` where another method would do, else 404. hono itself answers both with 404. */
export function unknownRoute(app: Pick<Hono<AppEnv>, 'routes'>): NotFoundHandler<AppEnv> {
  // Made when it is first needed: by then every route is there.
  let known: { router: TrieRouter<string>; methods: readonly string[] } | undefined;
  const learn = () => {
    const router = new TrieRouter<string>();
    const methods = new Set<string>();
    for (const { method, path } of app.routes) {
      // Middleware is for every method and answers nothing by itself.
      if (method === 'ALL') continue;
      router.add(method, path, method);
      methods.add(method);
    }
    return { router, methods: [...methods] };
  };

  return (c) => {
    known ??= learn();
    const { router, methods } = known;
    const allowed = methods.filter((method) => method !== c.req.method && router.match(method, c.req.path)[0].length > 0);
    if (allowed.includes('GET') && c.req.method === 'HEAD') return problem(c, 'not-found');
    if (allowed.length === 0) return problem(c, 'not-found', 'There is nothing at this address.');
    if (allowed.includes('GET')) allowed.push('HEAD');
    return problem(c, 'method-not-allowed', undefined, { allow: allowed }, { Allow: allowed.join(', ') });
  };
}
