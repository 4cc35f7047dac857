/** Place proof over HTTP: for communities and up, and for the reporter of what the report itself proves. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Incident } from '../dispatch/chain/incident.ts';
import type { Reference } from '../grid/reference.ts';
import type { Actor } from '../identity/actor.ts';
import { problems } from '../problems.ts';
import { newRouter, problem } from '../router.ts';
import { UUID } from '../uuid.ts';
import { scorePhoto, scoreReport } from './place-score.ts';
import { provedPhotos, reportFacts, type ProvedPhoto } from './proofs.ts';
import { PlaceProofSchema } from './proof-schemas.ts';

export interface ProofRoutesDeps {
  readonly db: Kysely<Schema>;
  readonly reference: () => Reference;
  /** The incident if the actor may see it. */
  readonly findIncident: (id: string, actor: Actor) => Promise<Incident | null>;
  readonly findActor: (account: string) => Promise<Actor | null>;
}

/** They decide by it; who handled an incident does not look over what others proved. */
const DECIDES: ReadonlySet<Actor['role']> = new Set(['community', 'subdistrict', 'district', 'leader', 'auditor', 'admin']);

const getProof = createRoute({
  method: 'get',
  path: '/incidents/{id}/place-proof',
  tags: ['evidence'],
  summary: '现场证明 How well place and time of the report and of each photo are proved',
  description:
    'A score with its reasons; it refuses nothing. Photos’ own positions and times stay on the server: only distances and ages are told. For ' +
    'communities and up all photos, for the reporter the own ones.',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: { description: 'Scores', content: { 'application/json': { schema: PlaceProofSchema } } },
    ...problems('not-found', 'not-allowed'),
  },
});

export function proofRoutes({ db, reference, findIncident, findActor }: ProofRoutesDeps) {
  return newRouter().openapi(getProof, async (c) => {
    const { actor } = c.var;
    const { id } = c.req.valid('param');
    const incident = UUID.test(id) ? await findIncident(id.toLowerCase(), actor) : null;
    if (incident === null) return problem(c, 'not-found');
    const decides = DECIDES.has(actor.role);
    if (!decides && incident.reportedBy !== actor.account)
      return problem(c, 'not-allowed', 'For communities and up, and for the reporter.');
    const own = (by: string) => by === incident.reportedBy;
    const photos = await provedPhotos(db, incident, decides ? incident.photos : incident.photos.filter((p) => own(p.by)));
    const reporter = await findActor(incident.reportedBy);
    const facts = reportFacts(
      incident,
      photos.filter(({ photo }) => own(photo.by)),
      reporter?.cell ?? null,
      reference(),
    );
    const { reasons, ...report } = scoreReport(facts);
    return c.json({ report: { ...report, reasons: [...reasons] }, photos: photos.map(toWire) }, 200);
  });
}

function toWire(proved: ProvedPhoto) {
  const { photo, distanceM, ageMs } = proved;
  const { score, band, reasons } = scorePhoto(proved);
  const metres = distanceM === null ? null : Math.round(distanceM);
  return { photo: photo.id, kind: photo.kind, at: photo.at, distanceM: metres, ageMs, score, band, reasons: [...reasons] };
}
