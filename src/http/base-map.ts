/** A map under the cells, as the operator has configured it. Pure: the pages know its shape too. */
import { z } from '@hono/zod-openapi';

export const BaseMapSchema = z
  .object({
    url: z.string().openapi({ description: 'Tiles with {z}, {x} and {y} in it, or a PMTiles file' }),
    kind: z.enum(['raster', 'pmtiles']),
    coords: z.enum(['wgs84', 'gcj02']).openapi({ description: 'What it is drawn in' }),
    attribution: z.string(),
    maxZoom: z.number().int(),
  })
  .openapi('BaseMap');
export type BaseMap = z.infer<typeof BaseMapSchema>;

/** The one host that pages may ask besides this one; null where the base map lies on this host, or there is none. */
export function outsideOrigin(baseMap: BaseMap | null): string | null {
  return baseMap === null || baseMap.url.startsWith('/') ? null : new URL(baseMap.url).origin;
}
