/** Counts what was fired: how late, how often, and whether too early. */
import { quantile } from '../measure.ts';

export interface Lags {
  readonly fired: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly twice: number;
  readonly early: number;
  readonly missed: number;
}

export class LagCounter {
  readonly #count: number;
  readonly #dueMs: (n: number) => number;
  readonly #lags: number[] = [];
  readonly #seen = new Set<number>();
  #twice = 0;
  #early = 0;

  /** @param dueMs  when the n-th is due, epoch milliseconds. */
  constructor(count: number, dueMs: (n: number) => number) {
    this.#count = count;
    this.#dueMs = dueMs;
  }

  fired(n: number, atMs: number): void {
    if (this.#seen.has(n)) {
      this.#twice++;
      return;
    }
    this.#seen.add(n);
    const lag = atMs - this.#dueMs(n);
    if (lag < 0) this.#early++;
    this.#lags.push(lag);
  }

  get complete(): boolean {
    return this.#seen.size >= this.#count;
  }

  result(): Lags {
    return {
      fired: this.#seen.size,
      p50Ms: quantile(this.#lags, 0.5),
      p99Ms: quantile(this.#lags, 0.99),
      twice: this.#twice,
      early: this.#early,
      missed: this.#count - this.#seen.size,
    };
  }
}

/** What is due at a steady rate from `fromMs` on. */
export interface Due {
  readonly fromMs: number;
  readonly rate: number;
  readonly count: number;
}

export const dueAt = ({ fromMs, rate }: Due, n: number): number => fromMs + Math.floor((n * 1_000) / rate);
/** After the last is due they may take this long, milliseconds. */
export const PATIENCE_MS = 15_000;
