/** What was sent and got no answer. It may have arrived: pressed again, from the same form or from another one, it is the same act, and is done once. */
import { asProblem } from './problem.ts';

export interface Sent {
  /** UUID under which the service does it once. */
  readonly key: string;
  /** As it went out first: the same key with another body is refused. */
  readonly body: unknown;
}

/** @param newKey  a UUID. */
export function makeUnanswered(newKey: () => string) {
  const sent = new Map<string, Sent>();
  return {
    /**
     * Sends `body` under a key of its own; what went out before without an answer goes out again as it was. Done or refused, it is over: the same
     * words are a new act the next time.
     *
     * @param address  method and path.
     * @param go  sends it. What it throws is thrown on.
     * @param act  with the address it tells the act from others. `expectedVersion` in it does not: a list that was read again meanwhile does not make
     *   it another one.
     */
    async send<T>(address: string, body: unknown, go: (sent: Sent) => Promise<T>, act: unknown = body): Promise<T> {
      const name = nameOf(address, act);
      const mine = sent.get(name) ?? { key: newKey(), body };
      sent.set(name, mine);
      try {
        const answer = await go(mine);
        sent.delete(name);
        return answer;
      } catch (thrown) {
        if (!mayHaveArrived(thrown)) sent.delete(name);
        throw thrown;
      }
    },
  };
}

function nameOf(address: string, act: unknown): string {
  return `${address} ${JSON.stringify(act, (name, value: unknown) => (name === 'expectedVersion' ? undefined : value))}`;
}

/** A refusal is an answer. Not reached, overloaded, or signed out meanwhile is none. */
function mayHaveArrived(thrown: unknown): boolean {
  const problem = asProblem(thrown);
  return problem.passing || problem.status === 401;
}
