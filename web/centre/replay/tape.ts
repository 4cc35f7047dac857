/** An hour of the log as something that can be wound to any of its moves. Pure. */
import type { Picture, Replay, ReplayIncident, ReplayMove } from '../../../src/dispatch/overview-schemas.ts';
import { isEnd } from '../../../src/dispatch/chain/states.ts';

/** An incident as it stood at the place to which the tape is wound. */
export interface Standing extends Omit<ReplayIncident, 'start'> {
  readonly picture: Picture;
}

export interface Tape {
  readonly fromMs: number;
  readonly untilMs: number;
  /** In the order of the log. */
  readonly moves: readonly ReplayMove[];
  readonly cutOff: boolean;
  incident(id: string): Omit<ReplayIncident, 'start'> | undefined;
  /** How many moves had been made by then. */
  indexAt(ms: number): number;
  /** When the move that leads to this place was made; at 0 the beginning. */
  timeAt(index: number): number;
  /** Winds to a place between 0 (nothing yet) and the number of moves. @returns the incidents that were open there. */
  wind(index: number): readonly Standing[];
  /** The incident at the place where the tape is, ended or not; null before its report. */
  standing(id: string): Standing | null;
}

export function makeTape(replay: Replay): Tape {
  const { moves, cutOff } = replay;
  const fromMs = Date.parse(replay.from);
  const untilMs = Date.parse(replay.until);
  const facts = new Map(replay.incidents.map(({ start: _start, ...incident }) => [incident.id, incident]));
  const pictures = new Map(replay.incidents.flatMap(({ id, start }) => (start ? [[id, start] as const] : [])));
  /** What each move replaced, so that the tape runs back as quickly as forth. */
  const replaced: (Picture | undefined)[] = [];
  {
    const then = new Map(pictures);
    for (const { incident, after } of moves) {
      replaced.push(then.get(incident));
      then.set(incident, after);
    }
  }
  /** The log's order counts: a move whose clock was a moment behind its predecessor's is not seen before it. */
  const times: number[] = [];
  for (const move of moves) times.push(Math.max(Date.parse(move.at), times.at(-1) ?? fromMs));
  let at = 0;

  function step(index: number): void {
    for (; at < index; at++) pictures.set(moves[at]!.incident, moves[at]!.after);
    for (; at > index; at--) {
      const { incident } = moves[at - 1]!;
      const before = replaced[at - 1];
      if (before) pictures.set(incident, before);
      else pictures.delete(incident);
    }
  }
  const standingOf = (id: string): Standing | null => {
    const incident = facts.get(id);
    const picture = pictures.get(id);
    return incident && picture ? { ...incident, picture } : null;
  };

  return {
    fromMs,
    untilMs,
    moves,
    cutOff,
    incident: (id) => facts.get(id),
    indexAt(ms) {
      let [low, high] = [0, times.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (times[middle]! <= ms) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    timeAt: (index) => (index <= 0 ? fromMs : times[Math.min(index, times.length) - 1]!),
    wind(index) {
      step(Math.min(Math.max(0, index), moves.length));
      return [...pictures.keys()].map((id) => standingOf(id)!).filter((i) => i !== null && !isEnd(i.picture.state));
    },
    standing: standingOf,
  };
}

/** How many moves each minute had: the picture behind the slider. */
export function movesByMinute({ moves, fromMs, untilMs }: Pick<Tape, 'moves' | 'fromMs' | 'untilMs'>): number[] {
  const counts = new Array<number>(Math.max(1, Math.ceil((untilMs - fromMs) / 60_000))).fill(0);
  for (const move of moves) {
    const minute = Math.floor((Date.parse(move.at) - fromMs) / 60_000);
    if (counts[minute] !== undefined) counts[minute] += 1;
  }
  return counts;
}
