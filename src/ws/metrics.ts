/** What push says about itself on /metrics. Numbers only: no account, no incident. */
import { Counter, Gauge, type Registry } from 'prom-client';

export interface PushMetrics {
  readonly sockets: Gauge;
  readonly slowSockets: Gauge;
  readonly slowClosed: Counter;
  readonly movesPushed: Counter;
  readonly framesWritten: Counter;
  readonly bytesPushed: Counter;
  readonly replayed: Counter<'from'>;
  readonly resyncs: Counter;
  readonly feedHead: Gauge;
  readonly feedLag: Gauge;
  readonly holesRead: Counter;
  readonly ringsSent: Counter;
  readonly ringsRepeated: Counter;
  readonly noticesSent: Counter;
  readonly receiptsDropped: Counter;
}

export function pushMetrics(registry: Registry): PushMetrics {
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name: `fengming_${name}`, help, registers });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `fengming_${name}`, help, registers });
  return {
    sockets: gauge('ws_sockets', 'Open sockets'),
    slowSockets: gauge('ws_slow_sockets', 'Sockets past their byte limit, waiting to drain'),
    slowClosed: counter('ws_slow_closed_total', 'Sockets closed with 4001 because they did not drain'),
    movesPushed: counter('ws_moves_pushed_total', 'Moves handed to sockets, once per socket'),
    framesWritten: counter('ws_writes_total', 'Writes to sockets'),
    bytesPushed: counter('ws_bytes_pushed_total', 'Bytes handed to sockets'),
    replayed: new Counter({
      name: 'fengming_ws_replay_pages_total',
      help: 'Pages of moves read for a replay, by where they came from',
      labelNames: ['from'],
      registers,
    }),
    resyncs: counter('ws_resyncs_total', 'Sockets told to read by HTTP because their history cannot be replayed'),
    feedHead: gauge('feed_head', 'seq of the newest move that this node has'),
    feedLag: gauge('feed_lag_moves', 'Moves known to exist that this node has not yet pushed'),
    holesRead: counter('feed_log_reads_total', 'Reads of the log to fill a hole or to follow another node'),
    ringsSent: counter('ws_rings_sent_total', 'Ring frames written'),
    ringsRepeated: counter('ws_rings_repeated_total', 'Ring frames written again because nobody had answered'),
    noticesSent: counter('ws_notices_sent_total', 'Notice frames written'),
    receiptsDropped: counter('ws_receipts_dropped_total', 'Push evidence given up because the database was away for too long'),
  };
}

/** Upper bounds of the classes in which followers are counted by their lag, moves. One line a follower would be ten thousand lines. */
const LAG_CLASSES = [0, 10, 100, 1_000, 10_000] as const;

/** How far behind the followers of this node are, looked at when somebody asks. @param lags  of each follower, moves. */
export function followerLagMetrics(registry: Registry, lags: () => Iterable<number>): void {
  new Gauge({
    name: 'fengming_ws_followers',
    help: 'Followers by how many moves they are behind the last push, at most (cumulative)',
    labelNames: ['le'],
    registers: [registry],
    collect() {
      const counts = new Map<string, number>([...LAG_CLASSES.map((le) => [String(le), 0] as const), ['+Inf', 0]]);
      for (const lag of lags()) {
        for (const le of LAG_CLASSES) if (lag <= le) counts.set(String(le), counts.get(String(le))! + 1);
        counts.set('+Inf', counts.get('+Inf')! + 1);
      }
      for (const [le, count] of counts) this.set({ le }, count);
    },
  });
  new Gauge({
    name: 'fengming_ws_follower_lag_moves',
    help: 'Moves that the follower furthest behind still has to get',
    registers: [registry],
    collect() {
      let most = 0;
      for (const lag of lags()) most = Math.max(most, lag);
      this.set(most);
    },
  });
}
