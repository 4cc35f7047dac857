/** To what this device has signed up, with the word that withdraws it. Nothing of it leaves the device but that. */
export interface OwnSignUp {
  /** Of the activity. */
  readonly code: string;
  readonly id: string;
  readonly word: string;
  readonly people: number;
  readonly title: string;
  readonly startsAt: string;
}

const KEPT_AS = 'resident.signUps';

/** Those that have not begun. */
export function ownSignUps(now: Date): readonly OwnSignUp[] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? '[]') as readonly OwnSignUp[];
    return kept.filter((one) => Date.parse(one.startsAt) > now.getTime());
  } catch {
    return [];
  }
}

export function keepSignUps(all: readonly OwnSignUp[]): void {
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(all));
  } catch {
    // Storage full or off: it is known until the page is closed.
  }
}
