/** 相似 and 反复 as the outside sees them: what the caller may not see is left out here, once for all answers. Pure. */
import type { Actor } from '../identity/actor.ts';
import { maySee } from '../identity/scope.ts';
import type { Incident } from './chain/incident.ts';
import { allowedVerbs, placed } from './chain/permissions.ts';
import { stateRow } from './chain/states.ts';
import { figuresOf, type Dossier } from './dossier.ts';
import type { WireDossier, WireSimilar, WireTarget } from './repeats-schemas.ts';
import { STRONG_FROM, type Similarity } from './similar.ts';

export function toWireSimilar(found: Similarity & { readonly incident: Incident; readonly inScope: boolean }, actor: Actor): WireSimilar {
  const { incident: i, inScope, score, distanceM } = found;
  const known = {
    id: inScope ? i.id : null,
    number: i.number,
    category: i.category,
    state: i.state,
    reportedAt: i.reportedAt,
    distanceM,
    score,
    strong: score >= STRONG_FROM,
    reasons: found.reasons.map((r) => ({ ...r, points: Math.round(r.points) })),
    inScope,
  };
  if (!inScope) return known;
  const { description, level, position, cell, version } = i;
  return { ...known, description, level, position, cell, version, photos: i.photos.map((p) => p.id), may: allowedVerbs(i, actor) };
}

/**
 * Of members outside the caller's scope it says that they are there and how they stand. The middle, the units and the times come from the others
 * alone: from a middle of two and the own one the hidden place could be reckoned.
 *
 * @param dossier  at least one of its members is in the caller's scope.
 */
export function toWireDossier(dossier: Dossier, actor: Actor): WireDossier {
  const seen = new Set(dossier.members.filter((i) => maySee(actor, placed(i))));
  const { units, ...figures } = figuresOf([...seen]);
  return {
    ...dossier,
    ...figures,
    categories: dossier.categories.map((c) => ({ ...c })),
    units: units.map((u) => ({ ...u })),
    members: dossier.members.map((i) => {
      const { id, number, category, state, level, reportedAt, closedAt, position } = i;
      const known = { number, category, state, reportedAt };
      return seen.has(i) ? { id, ...known, level, closedAt, position } : { id: null, ...known };
    }),
  };
}

/** How the one goes on into which an incident was merged: for whoever reported the merged one, also where the other lies outside their scope. */
export function toWireTarget(target: Incident, actor: Actor): WireTarget {
  const { number, category, state, stateSince, closedAt } = target;
  const row = stateRow(state);
  return {
    id: maySee(actor, placed(target)) ? target.id : null,
    number,
    category,
    state,
    step: row.step,
    stateSince,
    closedAt,
    words: {
      zh: `已并入 ${number}，${row.zh}${row.end ? '' : '，还在办'}`,
      en: `Merged into ${number}, which is ${row.end ? 'ended' : 'being handled'} (${state})`,
    },
  };
}
