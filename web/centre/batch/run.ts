/** Many moves, a few at a time, each with a key of its own: what went through is never done twice, what did not can be tried again. */
import { reactive } from 'vue';
import { newKey } from '../../shared/api.ts';
import { asProblem, type ApiProblem } from '../../shared/problem.ts';

/** Requests under way at once: the service takes more, but a person wants to see where it is. */
const AT_ONCE = 4;

export interface Line {
  readonly id: string;
  state: 'waiting' | 'sending' | 'done' | 'refused' | 'unsent';
  problem: ApiProblem | null;
  /** Under this the service does it once; a new one after a refusal, because then it is asked anew. */
  key: string;
}

export interface Run {
  readonly lines: readonly Line[];
  readonly busy: boolean;
  /** Sends what is not done. */
  go(): Promise<void>;
}

/** @param send  one move. @throws what the service refuses it with. */
export function makeRun(ids: readonly string[], send: (id: string, key: string) => Promise<void>): Run {
  const state = reactive({
    lines: ids.map((id): Line => ({ id, state: 'waiting', problem: null, key: newKey() })),
    busy: false,
  });
  async function one(line: Line): Promise<void> {
    line.state = 'sending';
    line.problem = null;
    try {
      await send(line.id, line.key);
      line.state = 'done';
    } catch (thrown) {
      const problem = asProblem(thrown);
      line.problem = problem;
      // Whether it arrived is not known: the same key asks for the same thing. The same after signing in again.
      line.state = problem.passing || problem.status === 401 ? 'unsent' : 'refused';
      if (line.state === 'refused') line.key = newKey();
    }
  }
  return {
    get lines() {
      return state.lines;
    },
    get busy() {
      return state.busy;
    },
    async go() {
      if (state.busy) return;
      state.busy = true;
      const left = state.lines.filter((line) => line.state !== 'done');
      for (const line of left) line.state = 'waiting';
      const worker = async () => {
        for (let line = left.shift(); line !== undefined; line = left.shift()) await one(line);
      };
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, left.length) }, worker));
      state.busy = false;
    },
  };
}
