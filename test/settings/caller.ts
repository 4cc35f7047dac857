/** The service as any account asks it: signed in once, answers with status and body. */
import { randomUUID } from 'node:crypto';
import { PASSWORD } from '../support/server.ts';

// Answers are read field by field where they are used.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;
export type Caller = (account: string, method: string, path: string, body?: object) => Promise<{ status: number; body: Body }>;

export function caller(url: string): Caller {
  const tokens = new Map<string, Promise<string>>();
  const token = (account: string): Promise<string> => {
    const known = tokens.get(account);
    if (known !== undefined) return known;
    const made = fetch(`${url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ account, password: PASSWORD }),
    }).then(async (answer) => ((await answer.json()) as { token: string }).token);
    tokens.set(account, made);
    return made;
  };
  return async (account, method, path, body) => {
    const form = body instanceof FormData;
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${await token(account)}`,
        ...(body === undefined || form ? {} : { 'Content-Type': 'application/json' }),
        ...(method === 'POST' ? { 'Idempotency-Key': randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Body };
  };
}
