import type { SecretText } from '../ceremony/secret-text.ts';
import type { SecretBytes } from '../material/secret-bytes.ts';

/** What a run keeps in memory alone, between the step that gets it and the last one that needs it. */
export class HeldSecrets {
  #key: SecretBytes | undefined;
  /** By the id of the question that each answers. */
  readonly #passphrases = new Map<string, SecretText>();
  /** Of these, the ids of those that were tried on every backup that is to be opened. */
  readonly #tried = new Set<string>();
  /** Keys that were opened from copies, by the copy's path. */
  readonly #copies = new Map<string, SecretBytes>();
  /** Paths of the files that this run was told to take a passphrase or an age identity from. */
  readonly files = new Set<string>();

  /** The key that is to be imported; it stays this object's, which destroys it. */
  get key(): SecretBytes | undefined {
    return this.#key;
  }

  /** The passphrase of the backup. */
  get passphrase(): SecretText | undefined {
    return this.#passphrases.get('passphrase');
  }

  /** The passphrases of several backups. */
  get passphrases(): readonly SecretText[] {
    return [...this.#passphrases.values()];
  }

  /** Takes a key over. */
  holdKey(secret: SecretBytes): void {
    if (secret !== this.#key) this.#key?.destroy();
    this.#key = secret;
  }

  /** Keeps a copy of a passphrase. @param id of the question that it answers, where there are several. */
  holdPassphrase(text: SecretText, id = 'passphrase'): void {
    const before = this.#passphrases.get(id);
    if (before?.equals(text) === true) return;
    before?.destroy();
    this.#passphrases.set(id, text.copy());
    this.#tried.delete(id);
  }

  /** Notes that every passphrase that is held was tried. */
  noteTried(): void {
    for (const id of this.#passphrases.keys()) this.#tried.add(id);
  }

  isTried(id: string): boolean {
    return this.#tried.has(id);
  }

  /** The key from a copy that was opened in this run. */
  copy(path: string): SecretBytes | undefined {
    return this.#copies.get(path);
  }

  /** Takes the key from a copy over. */
  holdCopy(path: string, secret: SecretBytes): void {
    const before = this.#copies.get(path);
    if (before !== secret) before?.destroy();
    this.#copies.set(path, secret);
  }

  /** Zeroes the keys from copies that are not among these. */
  keepCopies(paths: readonly string[]): void {
    for (const [path, copy] of this.#copies) {
      if (paths.includes(path)) continue;
      copy.destroy();
      this.#copies.delete(path);
    }
  }

  forgetKey(): void {
    this.#key?.destroy();
    this.#key = undefined;
  }

  forgetPassphrase(): void {
    for (const passphrase of this.#passphrases.values()) passphrase.destroy();
    this.#passphrases.clear();
    this.#tried.clear();
  }

  /** Zeroes all of it: when a run ends, however it does. */
  forget(): void {
    this.forgetKey();
    this.forgetPassphrase();
    this.keepCopies([]);
  }
}
