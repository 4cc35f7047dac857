/** Part 2: what those who write lose when somebody follows. */
import type { Cluster } from '../cluster.ts';
import { enter, figuresOf, line, oneRound, settle, type Figures } from '../contest.ts';
import { sleep } from '../measure.ts';
import { runClient } from '../push/servers.ts';
import { client } from '../push/tools.ts';

export interface PushOnResult {
  readonly followers: number;
  readonly off: Figures;
  readonly on: Figures;
}

const CALLERS = 64;
const FOLLOWERS = 20;
/** For the followers to come up, and to read what is left. */
const AROUND_MS = 2_000;

/** @throws Error if the follower client cannot be built, or if a follower got less than another. */
export async function pushOn(cluster: Cluster, quick: boolean, say: (line: string) => void): Promise<PushOnResult> {
  const tool = client();
  if ('why' in tool) throw new Error(`the followers' client is missing: ${tool.why}`);
  const time = quick ? { rounds: 2, warmMs: 500, ms: 1_000 } : { rounds: 5, warmMs: 1_000, ms: 4_000 };
  const off = await enter(cluster, { name: 'push off', file: 'transitions/without-push.ts', content: 'world' });
  const on = await enter(cluster, { name: 'push on', file: 'transitions/with-push.ts', content: 'world' });
  const rounds: Record<'on' | 'off', Awaited<ReturnType<typeof oneRound>>[]> = { on: [], off: [] };
  try {
    const port = await on.child.ask<number>('port');
    for (const entrant of [off, on]) await settle(cluster, entrant);
    for (let i = 0; i < time.rounds; i++) {
      const run = { callers: CALLERS, warmMs: time.warmMs, ms: time.ms };
      rounds.off.push(await oneRound(cluster, off, run));
      const seconds = (AROUND_MS * 2 + time.warmMs + time.ms) / 1_000;
      const following = runClient(tool.path, [
        '-mode',
        'drain',
        '-protocol',
        'product',
        '-port',
        port,
        '-n',
        FOLLOWERS,
        '-seconds',
        seconds,
      ]);
      await sleep(AROUND_MS);
      rounds.on.push(await oneRound(cluster, on, run));
      const { leastMarks, mostMarks } = await following;
      if (leastMarks !== mostMarks || leastMarks === 0) throw new Error(`followers got between ${leastMarks} and ${mostMarks} moves`);
    }
  } finally {
    await off.child.end();
    await on.child.end();
  }
  const result = { followers: FOLLOWERS, off: figuresOf('push off', rounds.off), on: figuresOf('push on', rounds.on) };
  say(line(result.off));
  say(line(result.on));
  return result;
}
