/** What a grid worker may follow of 共建共治: open needs and announced activities, as they change. Pure. */

export interface WorkItem {
  readonly kind: 'need' | 'activity';
  readonly code: string;
  readonly place: string;
}

export interface WorkStamp extends WorkItem {
  /** Another one with each change that a reader would see: versions, and places taken, which are no move of anything. */
  readonly stamp: string;
}

/** Whatever is new, changed, or no longer there: that is how one ends. */
export function changedWork(before: readonly WorkStamp[], after: readonly WorkStamp[]): readonly WorkItem[] {
  const left = new Map(before.map((one) => [nameOf(one), one]));
  const changed: WorkItem[] = [];
  for (const one of after) {
    const old = left.get(nameOf(one));
    left.delete(nameOf(one));
    if (old?.stamp !== one.stamp) changed.push(itemOf(one));
  }
  return [...changed, ...[...left.values()].map(itemOf)];
}

const nameOf = ({ kind, code }: WorkItem): string => `${kind} ${code}`;
const itemOf = ({ kind, code, place }: WorkItem): WorkItem => ({ kind, code, place });
