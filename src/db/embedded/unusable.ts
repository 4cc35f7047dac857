/** The embedded database cannot run here; `message` says in both languages what to do. Needs a person, so it is not tried again. */
export class EmbeddedUnusable extends Error {
  constructor(zh: string, en: string) {
    super(`${zh}\n${en}`);
    this.name = 'EmbeddedUnusable';
  }
}
