/** Layers of the map from the ground up, and what they paint with. Pure: the palette comes in. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Palette } from './palette.ts';

export const SOURCES = [
  'district',
  'cells',
  'communities',
  'subdistricts',
  'here',
  'community-names',
  'subdistrict-names',
  'routes',
  'units',
  'incidents',
] as const;
export type SourceName = (typeof SOURCES)[number];

/** From this zoom on the names of communities fit between their lines. */
const COMMUNITY_NAMES_FROM = 12;

/** Colour of a cell by its open incidents: quiet ground, the busy ones stand out. Nothing for none. */
function loadColour(palette: Palette): ExpressionSpecification {
  const open: ExpressionSpecification = ['coalesce', ['feature-state', 'open'], 0];
  return ['step', open, 'rgba(0,0,0,0)', 1, palette['load-1'], 2, palette['load-2'], 4, palette['load-3'], 7, palette['load-4']];
}

export function layersFor(palette: Palette): LayerSpecification[] {
  return [
    { id: 'out', type: 'background', paint: { 'background-color': palette['map-out'] } },
    { id: 'land', type: 'fill', source: 'district', paint: { 'fill-color': palette['map-land'] } },
    { id: 'load', type: 'fill', source: 'cells', paint: { 'fill-color': loadColour(palette) } },
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
      id: 'routes',
      type: 'line',
      source: 'routes',
      layout: { 'line-cap': 'round' },
      paint: { 'line-color': palette['map-route'], 'line-width': 2.5, 'line-dasharray': [0.1, 2.4] },
    },
    {
      id: 'units',
      type: 'symbol',
      source: 'units',
      layout: { 'icon-image': 'unit', 'icon-allow-overlap': true, 'icon-size': ['case', ['get', 'sent'], 1, 0.72] },
      paint: { 'icon-opacity': ['case', ['get', 'sent'], 1, 0.55] },
    },
    {
      id: 'incidents',
      type: 'symbol',
      source: 'incidents',
      layout: {
        'icon-image': ['get', 'image'],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'icon-size': ['interpolate', ['linear'], ['zoom'], 9, 0.72, 12.5, 1],
        'symbol-sort-key': ['get', 'rank'],
      },
    },
  ];
}
