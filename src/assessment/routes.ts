/** 效能 over HTTP: the figures of some days, what they mean, and the incidents behind each mark. */
import { createRoute } from '@hono/zod-openapi';
import { problems } from '../problems.ts';
import { newRouter, problem } from '../router.ts';
import { answers } from '../route-parts.ts';
import { FIGURES } from './definitions.ts';
import { BehindQuery, BehindSchema, DayQuery, DaySchema, DefinitionsSchema, type Behind, type DayFigures } from './schemas.ts';
import { viewOf, type View } from './view.ts';

export interface FigureRoutesDeps {
  readonly clock: { now(): Date };
  /** @throws Problem `busy` when too many ask for different things; so does `behind`. */
  readonly figures: (view: View) => Promise<DayFigures>;
  readonly behind: (view: View, query: BehindQuery) => Promise<Behind>;
}

const tags = ['assessment'];
const getDay = createRoute({
  method: 'get',
  path: '/figures/day',
  tags,
  summary: '效能 The figures of one or more days, in the scope of the caller',
  description:
    'What is open and the backlog are as of now; everything else is of the days asked for. An answer may be a few seconds old: `asOf` says it.',
  request: { query: DayQuery },
  responses: { 200: answers(DaySchema, 'Figures'), ...problems('invalid-query', 'busy') },
});
const getDefinitions = createRoute({
  method: 'get',
  path: '/figures/definitions',
  tags,
  summary: '口径 What each figure is made of, what counts and what does not',
  responses: { 200: answers(DefinitionsSchema, 'In the order in which they are shown') },
});
const getBehind = createRoute({
  method: 'get',
  path: '/figures/behind',
  tags,
  summary: '明细 The incidents behind a mark of a chart, newest first',
  description: 'As many items as the mark counts: an incident that was sent out twice stands there twice.',
  request: { query: BehindQuery },
  responses: { 200: answers(BehindSchema, 'A page of incidents'), ...problems('invalid-query', 'busy') },
});

export function figureRoutes({ clock, figures, behind }: FigureRoutesDeps) {
  return newRouter()
    .openapi(getDay, async (c) => {
      const view = viewOf(c.req.valid('query'), c.var.actor, clock.now());
      if ('path' in view) return problem(c, 'invalid-query', undefined, { errors: [view] });
      return c.json(await figures(view), 200);
    })
    .openapi(getDefinitions, (c) => c.json({ items: Object.values(FIGURES), next: null }, 200))
    .openapi(getBehind, async (c) => {
      const query = c.req.valid('query');
      const view = viewOf(query, c.var.actor, clock.now());
      if ('path' in view) return problem(c, 'invalid-query', undefined, { errors: [view] });
      return c.json(await behind(view, query), 200);
    });
}
