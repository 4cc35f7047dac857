/** Activities as the service sends them to people without an account. */
export interface OpenActivity {
  readonly code: string;
  readonly place: string;
  readonly placeZh: string;
  readonly placeEn: string;
  readonly titleZh: string;
  readonly titleEn: string | null;
  readonly note: string | null;
  readonly venue: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly free: number;
}

export interface OpenActivities {
  readonly items: readonly OpenActivity[];
  /** The district lets residents sign up here. */
  readonly mayJoin: boolean;
}

export interface SignedUp {
  readonly id: string;
  /** Withdraws it. */
  readonly word: string;
  readonly activity: OpenActivity;
}
