/**
 * 演练: who may report one. Whoever answers for the units that a drill sends, and nobody below: what is a drill is in no figure, so nobody may
 * make a drill of what they are late with. Why: docs/decisions/0007-drills.md. Pure.
 */
import type { Actor } from '../../identity/actor.ts';
import type { By } from './states.ts';

export const DRILLERS = ['district', 'subdistrict'] as const satisfies readonly By[];

/** The district everywhere, a subdistrict where it coordinates itself. */
export function mayDrill(actor: Actor, place: { readonly subdistrict: string }): boolean {
  return actor.role === 'district' || (actor.role === 'subdistrict' && actor.subdistrict === place.subdistrict);
}
