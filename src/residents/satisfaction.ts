/** 满意率 from residents' ratings. Pure. */

/** 3 满意, 2 一般, 1 没办好. */
export const SCORES = [1, 2, 3] as const;
export type Score = (typeof SCORES)[number];

/** One incident as it was judged last: what was undone and done again counts as it ended. */
export interface Rated {
  readonly incident: string;
  readonly score: Score;
}

export interface Satisfaction {
  /** Incidents that were rated. */
  readonly rated: number;
  readonly good: number;
  readonly fair: number;
  readonly bad: number;
  /** Share of `good` among those rated, 0 to 1; null where nobody rated: no opinion is no good opinion. Whoever did not rate is not counted. */
  readonly satisfactionRate: number | null;
}

export function satisfactionOf(rated: readonly Pick<Rated, 'score'>[]): Satisfaction {
  const count = (score: Score) => rated.filter((r) => r.score === score).length;
  const good = count(3);
  return {
    rated: rated.length,
    good,
    fair: count(2),
    bad: count(1),
    satisfactionRate: rated.length === 0 ? null : good / rated.length,
  };
}
