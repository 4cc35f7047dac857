/** A client of the running service: signs in when needed, and repeats with the same key until it has an answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';

export interface Answer {
  readonly status: number;
  // The replay reads few fields of many answers; what they are is checked where they are used.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export interface ClientOptions {
  /** For example `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly password: string;
  /** How long to go on when the service does not answer or says 503, milliseconds. */
  readonly patienceMs: number;
}

/** Statuses after which the same request may be sent again. */
const AGAIN = new Set([502, 503, 504]);

export class Client {
  readonly options: ClientOptions;
  /** Requests that had to be repeated. */
  repeats = 0;
  readonly #tokens = new Map<string, Promise<string>>();

  constructor(options: ClientOptions) {
    this.options = options;
  }

  /** The bearer token of an account; signs in once. */
  token(account: string): Promise<string> {
    let token = this.#tokens.get(account);
    if (token === undefined) {
      token = this.#signIn(account);
      this.#tokens.set(account, token);
    }
    return token;
  }

  async #signIn(account: string): Promise<string> {
    const answer = await this.#send('POST', '/sessions', {}, { account, password: this.options.password });
    if (answer.status !== 201) throw new Error(`cannot sign in as ${account}: ${answer.status} ${answer.body?.code ?? ''}`);
    return answer.body.token as string;
  }

  async get(account: string, path: string): Promise<Answer> {
    return this.#send('GET', path, { authorization: `Bearer ${await this.token(account)}` });
  }

  /** A POST with a fresh Idempotency-Key, repeated with the same one. */
  async post(account: string, path: string, body: unknown): Promise<Answer> {
    const headers = { authorization: `Bearer ${await this.token(account)}`, 'idempotency-key': uuid() };
    return this.#send('POST', path, headers, body);
  }

  async #send(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Answer> {
    const until = Date.now() + this.options.patienceMs;
    for (let wait = 50; ; wait = Math.min(wait * 2, 1_000)) {
      const answer = await this.#once(method, path, headers, body);
      if (answer !== null && !AGAIN.has(answer.status)) return answer;
      if (Date.now() > until) throw new Error(`${method} ${path}: no answer for ${this.options.patienceMs} ms`);
      this.repeats += 1;
      await sleep(wait);
    }
  }

  /** null: the connection broke, so whether it was done is unknown. */
  async #once(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Answer | null> {
    try {
      const response = await fetch(`${this.options.url}/api/v1${path}`, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    } catch {
      return null;
    }
  }
}
