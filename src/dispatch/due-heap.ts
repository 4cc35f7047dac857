/** What is due next, in memory: a binary heap of times, and for each incident the one time that counts. Pure. */

export interface Due {
  readonly id: string;
  /** The version that says so. */
  readonly version: number;
  readonly dueMs: number;
}

export class DueHeap {
  private heap: Due[] = [];
  private readonly counts = new Map<string, Due>();

  /** Incidents that wait. */
  get size(): number {
    return this.counts.size;
  }

  /** Sets when an incident is due; an older version than the one known changes nothing. */
  set(due: Due): void {
    const before = this.counts.get(due.id);
    if (before !== undefined && before.version > due.version) return;
    if (before?.dueMs === due.dueMs) {
      this.counts.set(due.id, { ...before, version: due.version });
      return;
    }
    this.counts.set(due.id, due);
    this.push(due);
  }

  /** Nothing is due there any more, as this version says. */
  drop(id: string, version: number): void {
    const before = this.counts.get(id);
    if (before !== undefined && before.version <= version) this.counts.delete(id);
  }

  /** When the next one is due; Infinity for never. */
  nextMs(): number {
    for (let top = this.heap[0]; top !== undefined; top = this.heap[0]) {
      if (this.isCurrent(top)) return top.dueMs;
      this.pop();
    }
    return Infinity;
  }

  /** Takes out what is due at `nowMs`, earliest first, at most `max`. */
  takeDue(nowMs: number, max: number): Due[] {
    const taken: Due[] = [];
    while (taken.length < max && this.nextMs() <= nowMs) {
      const current = this.counts.get(this.pop()!.id)!;
      this.counts.delete(current.id);
      taken.push(current);
    }
    return taken;
  }

  private isCurrent(due: Due): boolean {
    return this.counts.get(due.id)?.dueMs === due.dueMs;
  }

  private push(due: Due): void {
    const { heap } = this;
    let i = heap.push(due) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent]!.dueMs <= due.dueMs) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = due;
  }

  private pop(): Due | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.dueMs < heap[child]!.dueMs) child++;
      if (heap[child]!.dueMs >= last.dueMs) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
