/** What a page beside queue and map is. On its own, so that pages may use the centre and the centre list the pages. */
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
