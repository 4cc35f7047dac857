/** Tables of where and who: places, units, categories, calendars. Every key starts with the district. */
import type { ColumnType, Generated } from 'kysely';

/** Written as text, read as a value. */
type Json<T> = ColumnType<T, string, string>;
/** The part of GeoJSON that places use; `src/grid/geometry.ts` has the same. */
type AreaJson = { type: 'Polygon'; coordinates: [number, number][][] } | { type: 'MultiPolygon'; coordinates: [number, number][][][] };

export interface DistrictTable {
  district: number;
  name_zh: string;
  name_en: string;
  geometry: Json<AreaJson>;
}

export interface SubdistrictTable {
  district: number;
  /** 9 digits. */
  code: string;
  kind: 'subdistrict' | 'town';
  name_zh: string;
  name_en: string;
  geometry: Json<AreaJson>;
}

export interface CommunityTable {
  district: number;
  /** 12 digits. */
  code: string;
  subdistrict: string;
  /** 居委会 or 村委会. */
  kind: 'neighbourhood' | 'village';
  name_zh: string;
  name_en: string | null;
  geometry: Json<AreaJson>;
}

export interface CellTable {
  district: number;
  /** 15 digits: the community's and three more. */
  code: string;
  community: string;
  name_zh: string;
  name_en: string | null;
  households: number;
  geometry: Json<AreaJson>;
}

export interface UnitTypeTable {
  district: number;
  code: string;
  name_zh: string;
  name_en: string;
  duty_zh: string;
  duty_en: string;
  may_lead: boolean;
}

export interface ShiftPatternTable {
  district: number;
  code: string;
  name_zh: string;
  name_en: string;
  /** `HH:MM-HH:MM`; a span may run past midnight. */
  spans: string[];
  days: 'daily' | 'workdays';
  off_shift_zh: string;
  off_shift_en: string;
}

export interface UnitTable {
  district: number;
  code: string;
  name_zh: string;
  name_en: string;
  type: string;
  subdistrict: string;
  community: string;
  lng: number;
  lat: number;
  scope_kind: 'area' | 'district';
  /** Codes of the subdistricts it serves. */
  scope: string[];
  shift_pattern: string;
  crews: number;
  stand_in_unit: string;
  /** `secure-only`: a stand-in of another type, which may only guard the place. */
  stand_in_duty: 'full' | 'secure-only';
}

export interface CategoryTable {
  district: number;
  /** Row code: category and condition, for example `C0101-01`. */
  code: string;
  kind: 'component' | 'event' | 'security' | 'livelihood';
  class_code: string;
  class_zh: string;
  class_en: string;
  category: string;
  category_code: string;
  name_zh: string;
  name_en: string;
  condition_code: string;
  open_zh: string;
  open_en: string;
  close_zh: string;
  close_en: string;
  limit_value: number;
  limit_unit: 'minutes' | 'hours' | 'workdays';
  clock: 'working' | 'continuous';
  danger: boolean;
  nuisance: boolean;
  level: 'R1' | 'R2' | 'R3' | 'R4';
  lead_type: string;
  assist_types: string[];
  settle_on_spot: boolean;
  evidence_close: boolean;
  keywords: string[];
  origin: 'standard' | 'local';
}

export interface RunCardTable {
  district: number;
  code: string;
  match: 'row' | 'category' | 'class';
  target: string;
  level: 'R1' | 'R2' | 'R3' | 'R4';
  /** A unit type, or `row`: the category row's own. */
  lead_type: string;
  lead_count: number;
  /** `type:count`, or the single word `row`: the category row's own. */
  assisting: string[];
  radius_km: number;
  subdistrict_told: boolean;
  district_told: boolean;
  leader_told: boolean;
  name_zh: string;
  name_en: string;
}

export interface CalendarDayTable {
  district: number;
  /** A `date`: read it with `to_char`, the driver would make a local midnight of it. */
  day: string;
  kind: 'workday' | 'weekend' | 'holiday' | 'makeup_workday';
  working: boolean;
  statutory: boolean;
  label_zh: string;
  label_en: string;
  status: 'announced' | 'provisional';
}

export interface WorkingHoursTable {
  district: number;
  code: string;
  /** `HH:MM`. */
  opens: string;
  closes: string;
  label_zh: string;
  label_en: string;
}

export interface LeaderTable {
  district: number;
  code: string;
  person_zh: string;
  person_en: string;
  post_zh: string;
  post_en: string;
  subdistrict: string;
  /** Codes of the communities that the leader looks after. */
  communities: string[];
  /** 0: nothing of it is in the log of 共建共治 yet; so below. */
  version: Generated<number>;
  state: Generated<'linked' | 'relieved'>;
}

export interface CommitteeTable {
  district: number;
  code: string;
  tier: 'subdistrict' | 'community';
  /** 9 or 12 digits, by tier. */
  place: string;
  name_zh: string;
  name_en: string;
  version: Generated<number>;
  state: Generated<'active' | 'dissolved'>;
  /** Lets calendars subscribe. */
  calendar_key: Generated<string>;
  /** Day. */
  founded: ColumnType<string | null, string | null | undefined, string | null>;
}

export interface MemberTable {
  district: number;
  code: string;
  committee: string;
  org_zh: string;
  org_en: string;
  person_zh: string;
  person_en: string;
  post_zh: string;
  post_en: string;
  /** The responding unit that the member's body also is, if any. */
  unit: string | null;
  version: Generated<number>;
  state: Generated<'proposed' | 'appointed' | 'expired' | 'ended' | 'rejected'>;
  org_kind: ColumnType<string | null, string | null | undefined, string | null>;
  /** First and last day of the term. */
  appointed: ColumnType<string | null, string | null | undefined, string | null>;
  term_end: ColumnType<string | null, string | null | undefined, string | null>;
  /** Number of the certificate that holds. */
  certificate: ColumnType<string | null, string | null | undefined, string | null>;
  /** Account. */
  proposed_by: ColumnType<string | null, string | null | undefined, string | null>;
}

export interface GridTables {
  district: DistrictTable;
  subdistrict: SubdistrictTable;
  community: CommunityTable;
  cell: CellTable;
  unit_type: UnitTypeTable;
  shift_pattern: ShiftPatternTable;
  unit: UnitTable;
  category: CategoryTable;
  run_card: RunCardTable;
  calendar_day: CalendarDayTable;
  working_hours: WorkingHoursTable;
  leader: LeaderTable;
  committee: CommitteeTable;
  member: MemberTable;
}
