/** Marks that would cover each other become one that counts them all. Pure. */
import { boxOn, overlap, type Box } from './label-room.ts';
import { clusterMark, clusterOf, incidentMark, markPx, type LngLat, type MapIncident, type Mark } from './scene.ts';

/** Incidents that are one mark, and where it stands. */
export interface Pile {
  readonly members: readonly MapIncident[];
  readonly position: LngLat;
}
interface Placed extends Pile {
  readonly mark: Mark;
  readonly box: Box;
}

/** Side of the world at zoom 0, CSS px. */
const WORLD_PX = 512;
/** Side of the squares that marks are looked up by, CSS px: no mark is wider, so what it meets stands in its own or a neighbouring square. */
const SQUARE_PX = 96;

function placed(pile: Pile, zoom: number): Placed {
  const { members, position } = pile;
  const mark = members.length === 1 ? incidentMark(members[0]!) : clusterMark(clusterOf(members, position));
  const side = WORLD_PX * 2 ** zoom;
  const x = ((position.lng + 180) / 360) * side;
  const y = (0.5 - Math.log(Math.tan(Math.PI / 4 + (position.lat * Math.PI) / 360)) / (2 * Math.PI)) * side;
  return { ...pile, mark, box: boxOn(x, y, ...markPx(mark)) };
}

/** The mark that lies above comes first; of two alike the one with the older incident, so that they do not change places. */
const byRank = (a: Placed, b: Placed) => b.mark.rank - a.mark.rank || (a.members[0]!.id < b.members[0]!.id ? -1 : 1);

/**
 * The gravest stays where it is and takes in what its mark would cover. Nearer than the zoom they lie further apart, so that it holds up to the next.
 *
 * @param zoom  a whole one, MapLibre's.
 * @returns piles of which none covers another, with the same incidents.
 */
export function pileUp(piles: readonly Pile[], zoom: number): readonly Pile[] {
  let before = piles.map((pile) => placed(pile, zoom));
  for (;;) {
    const now = once(before.sort(byRank), zoom);
    // One that has taken others in is wider, and may cover what stood beside it.
    if (now.length === before.length) return now;
    before = now;
  }
}

function once(piles: readonly Placed[], zoom: number): Placed[] {
  const kept: Placed[] = [];
  /** Places in `kept` by square. */
  const squares = new Map<string, number[]>();
  for (const pile of piles) {
    const { left, top, width, height } = pile.box;
    const [across, down] = [Math.floor((left + width / 2) / SQUARE_PX), Math.floor((top + height / 2) / SQUARE_PX)];
    let under: number | undefined;
    for (let x = across - 1; x <= across + 1; x++) {
      for (let y = down - 1; y <= down + 1; y++) {
        for (const i of squares.get(`${x} ${y}`) ?? []) {
          if (overlap(kept[i]!.box, pile.box) && (under === undefined || i < under)) under = i;
        }
      }
    }
    if (under !== undefined) {
      const { members, position } = kept[under]!;
      kept[under] = placed({ members: [...members, ...pile.members], position }, zoom);
      continue;
    }
    const square = `${across} ${down}`;
    if (!squares.has(square)) squares.set(square, []);
    squares.get(square)!.push(kept.length);
    kept.push(pile);
  }
  return kept;
}
