/** The evidence of one node, wired: photos, voice notes, and what they prove. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { DeskDeps } from '../dispatch/desk.ts';
import type { ProofRoutesDeps } from './proof-routes.ts';
import { claimPhotos, claimVoices } from './claim.ts';
import { proofRoutes } from './proof-routes.ts';
import { photoRoutes, type PhotoRoutesDeps } from './routes.ts';
import { voiceRoutes } from './voice/routes.ts';

/** What the desk asks before a move that names photos or voice notes is written. */
export function evidenceClaims(db: Kysely<Schema>): Pick<DeskDeps, 'claimPhotos' | 'claimVoices'> {
  return {
    claimPhotos: (ids, actor, incident) => claimPhotos(db, ids, actor, incident),
    claimVoices: (ids, actor, incident) => claimVoices(db, ids, actor, incident),
  };
}

/** @param deps.maySeePhotoIncident  also of photos that belong to something else than an incident. */
export function evidenceRoutes(deps: ProofRoutesDeps & PhotoRoutesDeps) {
  const { db, findIncident, maySeePhotoIncident } = deps;
  return [photoRoutes({ db, maySeePhotoIncident }), voiceRoutes({ db, findIncident }), proofRoutes(deps)];
}
