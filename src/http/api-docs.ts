/** `/openapi.json`, made from the same schemas that check the requests, and `/docs`, which shows it with no script from elsewhere. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { PROBLEMS, problemBody, type ProblemCode } from '../errors.ts';
import { SESSION_COOKIE } from '../identity/credentials.ts';
import { type AppEnv, problem } from '../router.ts';
import { staticFile } from './pages.ts';

const ABOUT: Parameters<OpenAPIHono['getOpenAPI31Document']>[0] = {
  openapi: '3.1.0',
  info: {
    title: '凤鸣 Fengming',
    version: '1',
    description:
      'Grid-based incident dispatch for a city district. Errors are problem+json (RFC 9457) with a stable `code`; times are RFC 3339 UTC; ' +
      'positions are WGS-84. Writes take an Idempotency-Key: the same key again gets the same answer.',
    license: { name: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  security: [{ bearer: [] }, { cookie: [] }],
};

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>凤鸣 Fengming · API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });\n`;
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** Call it last: the document has the routes that the app has by the first time it is asked for. */
export function serveApiDocs(app: OpenAPIHono<AppEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'cookie', { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE });
  let document: string | undefined;
  app.get('/openapi.json', (c) => {
    document ??= JSON.stringify(app.getOpenAPI31Document(ABOUT));
    return c.body(document, 200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-cache' });
  });

  app.get('/docs', (c) => c.redirect('/docs/', 308));
  app.get('/docs/', (c) => c.html(PAGE));
  app.get('/docs/start.js', (c) => c.body(START, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }));
  const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const name of FILES) {
    const file = staticFile(path.join(folder, name));
    app.get(`/docs/${name}`, (c) => file.answer(c, 'no-cache'));
  }

  // `type` of a problem is an address: what stands there says what to do.
  const codes: ReadonlySet<string> = new Set(Object.keys(PROBLEMS));
  app.get('/problems/:code', (c) => {
    const code = c.req.param('code');
    return codes.has(code) ? c.json(problemBody(code as ProblemCode)) : problem(c, 'not-found');
  });
}
