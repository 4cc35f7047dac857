/** The HTTP server's beginning and end. */
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';

/** A silent client holds a connection no longer than this, milliseconds. */
const HEADERS_TIMEOUT_MS = 15_000;
/** A photo of 15 MB over half a megabit a second takes four minutes. */
const REQUEST_TIMEOUT_MS = 300_000;
/** How long a request under way may take after the stop, milliseconds. */
const REQUEST_GRACE_MS = 3_000;

/**
 * @param port  0: any free one.
 * @throws what the system says when the address is taken or not ours.
 */
export function listen(
  fetch: (request: Request, env: unknown) => Response | Promise<Response>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({
      fetch,
      hostname: host,
      port,
      serverOptions: { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    }) as Server;
    server.once('error', reject);
    server.once('listening', () => resolve(server));
  });
}

/** Takes no new connections, lets what is under way be answered, and drops those that keep a connection open without asking. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), REQUEST_GRACE_MS).unref();
  });
}
