/** Imports over HTTP, for admins, and of the calendar for the district: a file in, what is wrong with it or how much was written out. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { hasAbility } from '../../identity/abilities.ts';
import type { AppEnv } from '../../router.ts';
import { newRouter, problem } from '../../router.ts';
import { IMPORT_SUBJECTS, type ImportOptions, type ImportOutcome, type ImportSubject } from './importer.ts';

export interface ImportRoutesDeps {
  /** Checks and writes the file, and makes what was written hold (`reload`) before it answers. */
  importFile(subject: ImportSubject, bytes: Uint8Array, options: ImportOptions): Promise<ImportOutcome>;
}

const Words = z.object({ 'zh-CN': z.string(), en: z.string() });
const OutcomeSchema = z
  .object({
    subject: z.enum(IMPORT_SUBJECTS),
    dryRun: z.boolean(),
    rows: z.number().int(),
    written: z.number().int(),
    findings: z.array(
      z.object({ row: z.number().int().nullable(), column: z.string().nullable(), code: z.string(), what: Words, whatToDo: Words }),
    ),
  })
  .openapi('ImportOutcome');

const importRoute = createRoute({
  method: 'post',
  path: '/imports/{subject}',
  tags: ['grid'],
  summary: 'Import cells (GeoJSON), units, categories or calendar years (CSV, XLSX); with a bad row nothing is written',
  request: {
    params: z.object({ subject: z.enum(IMPORT_SUBJECTS) }),
    query: z.object({
      dryRun: z.enum(['true', 'false']).default('false'),
      as: z
        .union([z.string(), z.array(z.string()).max(200)])
        .optional()
        .openapi({ description: 'How a 处置单位 of the nine-column table is called here: `区城管局=urban-enforcement`; may be repeated' }),
    }),
    body: {
      required: true,
      content: { 'multipart/form-data': { schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }) } },
    },
  },
  responses: {
    200: {
      description: 'Read without fault: written, or in a dry run fit to be',
      content: { 'application/json': { schema: OutcomeSchema } },
    },
    422: {
      description: 'Nothing written; each finding names row, column, what is wrong and what to do',
      content: { 'application/json': { schema: OutcomeSchema } },
    },
    403: { description: 'Only for admins, the calendar also for the district: problem not-allowed' },
  },
});

export function importRoutes(deps: ImportRoutesDeps): OpenAPIHono<AppEnv> {
  const app = newRouter();
  app.openapi(importRoute, async (c) => {
    const { subject } = c.req.valid('param');
    const { role, account } = c.var.actor;
    const may = hasAbility(role, subject === 'calendar' ? 'settings' : 'import');
    if (!may) return problem(c, 'not-allowed', 'imports are for admins, and the calendar for the district too');
    const { file } = c.req.valid('form') as { file: unknown };
    if (!(file instanceof File)) return problem(c, 'invalid-body', undefined, { errors: [{ path: 'file', message: 'a file is needed' }] });
    const { dryRun, as = [] } = c.req.valid('query');
    const unitTypes = parseNames(typeof as === 'string' ? [as] : as);
    if (!unitTypes) return problem(c, 'invalid-query', undefined, { errors: [{ path: 'as', message: 'expected name=unit-type' }] });
    const bytes = new Uint8Array(await file.arrayBuffer());
    const outcome = await deps.importFile(subject, bytes, { dryRun: dryRun === 'true', unitTypes, account });
    return c.json({ ...outcome, findings: [...outcome.findings] }, outcome.findings.length > 0 ? 422 : 200);
  });
  return app;
}

/** `区城管局=urban-enforcement` → a map; null when one has not this form. */
export function parseNames(entries: readonly string[]): ReadonlyMap<string, string> | null {
  const pairs = entries.map((entry) => entry.split('='));
  if (pairs.some((pair) => pair.length !== 2 || pair[0]!.trim() === '' || pair[1]!.trim() === '')) return null;
  return new Map(pairs.map(([name, type]) => [name!.trim(), type!.trim()]));
}
