/** Incidents that lie too near each other to be told apart, as one mark. Pure, and the same for both engines. */
import Supercluster from 'supercluster';
import type { Level } from '../../shared/types.ts';
import type { Cluster, MapIncident } from './scene.ts';

/** Zooms are MapLibre's: the whole world on 512 px at zoom 0. From the next one on every incident stands for itself; a cell is then some 60 px wide. */
export const CLUSTERED_UP_TO = 12;
/** [ours] Two marks of 24 px side by side are still two. */
const RADIUS_PX = 40;
const AT_LEAST = 3;
const WORLD: [number, number, number, number] = [-180, -85, 180, 85];

interface Own {
  readonly incident: MapIncident;
}
interface Sum {
  gravest: number;
  late: number;
}

export interface Shown {
  readonly alone: readonly MapIncident[];
  readonly clusters: readonly Cluster[];
}

/**
 * A critical incident is never hidden behind a number, nor is the one that is looked at.
 *
 * @returns what stands on the map at a zoom; together always every incident, each once.
 */
export function clusterer(incidents: readonly MapIncident[]): (zoom: number) => Shown {
  const alone = incidents.filter((i) => i.level === 'R1' || i.chosen);
  const index = new Supercluster<Own, Sum>({
    maxZoom: CLUSTERED_UP_TO,
    radius: RADIUS_PX,
    minPoints: AT_LEAST,
    map: ({ incident }) => ({ gravest: Number(incident.level.slice(1)), late: Number(incident.late) }),
    reduce: (sum, one) => {
      sum.gravest = Math.min(sum.gravest, one.gravest);
      sum.late += one.late;
    },
  }).load(
    incidents
      .filter((i) => i.level !== 'R1' && !i.chosen)
      .map((incident) => ({
        type: 'Feature',
        properties: { incident },
        geometry: { type: 'Point', coordinates: [incident.position.lng, incident.position.lat] },
      })),
  );

  return (zoom) => {
    if (Math.floor(zoom) > CLUSTERED_UP_TO) return { alone: incidents, clusters: [] };
    const single = [...alone];
    const clusters: Cluster[] = [];
    for (const { geometry, properties } of index.getClusters(WORLD, Math.floor(zoom))) {
      if (!('cluster' in properties)) {
        single.push(properties.incident);
        continue;
      }
      const [lng, lat] = geometry.coordinates as [number, number];
      const { gravest, late, point_count: count, cluster_id: id } = properties;
      const level = `R${gravest}` as Level;
      clusters.push({
        key: `cluster ${lng.toFixed(6)} ${lat.toFixed(6)}`,
        position: { lng, lat },
        count,
        gravest: level,
        late,
        opensAt: index.getClusterExpansionZoom(id),
      });
    }
    return { alone: single, clusters };
  };
}
