/** The pages beside queue and map, in the order of the menu. Each is loaded when it is first opened. */
import type { Component } from 'vue';
import type { Role } from '../shared/types.ts';

export interface CentreView {
  /** As in the address; its words are `centre.views.<name>`. */
  readonly name: string;
  readonly icon: Component;
  readonly roles: readonly Role[];
  /** Made by `defineAsyncComponent`. */
  readonly page: Component;
}

const VIEWS: readonly CentreView[] = [];

/** The pages that this role has. */
export function viewsOf(role: Role | null): readonly CentreView[] {
  return VIEWS.filter((v) => role !== null && v.roles.includes(role));
}
