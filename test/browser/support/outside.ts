/** The service as somebody without a page uses it: what a spec needs to have happened before, and to look behind the pages. */
import { v7 as uuid } from 'uuid';
import { PASSWORD } from '../../support/server.ts';

// Answers are read field by field where they are used.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;

export interface Answer {
  readonly status: number;
  readonly body: Body;
}

export interface Outside {
  get(account: string, path: string): Promise<Body>;
  /** With a fresh Idempotency-Key. @throws Error with the problem's code unless it was taken. */
  report(account: string, body: object): Promise<Body>;
  /** @returns the incident after it. @throws Error with the problem's code unless it was taken. */
  move(account: string, id: string, command: object): Promise<Body>;
}

export function outside(url: string): Outside {
  const tokens = new Map<string, Promise<string>>();

  async function ask(account: string | null, method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(account === null ? {} : { authorization: `Bearer ${await token(account)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': uuid() }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = { status: response.status, body: (await response.json()) as Body };
    if (!response.ok) throw new Error(`${method} ${path} by ${account}: ${answer.status} ${answer.body.code}`);
    return answer;
  }
  function token(account: string): Promise<string> {
    if (!tokens.has(account)) {
      tokens.set(
        account,
        ask(null, 'POST', '/sessions', { account, password: PASSWORD }).then((a) => a.body.token as string),
      );
    }
    return tokens.get(account)!;
  }

  return {
    get: async (account, path) => (await ask(account, 'GET', path)).body,
    report: async (account, body) => (await ask(account, 'POST', '/incidents', body)).body,
    move: async (account, id, command) => (await ask(account, 'POST', `/incidents/${id}/moves`, command)).body.incident,
  };
}
