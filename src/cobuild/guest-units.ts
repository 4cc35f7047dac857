/** Units for what joins incidents: a resource under its own code, a member's body under the member's. */
import { middleOf } from '../grid/middle.ts';
import type { Reference } from '../grid/reference.ts';
import type { House } from './act.ts';
import { ensureGuest } from './guests.ts';
import { memberAt } from './members.ts';
import { listResourcesOf, type NamedResource } from './resources.ts';

const ROUND_THE_CLOCK = '00:00-24:00';

export interface GuestsDeps {
  readonly house: House;
  readonly reference: () => Reference;
  /** Makes this node go by the units that were written. */
  readonly refresh: () => Promise<unknown>;
}

export class Guests {
  readonly #deps: GuestsDeps;

  constructor(deps: GuestsDeps) {
    this.#deps = deps;
  }

  async ofResource({ code, orgZh, orgEn, nameZh, nameEn, community, position, hours }: NamedResource): Promise<void> {
    const names = { nameZh: `${orgZh} ${nameZh}`, nameEn: `${orgEn}, ${nameEn ?? nameZh}` };
    await this.#ensure({ code, ...names, community, position, hours });
  }

  /** A body that is no responding unit: it stands where it lends something, else in the middle of its committee's place. */
  async ofMember(code: string): Promise<void> {
    const { house, reference } = this.#deps;
    if (reference().units.has(code)) return;
    const member = await memberAt(house.db, house.district, code, house.now());
    if (member === null) return;
    const [lends] = await listResourcesOf(house.db, house.district, code);
    const middle = lends === undefined ? middleOf(reference(), member.place) : null;
    const at = lends ?? (middle && { community: middle.place.community, position: middle.position });
    if (at === null) throw new Error(`no cell in ${member.place}`);
    await this.#ensure({
      code,
      nameZh: member.orgZh,
      nameEn: member.orgEn,
      hours: ROUND_THE_CLOCK,
      community: at.community,
      position: at.position,
    });
  }

  async #ensure(guest: Parameters<typeof ensureGuest>[2]): Promise<void> {
    const { house, reference, refresh } = this.#deps;
    const written = await ensureGuest(house.db, house.district, guest);
    // Another node may have written it.
    if (written || !reference().units.has(guest.code)) await refresh();
  }
}
