/** Looks for proposals when a ruling was given, whoever gave it, and once at the start for what was missed. */
import type { CommittedMove } from './chain/committed.ts';

/** After a look that failed, milliseconds. */
const RETRY_MS = 30_000;

export class ProposalWatch {
  private readonly look: () => Promise<unknown>;
  private readonly onFault: (error: unknown) => void;
  private turn: Promise<void> = Promise.resolve();
  private waiting = false;
  private retry: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(look: () => Promise<unknown>, onFault: (error: unknown) => void) {
    this.look = look;
    this.onFault = onFault;
  }

  /** Moves of any node. */
  noticed(moves: readonly Pick<CommittedMove, 'verb'>[]): void {
    if (moves.some((m) => m.verb === 'arbitrate')) void this.soon();
  }

  /** However many ask while a look is under way, one more follows it. @returns when what was written before the call has been looked at. */
  soon(): Promise<void> {
    if (this.waiting || this.stopped) return this.turn;
    this.waiting = true;
    this.turn = this.turn.then(async () => {
      this.waiting = false;
      try {
        await this.look();
      } catch (error) {
        this.onFault(error);
        this.again();
      }
    });
    return this.turn;
  }

  /** Ends after what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.retry !== null) clearTimeout(this.retry);
    await this.turn;
  }

  private again(): void {
    if (this.stopped || this.retry !== null) return;
    this.retry = setTimeout(() => {
      this.retry = null;
      void this.soon();
    }, RETRY_MS);
  }
}
