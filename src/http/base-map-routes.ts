/** Which base map the pages draw under the cells: behind the sign-in, because its address may hold the operator's key. */
import { createRoute, z } from '@hono/zod-openapi';
import { answers } from '../route-parts.ts';
import { newRouter } from '../router.ts';
import { type BaseMap, BaseMapSchema } from './base-map.ts';

const getBaseMap = createRoute({
  method: 'get',
  path: '/base-map',
  tags: ['map'],
  summary: '底图 The base map that is configured',
  responses: { 200: answers(z.object({ baseMap: BaseMapSchema.nullable() }), 'null: none, the cells are the map') },
});

export function baseMapRoutes(baseMap: BaseMap | null) {
  return newRouter().openapi(getBaseMap, (c) => c.json({ baseMap }, 200));
}
