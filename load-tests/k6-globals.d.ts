/** What k6 has as a global and its published types leave out. */
declare const console: { readonly warn: (text: string) => void };
