/** A request that holds a place while its body comes in may not take its time. */
import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../router.ts';

/** Ends the connection of a request that is not answered within `ms`: whoever reads its body is told by an error. Without a connection, as in a spec, it waits. */
export function cutAfter(ms: number): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const socket = (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket;
    const timer = setTimeout(() => socket?.destroy(), ms);
    try {
      await next();
    } finally {
      clearTimeout(timer);
    }
  };
}
