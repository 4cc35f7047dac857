/**
 * Ways from the page into a map: addresses that the person's own press opens. Pure.
 *
 * Positions are WGS-84 here. Maps of mainland China draw in GCJ-02, some 500 m off: they are given that, or told what they get.
 */
import type { Position } from '../../../src/dispatch/chain/incident.ts';
import { toGcj02 } from '../../../src/grid/gcj02.ts';

export const MAPS = ['device', 'amap', 'baidu', 'tencent', 'apple'] as const;
export type MapName = (typeof MAPS)[number];

type LngLat = Pick<Position, 'lng' | 'lat'>;

/** lat,lng with six digits: a tenth of a metre. */
const latLng = ({ lng, lat }: LngLat): string => `${lat.toFixed(6)},${lng.toFixed(6)}`;
const lngLat = ({ lng, lat }: LngLat): string => `${lng.toFixed(6)},${lat.toFixed(6)}`;

/**
 * @param what  what it is, as the pin's name: a category, no personal data.
 * @param city  for the map that wants one.
 */
export function mapLink(map: MapName, position: LngLat, what: string, city = '清远'): string {
  const name = encodeURIComponent(what);
  const shifted = toGcj02(position);
  switch (map) {
    case 'device':
      // RFC 5870 is WGS-84; `q` makes Android's maps set a pin with a name.
      return `geo:${latLng(position)}?q=${latLng(position)}(${name})`;
    case 'amap':
      return `https://uri.amap.com/navigation?to=${lngLat(shifted)},${name}&mode=car&coordinate=gaode&callnative=1`;
    case 'baidu':
      return `https://api.map.baidu.com/marker?location=${latLng(shifted)}&title=${name}&content=${name}&coord_type=gcj02&output=html&src=webapp.fengming&region=${encodeURIComponent(city)}`;
    case 'tencent':
      return `https://apis.map.qq.com/uri/v1/routeplan?type=drive&to=${name}&tocoord=${latLng(shifted)}&referer=fengming`;
    case 'apple':
      // Its map of the mainland is 高德's.
      return `https://maps.apple.com/?daddr=${latLng(shifted)}&q=${name}&dirflg=d`;
  }
}
