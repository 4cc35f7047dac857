/** Which layers are on, kept in the address: `?layers=heat-30,units`. Absent: the usual ones. Pure. */

/** What colours the ground: open incidents now, reports of the last days, or nothing. */
export type Shade = 'load' | 'heat' | 'none';
export interface LayerChoice {
  readonly shade: Shade;
  /** Days back of the heat map, today among them. */
  readonly heatDays: number;
  readonly clusters: boolean;
  readonly units: boolean;
  /** The base map, where one is configured. */
  readonly base: boolean;
}

export const HEAT_DAYS = [1, 7, 30, 90] as const;
export const USUAL: LayerChoice = { shade: 'load', heatDays: 7, clusters: true, units: true, base: true };

/** What is not known is left out: an address is typed by people. */
export function readLayers(search: string): LayerChoice {
  const text = new URLSearchParams(search).get('layers');
  if (text === null) return USUAL;
  const names = new Set(text.split(','));
  const heat = HEAT_DAYS.find((days) => names.has(`heat-${days}`));
  return {
    shade: heat ? 'heat' : names.has('load') ? 'load' : 'none',
    heatDays: heat ?? USUAL.heatDays,
    clusters: names.has('clusters'),
    units: names.has('units'),
    base: names.has('base'),
  };
}

/** @returns the query with its question mark, or an empty string; what is not the layers' stays as it was. */
export function writeLayers(search: string, choice: LayerChoice): string {
  const query = new URLSearchParams(search);
  const shade = { load: ['load'], heat: [`heat-${choice.heatDays}`], none: [] }[choice.shade];
  const names = [...shade, ...(['clusters', 'units', 'base'] as const).filter((name) => choice[name])];
  const usual = (Object.keys(USUAL) as (keyof LayerChoice)[]).every((key) => key === 'heatDays' || USUAL[key] === choice[key]);
  if (usual) query.delete('layers');
  else query.set('layers', names.join(',') || 'none');
  // Commas are what people read there.
  const out = query.toString().replaceAll('%2C', ',');
  return out ? `?${out}` : '';
}
