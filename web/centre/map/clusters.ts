/** Incidents that lie too near each other to be told apart, as one mark. Pure, and the same for both engines. */
import Supercluster from 'supercluster';
import { pileUp, type Pile } from './piles.ts';
import { clusterOf, MAX_ZOOM, type Cluster, type MapIncident } from './scene.ts';

/** Zooms are MapLibre's: the whole world on 512 px at zoom 0. From the next one on only what covers each other is one mark; a cell is then some 60 px wide. */
export const CLUSTERED_UP_TO = 12;
/** [ours] Two marks of 24 px side by side are still two. */
const RADIUS_PX = 40;
const AT_LEAST = 3;
const WORLD: [number, number, number, number] = [-180, -85, 180, 85];

interface Own {
  readonly incident: MapIncident;
}

export interface Shown {
  readonly alone: readonly MapIncident[];
  readonly clusters: readonly Cluster[];
}

/**
 * From afar near incidents are gathered; a critical one and the one that is looked at are not: they stand where they are. At every zoom marks that
 * would cover each other are one, which stands where the gravest is and shows it: what is grave never lies under a number that does not count it.
 *
 * @param gathered  false: only those are one mark that would cover each other.
 * @returns what stands on the map at a zoom; together always every incident, each once.
 */
export function clusterer(incidents: readonly MapIncident[], gathered: boolean): (zoom: number) => Shown {
  const near = gathered ? gatherer(incidents) : () => incidents.map(alone);

  return (zoom) => {
    const piles = pileUp(near(Math.floor(zoom)), Math.floor(zoom));
    return {
      alone: piles.flatMap(({ members }) => (members.length === 1 ? members : [])),
      clusters: piles.flatMap(({ members, position }) => (members.length === 1 ? [] : [clusterOf(members, position)])),
    };
  };
}

const alone = (incident: MapIncident): Pile => ({ members: [incident], position: incident.position });

function gatherer(incidents: readonly MapIncident[]): (zoom: number) => Pile[] {
  const staysAlone = (i: MapIncident) => i.level === 'R1' || i.chosen;
  const index = new Supercluster<Own>({ maxZoom: CLUSTERED_UP_TO, radius: RADIUS_PX, minPoints: AT_LEAST }).load(
    incidents
      .filter((i) => !staysAlone(i))
      .map((incident) => ({
        type: 'Feature',
        properties: { incident },
        geometry: { type: 'Point', coordinates: [incident.position.lng, incident.position.lat] },
      })),
  );
  return (zoom) => [
    ...incidents.filter(staysAlone).map(alone),
    ...index.getClusters(WORLD, zoom).map(({ geometry, properties }): Pile => {
      if (!('cluster' in properties)) return alone(properties.incident);
      const [lng, lat] = geometry.coordinates as [number, number];
      const members = index.getLeaves(properties.cluster_id, Infinity).map((leaf) => leaf.properties.incident);
      return { members, position: { lng, lat } };
    }),
  ];
}

/** @returns the next zoom at which a cluster is no longer one mark; null where it stays one as near as the map goes. */
export function opensAt({ members }: Cluster, zoom: number, gathered: boolean): number | null {
  const shownAt = clusterer(members, gathered);
  for (let next = Math.floor(zoom) + 1; next <= MAX_ZOOM; next++) {
    const { alone, clusters } = shownAt(next);
    if (alone.length + clusters.length > 1) return next;
  }
  return null;
}
