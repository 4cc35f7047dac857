/** A refusal or a failure as the pages show it: what happened and what to do next, in both languages. */
import type { Locale } from './types.ts';

export interface ProblemBody {
  readonly code?: string;
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
  readonly whatToDo?: { readonly 'zh-CN'?: string; readonly en?: string };
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly [more: string]: unknown;
}

/** Codes that the service never sends: it was not reached, or somebody else answered. */
const OWN = {
  offline: { title: 'No network', zh: '没有网络，内容还在，有网再送', en: 'No network. Nothing is lost; it goes out when there is one.' },
  'unreadable-answer': { title: 'Unreadable answer', zh: '服务没有回答，请再试一次', en: 'The service did not answer. Try again.' },
} as const;

export class ApiProblem extends Error {
  readonly code: string;
  readonly title: string;
  /** HTTP status; 0 when the service was not reached. */
  readonly status: number;
  readonly whatToDo: Readonly<Record<Locale, string>>;
  /** Seconds after which trying again makes sense, from Retry-After. */
  readonly retryAfterS: number | null;
  readonly body: ProblemBody;

  constructor(status: number, body: ProblemBody, retryAfterS: number | null = null) {
    const own = status === 0 ? OWN.offline : OWN['unreadable-answer'];
    super(body.title ?? own.title);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = body.code ?? (status === 0 ? 'offline' : 'unreadable-answer');
    this.title = body.title ?? own.title;
    this.whatToDo = { 'zh-CN': body.whatToDo?.['zh-CN'] ?? own.zh, en: body.whatToDo?.en ?? own.en };
    this.retryAfterS = retryAfterS;
    this.body = body;
  }

  /** Trying the same again may help: not reached, overloaded, or the service is starting. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown;
  return new ApiProblem(500, { detail: thrown instanceof Error ? thrown.message : String(thrown) });
}
