/** What one socket may cost. */

export interface HubLimits {
  /** Most bytes that wait in this process for one socket. */
  readonly bytesPerSocket: number;
  /** How long a socket past that limit may take to drain before it is closed, ms. */
  readonly drainMs: number;
  /** Further back than this many moves nothing is replayed: reading by HTTP is quicker for both. */
  readonly replayMoves: number;
}

export const HUB_LIMITS: HubLimits = { bytesPerSocket: 1_000_000, drainMs: 30_000, replayMoves: 100_000 };
