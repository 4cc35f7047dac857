/** Problems as the documentation shows them, and what a thrown error becomes for the one who asked. */
import { z } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { PROBLEMS, Problem, type ProblemCode } from './errors.ts';

export const ProblemSchema = z
  .object({
    type: z.string().openapi({ example: '/problems/version-conflict' }),
    title: z.string(),
    status: z.number().int(),
    code: z.string().openapi({ description: 'Stable: decide by this, not by the texts' }),
    detail: z.string(),
    whatToDo: z.object({ 'zh-CN': z.string(), en: z.string() }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');

type StatusOf<C extends ProblemCode> = (typeof PROBLEMS)[C]['status'];
interface ProblemAnswer {
  description: string;
  content: { 'application/problem+json': { schema: typeof ProblemSchema } };
}

/** The `responses` of a route for the refusals that it names, one per status: `{ ...problems('not-found', 'invalid-body') }`. */
export function problems<const C extends ProblemCode>(...codes: readonly C[]): { [S in StatusOf<C>]: ProblemAnswer } {
  const answers = new Map<number, ProblemAnswer>();
  for (const code of codes) {
    const { status, title } = PROBLEMS[code];
    const line = `${title} (\`${code}\`)`;
    const before = answers.get(status)?.description;
    answers.set(status, {
      description: before === undefined ? line : `${before}; ${line}`,
      content: { 'application/problem+json': { schema: ProblemSchema } },
    });
  }
  return Object.fromEntries(answers) as { [S in StatusOf<C>]: ProblemAnswer };
}

const CODE_OF_STATUS: ReadonlyMap<number, ProblemCode> = new Map([
  [400, 'malformed-json'],
  [401, 'not-signed-in'],
  [403, 'not-allowed'],
  [404, 'not-found'],
  [405, 'method-not-allowed'],
  [413, 'body-too-large'],
  [415, 'unsupported-media-type'],
]);

/** PostgreSQL is stopping, starting, full, read-only, or the connection to it broke. */
const AWAY_SQLSTATE = /^(57P0\d|08\w{3}|53\w{3}|25006)$/;
const AWAY_SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
/** pg has no codes for these. */
const AWAY_MESSAGE =
  /^(timeout exceeded when trying to connect|timeout expired|Connection terminated|Client has encountered a connection error|Cannot use a pool after calling end|Client was closed and is not queryable)/;
/** A lock or a statement took too long; or two writers met in the wrong order and one had to go. */
const BUSY_SQLSTATE = new Set(['55P03', '57014', '40001', '40P01']);
/** Text that the database cannot store: a NUL, or half a surrogate pair. */
const TEXT_SQLSTATE = new Set(['22021', '22P05']);

/**
 * What an error that nobody caught means for the person: refusals thrown by stores keep their code, what hono refuses by itself gets
 * ours, a database that is away asks to come back. `internal` is what is left, and goes into the log.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException) return new Problem(CODE_OF_STATUS.get(error.status) ?? 'internal');
  if (isDatabaseAway(error)) return new Problem('database-unavailable', { headers: { 'Retry-After': '2' } });
  const code = codeOf(error);
  if (BUSY_SQLSTATE.has(code)) return new Problem('busy', { headers: { 'Retry-After': '2' } });
  if (TEXT_SQLSTATE.has(code)) return new Problem('invalid-body', { detail: 'Some text holds characters that cannot be stored.' });
  return new Problem('internal');
}

/** Also an error that carries the real one as its cause, as a batch's neighbours do. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (AWAY_SQLSTATE.test(code) || AWAY_SYSTEM.has(code)) return true;
  // The unix socket of a PostgreSQL that is not there; a missing file has another `syscall`.
  if (code === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'connect') return true;
  return AWAY_MESSAGE.test(error.message) || (error.cause !== undefined && isDatabaseAway(error.cause));
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
