/** Tables of 资源联享: a row each as kysely sees it. */

export interface SharedResourceTable {
  district: number;
  code: string;
  member: string;
  committee: string;
  /** The committee's. */
  place: string;
  kind: 'venue' | 'information' | 'people' | 'equipment';
  name_zh: string;
  name_en: string | null;
  quantity: number;
  unit_zh: string;
  unit_en: string | null;
  /** `HH:MM-HH:MM`, each day; may run past midnight. */
  hours: string;
  notice_minutes: number;
  community: string;
  lng: number;
  lat: number;
  /** May be called to an incident without being asked first. */
  callable: boolean;
  /** Unit type that it can stand for when it is called. */
  stands_for_type: string | null;
  condition_zh: string | null;
  condition_en: string | null;
  state: 'listed' | 'withdrawn';
  version: number;
}

export interface BookingTable {
  district: number;
  code: string;
  resource: string;
  /** How many there are: the resource's own figure. */
  capacity: number;
  quantity: number;
  /** `int4multirange` as text: `{[1,3)}`. */
  slots: string;
  /** `tstzrange` as text. */
  during: string;
  purpose: string;
  /** Who asks: the district, a subdistrict or a community. */
  place: string;
  /** Account. */
  asked_by: string;
  asked_at: Date;
  incident: string | null;
  need: string | null;
  activity: string | null;
  reason: string | null;
  /** Code under which it went to the incident. */
  unit: string | null;
  assignment: string | null;
  /** When it was given back, where that was before its end. */
  ended_at: Date | null;
  state: 'asked' | 'agreed' | 'done' | 'refused' | 'cancelled' | 'lapsed';
  version: number;
}

export interface ResourceTables {
  shared_resource: SharedResourceTable;
  booking: BookingTable;
}
