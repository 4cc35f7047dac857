/** The whole product over HTTP, as anybody would use it: every request with its own key, and its answer whatever it is. */
import { v7 as uuid } from 'uuid';
import { PASSWORD } from '../support/server.ts';

type Body = ReturnType<JSON['parse']>;
export interface Answer {
  readonly status: number;
  readonly body: Body;
}

export function serviceAt(url: string) {
  const tokens = new Map<string, Promise<string>>();
  /** @param key  absent: one of its own. */
  async function ask(account: string | null, method: string, path: string, body?: unknown, key: string = uuid()): Promise<Answer> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(account === null ? {} : { authorization: `Bearer ${await tokenOf(account)}` }),
        'idempotency-key': key,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as Body) };
  }
  function tokenOf(account: string): Promise<string> {
    const known =
      tokens.get(account) ?? ask(null, 'POST', '/sessions', { account, password: PASSWORD }).then(({ body }) => body.token as string);
    tokens.set(account, known);
    return known;
  }
  return {
    ask,
    get: async (account: string, path: string): Promise<Body> => (await ask(account, 'GET', path)).body,
    post: (account: string, path: string, body: unknown) => ask(account, 'POST', path, body),
    move: (account: string, incident: string, body: object) => ask(account, 'POST', `/incidents/${incident}/moves`, body),
  };
}
