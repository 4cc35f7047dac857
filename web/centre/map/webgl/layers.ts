/** Layers of the map from the ground up, and what they paint with. Pure: the palette comes in. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Palette } from '../palette.ts';
import { COMMUNITY_NAMES_FROM } from '../name-places.ts';
import { MARK_SIZE } from '../scene.ts';

export const SOURCES = [
  'district',
  'cells',
  'heat',
  'communities',
  'subdistricts',
  'here',
  'community-names',
  'subdistrict-names',
  'ways',
  'incidents',
] as const;
export type SourceName = (typeof SOURCES)[number];
/** Property by which a source knows its features again: those that are told differences or states. */
export const KEY_OF: Partial<Record<SourceName, string>> = { cells: 'code', incidents: 'key' };

/** Of the ground's colour above a base map, so that its roads are seen. */
const OVER_BASE = 0.55;

/** Colour of a cell by its open incidents: quiet ground, the busy ones stand out. Nothing for none. */
function loadColour(palette: Palette): ExpressionSpecification {
  const open: ExpressionSpecification = ['coalesce', ['feature-state', 'open'], 0];
  return ['step', open, 'rgba(0,0,0,0)', 1, palette['load-1'], 2, palette['load-2'], 4, palette['load-3'], 7, palette['load-4']];
}

/** Near by, reports spread over some 700 m around the middle of their cell, a pixel at zoom 12 is 17 m here; from afar over as much as can still be seen. */
const HEAT_RADIUS: ExpressionSpecification = ['interpolate', ['exponential', 2], ['zoom'], 8, 16, 12, 44, 15, 280];
function heatColour(palette: Palette): ExpressionSpecification {
  return [
    'interpolate',
    ['linear'],
    ['heatmap-density'],
    0,
    // The same colour, not black, or its edge would be grey.
    `${palette['load-2']}00`,
    0.15,
    palette['load-2'],
    0.4,
    palette['load-3'],
    0.7,
    palette['load-4'],
    1,
    palette.near,
  ];
}

/** `markScale` as MapLibre says it. */
function markSize(): ExpressionSpecification {
  const { far, full, small } = MARK_SIZE;
  return ['interpolate', ['linear'], ['zoom'], far, ['case', ['==', ['get', 'what'], 'cluster'], 1, small], full, 1];
}

/** Layers that the units are drawn under: the names of places for most of them, only the incidents for those that are sent. */
export const UNITS_UNDER = { others: 'community-names', sent: 'incidents' } as const;

/** @param based  a base map lies under them. */
export function layersFor(palette: Palette, based = false): LayerSpecification[] {
  const cover = based ? OVER_BASE : 1;
  return [
    { id: 'out', type: 'background', paint: { 'background-color': palette['map-out'] } },
    { id: 'land', type: 'fill', source: 'district', paint: { 'fill-color': palette['map-land'], 'fill-opacity': based ? 0 : 1 } },
    { id: 'load', type: 'fill', source: 'cells', paint: { 'fill-color': loadColour(palette), 'fill-opacity': cover } },
    {
      id: 'heat',
      type: 'heatmap',
      source: 'heat',
      paint: {
        'heatmap-weight': ['get', 'weight'],
        'heatmap-radius': HEAT_RADIUS,
        'heatmap-color': heatColour(palette),
        'heatmap-opacity': 0.85 * cover,
      },
    },
    {
      id: 'cells',
      type: 'line',
      source: 'cells',
      paint: { 'line-color': palette['map-cell'], 'line-width': 1, 'line-opacity': ['interpolate', ['linear'], ['zoom'], 9.5, 0, 11, 1] },
    },
    {
      id: 'communities',
      type: 'line',
      source: 'communities',
      paint: { 'line-color': palette['map-community'], 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.5, 13, 1.4] },
    },
    {
      id: 'subdistricts',
      type: 'line',
      source: 'subdistricts',
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': palette['map-sub'], 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 1.2, 13, 2.2] },
    },
    {
      id: 'here-fill',
      type: 'fill',
      source: 'here',
      filter: ['!=', ['get', 'kind'], 'edge'],
      paint: { 'fill-color': palette.accent, 'fill-opacity': ['match', ['get', 'kind'], 'cell', 0.18, 0.07] },
    },
    {
      id: 'here-line',
      type: 'line',
      source: 'here',
      filter: ['!=', ['get', 'kind'], 'community'],
      paint: { 'line-color': palette.accent, 'line-width': ['match', ['get', 'kind'], 'cell', 2, 1.6] },
    },
    {
      id: 'ways',
      type: 'line',
      source: 'ways',
      layout: { 'line-cap': 'round' },
      paint: { 'line-color': palette['map-route'], 'line-width': 2.5, 'line-dasharray': [0.1, 2.4] },
    },
    {
      id: 'community-names',
      type: 'symbol',
      source: 'community-names',
      minzoom: COMMUNITY_NAMES_FROM,
      layout: { 'icon-image': ['get', 'image'], 'icon-padding': 4 },
    },
    {
      id: 'subdistrict-names',
      type: 'symbol',
      source: 'subdistrict-names',
      layout: { 'icon-image': ['get', 'image'] },
      paint: { 'icon-opacity': ['interpolate', ['linear'], ['zoom'], COMMUNITY_NAMES_FROM, 1, COMMUNITY_NAMES_FROM + 0.6, 0.4] },
    },
    {
      id: 'incidents',
      type: 'symbol',
      source: 'incidents',
      layout: {
        'icon-image': ['get', 'image'],
        // Every one is drawn, whatever lies under it: none may be missing.
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'icon-size': markSize(),
        'symbol-sort-key': ['get', 'rank'],
      },
    },
  ];
}

/** A vector base map in Protomaps' layers, as quiet as the rest; no names, because letters would need a server of their own. */
export function vectorBaseLayers(palette: Palette): LayerSpecification[] {
  const from = { source: 'base' } as const;
  return [
    { id: 'base', ...from, 'source-layer': 'earth', type: 'fill', paint: { 'fill-color': palette['map-land'] } },
    { id: 'base-water', ...from, 'source-layer': 'water', type: 'fill', paint: { 'fill-color': palette['map-out'] } },
    {
      id: 'base-roads',
      ...from,
      'source-layer': 'roads',
      type: 'line',
      paint: {
        'line-color': palette['map-community'],
        'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 9, 0.6, 14, 2, 17, 8],
      },
    },
    {
      id: 'base-buildings',
      ...from,
      'source-layer': 'buildings',
      type: 'fill',
      minzoom: 14,
      paint: { 'fill-color': palette['map-cell'] },
    },
  ];
}
