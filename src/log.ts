/** The log of the service: lines of JSON, without what people wrote. */
import pino, { type Logger } from 'pino';
import type { Config } from './config.ts';

export function makeLogger(level: Config['logLevel']): Logger {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: traceOf } });
}

/**
 * What of an error may be logged: type, codes and where. Its text may quote what a person sent (PostgreSQL names the row in `detail`), so it stays out.
 */
export function traceOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, code: (error as { code?: unknown }).code, constraint: (error as { constraint?: unknown }).constraint, frames };
}
