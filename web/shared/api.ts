/** The service over HTTP, with its problems as exceptions. Same origin, signed in by the cookie. */
import { v7 } from 'uuid';
import { ApiProblem, asProblem, type ProblemBody } from './problem.ts';
import { learnServerTime } from './server-time.ts';
import { makeUnanswered } from './unanswered.ts';

export { ApiProblem, asProblem };

const BASE = '/api/v1';
/** How often one call meets 503 before the person hears of it. */
const BUSY_TRIES = 4;

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;
interface CallOptions {
  /** UUID under which the service does the same thing once, however often it is asked. Without one the act has its own until it is answered. */
  readonly key?: string;
  /** What tells this act from another one, where the body says more than that, as the moment of the press. Without it the body does. */
  readonly act?: unknown;
  readonly signal?: AbortSignal;
  /** False: a 503 is thrown at once, because the caller has its own way of waiting. */
  readonly patient?: boolean;
  /** False: a session that has ended is thrown, nobody is asked to sign in: it is about signing in itself. */
  readonly signedIn?: boolean;
}

/** UUIDv7 for an Idempotency-Key. Works without a secure context too, where crypto.randomUUID does not exist. */
export function newKey(): string {
  return v7();
}

const sessionEndListeners = new Set<() => void>();
/** Called when the service says that nobody is signed in any more. Returns the way to stop listening. */
export function onSessionEnd(listener: () => void): () => void {
  sessionEndListeners.add(listener);
  return () => sessionEndListeners.delete(listener);
}
const sessionResumeListeners = new Set<() => void>();
/** Called when the same person has signed in again on this very page. Returns the way to stop listening. */
export function onSessionResumed(listener: () => void): () => void {
  sessionResumeListeners.add(listener);
  return () => sessionResumeListeners.delete(listener);
}

/** How a page gets its person signed in again. @param acted  a person has just pressed something that needs it. @returns whether it worked. */
export type Recovery = (acted: boolean) => Promise<boolean>;
let recovery: Recovery | null = null;
let recovering: Promise<boolean> | null = null;
export function recoverSessionBy(way: Recovery | null): void {
  recovery = way;
}
/** Nobody is signed in any more; also told by the socket when it closes with 4501. All who hear of the same end wait for the same answer. @returns whether one may try again. */
export function sessionEnded(acted = false): Promise<boolean> {
  recovering ??= recover(acted).finally(() => (recovering = null));
  return recovering;
}
async function recover(acted: boolean): Promise<boolean> {
  for (const listener of [...sessionEndListeners]) listener();
  const again = (await recovery?.(acted)) ?? false;
  if (again) for (const listener of [...sessionResumeListeners]) listener();
  return again;
}

let mayCall: () => boolean = () => true;
/** From now on nothing that needs a session goes out while this says no: the session of this browser is another person's. */
export function callOnlyWhile(same: () => boolean): void {
  mayCall = same;
}
/** @throws ApiProblem as without a network: what was to go out is kept, for whoever wrote it. */
function checkPerson(): void {
  if (!mayCall()) throw new ApiProblem(0, {});
}

export function urlOf(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, v]) => v !== undefined && v !== null && v !== '') as [string, string | number | boolean][];
  const search = new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString();
  return `${BASE}${path}${search ? `?${search}` : ''}`;
}

function retryAfterS(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

function problemOf(status: number, text: string, retryAfter: string | null): ApiProblem {
  let body: ProblemBody = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) body = parsed as ProblemBody;
  } catch {
    // Not from the service (a proxy's page): the status alone has to do.
  }
  return new ApiProblem(status, body, retryAfterS(retryAfter));
}
/** @throws ApiProblem as without a network: only a stranger answers well and not in JSON, such as the sign-in page of somebody's Wi-Fi. */
function read<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiProblem(0, {});
  }
}
const saysEnded = ({ status, code }: ApiProblem) => status === 401 && code !== 'wrong-credentials';

async function once(method: string, url: string, body: string | undefined, options: CallOptions): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (options.key !== undefined) headers.set('idempotency-key', options.key);
  const sentAt = Date.now();
  try {
    const answer = await fetch(url, { method, headers, body, signal: options.signal, credentials: 'same-origin' });
    learnServerTime(answer.headers.get('date'), sentAt, Date.now());
    return answer;
  } catch (thrown) {
    if (options.signal?.aborted) throw thrown;
    throw new ApiProblem(0, {});
  }
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/**
 * One call. 503 is tried again with the same key after Retry-After (or 1, 2, 4 s), so nothing is done twice. Where the session has ended it waits until the
 * person has signed in again, and then goes out: what was typed is sent by the press that sent it.
 *
 * @throws ApiProblem for every answer that is not a 2xx, and with status 0 when the service was not reached.
 */
async function call<T>(method: string, path: string, query: Query, body: unknown, options: CallOptions): Promise<T> {
  const url = urlOf(path, query);
  const text = body === undefined ? undefined : JSON.stringify(body);
  let renewed = false;
  for (let tried = 1; ; tried++) {
    if (options.signedIn !== false) checkPerson();
    const answer = await once(method, url, text, options);
    if (answer.ok) return answer.status === 204 ? (undefined as T) : read<T>(await answer.text());
    const problem = problemOf(answer.status, await answer.text(), answer.headers.get('retry-after'));
    if (saysEnded(problem) && options.signedIn !== false && !renewed) {
      renewed = await sessionEnded(method !== 'GET');
      if (renewed) continue;
    }
    if (problem.status !== 503 || options.patient === false || tried >= BUSY_TRIES) throw problem;
    await pause((problem.retryAfterS ?? 2 ** (tried - 1)) * 1_000);
  }
}

/** Acts without a key from the caller. */
const unanswered = makeUnanswered(newKey);
/** What changes something, without a key from the caller: pressed again after a lost answer it is the same act. */
function act<T>(method: string, path: string, body: unknown, options: CallOptions): Promise<T> {
  // What is said at signing in is kept nowhere.
  if (options.key !== undefined || options.signedIn === false)
    return call<T>(method, path, {}, body, { ...options, key: options.key ?? newKey() });
  return unanswered.send(
    `${method} ${path}`,
    body,
    (sent) => call<T>(method, path, {}, sent.body, { ...options, key: sent.key }),
    options.act,
  );
}

export const api = {
  get: <T>(path: string, query: Query = {}, options: CallOptions = {}) => call<T>('GET', path, query, undefined, options),
  post: <T>(path: string, body: unknown, options: CallOptions = {}) => act<T>('POST', path, body, options),
  put: <T>(path: string, body: unknown, options: CallOptions = {}) => act<T>('PUT', path, body, options),
  del: (path: string, options: CallOptions = {}) => act<void>('DELETE', path, undefined, options),
  upload,
};

interface UploadOptions {
  readonly key?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (part: number) => void;
}

/** A file of which nothing more goes out for so long, and no answer comes, is given up, milliseconds: what waits behind it could never be sent. [ours]: a mast that is overrun serves each within half a minute. */
const STALL_MS = 60_000;

/** Sends a file with progress (fetch cannot tell how much has gone out), and again once somebody has signed in again. @throws ApiProblem like the others. */
async function upload<T>(path: string, form: FormData, options: UploadOptions = {}): Promise<T> {
  try {
    return await sendFile<T>(path, form, options);
  } catch (thrown) {
    if (!(thrown instanceof ApiProblem) || !saysEnded(thrown) || !(await sessionEnded(true))) throw thrown;
    return sendFile<T>(path, form, options);
  }
}

async function sendFile<T>(path: string, form: FormData, options: UploadOptions): Promise<T> {
  checkPerson();
  const { status, text, retryAfter } = await post(path, form, options);
  if (status >= 200 && status < 300) return read<T>(text);
  throw problemOf(status, text, retryAfter);
}

interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}
function post(path: string, form: FormData, options: UploadOptions): Promise<RawAnswer> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    let stall: ReturnType<typeof setTimeout> | undefined;
    const goesOn = () => {
      clearTimeout(stall);
      stall = setTimeout(() => {
        fail(new ApiProblem(0, {}));
        request.abort();
      }, STALL_MS);
    };
    request.open('POST', urlOf(path));
    request.setRequestHeader('accept', 'application/json');
    if (options.key !== undefined) request.setRequestHeader('idempotency-key', options.key);
    request.upload.onprogress = (e) => {
      goesOn();
      if (e.lengthComputable) options.onProgress?.(e.loaded / e.total);
    };
    request.onload = () =>
      done({ status: request.status, text: request.responseText, retryAfter: request.getResponseHeader('retry-after') });
    request.onerror = () => fail(new ApiProblem(0, {}));
    request.onabort = () => fail(new DOMException('aborted', 'AbortError'));
    request.onloadend = () => clearTimeout(stall);
    options.signal?.addEventListener('abort', () => request.abort(), { once: true });
    goesOn();
    request.send(form);
  });
}
