import type { SecretText } from '../ceremony/secret-text.ts';
import type { SecretBytes } from '../material/secret-bytes.ts';

/** The secrets that a run keeps only in memory, from the step that gets a secret to the last step that needs it. */
export class HeldSecrets {
  #key: SecretBytes | undefined;
  /** Each passphrase by the id of the question that it answers. */
  readonly #passphrases = new Map<string, SecretText>();
  /** The ids of the questions whose passphrases were tried on every backup that must be opened. */
  readonly #tried = new Set<string>();
  /** Keys that were opened from copies, by the copy's path. */
  readonly #copies = new Map<string, SecretBytes>();
  /** Paths of the files that this run was told to take a passphrase or an age identity from. */
  readonly files = new Set<string>();

  /** Gives the key that will be imported. This object owns the key and destroys it; the caller must not. */
  get key(): SecretBytes | undefined {
    return this.#key;
  }

  /** The passphrase of the backup. */
  get passphrase(): SecretText | undefined {
    return this.#passphrases.get('passphrase');
  }

  /** All passphrases: there may be several backups. */
  get passphrases(): readonly SecretText[] {
    return [...this.#passphrases.values()];
  }

  /** Becomes the owner of a key, and destroys the key that was held before. */
  holdKey(secret: SecretBytes): void {
    if (secret !== this.#key) this.#key?.destroy();
    this.#key = secret;
  }

  /** Keeps a copy of a passphrase, and destroys another one for the same question. @param id the id of the question. */
  holdPassphrase(text: SecretText, id = 'passphrase'): void {
    const earlier = this.#passphrases.get(id);
    if (earlier?.equals(text) === true) return;
    earlier?.destroy();
    this.#passphrases.set(id, text.copy());
    // The new passphrase was not tried on any backup yet.
    this.#tried.delete(id);
  }

  /** Notes that every passphrase held now was tried on every backup. */
  noteTried(): void {
    for (const id of this.#passphrases.keys()) this.#tried.add(id);
  }

  /** Tells whether the passphrase for this question was tried on every backup. */
  isTried(id: string): boolean {
    return this.#tried.has(id);
  }

  /** Gives the key from a copy that was opened in this run; the caller must not destroy the key. */
  copy(path: string): SecretBytes | undefined {
    return this.#copies.get(path);
  }

  /** Becomes the owner of the key from a copy, and destroys the key that was held for this path before. */
  holdCopy(path: string, secret: SecretBytes): void {
    const earlier = this.#copies.get(path);
    if (earlier !== secret) earlier?.destroy();
    this.#copies.set(path, secret);
  }

  /** Overwrites with zeroes the keys from all copies whose paths are not in this list. */
  keepCopies(paths: readonly string[]): void {
    for (const [path, copy] of this.#copies) {
      if (paths.includes(path)) continue;
      copy.destroy();
      this.#copies.delete(path);
    }
  }

  /** Overwrites with zeroes the key that will be imported. */
  forgetKey(): void {
    this.#key?.destroy();
    this.#key = undefined;
  }

  /** Overwrites all passphrases with zeroes. */
  forgetPassphrases(): void {
    for (const passphrase of this.#passphrases.values()) passphrase.destroy();
    this.#passphrases.clear();
    this.#tried.clear();
  }

  /** Overwrites all secrets with zeroes. Every run calls this at its end, also after an error. */
  forget(): void {
    this.forgetKey();
    this.forgetPassphrases();
    this.keepCopies([]);
  }
}
