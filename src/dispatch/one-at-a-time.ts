/** Work on one thing waits for the work before it; work on different things does not. */
export class OneAtATime {
  private readonly last = new Map<string, Promise<unknown>>();

  run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(name);
    const mine = before === undefined ? work() : before.then(work, work);
    this.last.set(name, mine);
    const done = (): void => {
      if (this.last.get(name) === mine) this.last.delete(name);
    };
    mine.then(done, done);
    return mine;
  }
}
