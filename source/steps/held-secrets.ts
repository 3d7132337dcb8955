import type { SecretText } from '../ceremony/secret-text.ts';
import type { SecretBytes } from '../material/secret-bytes.ts';

/** What a run keeps in memory alone, between the step that gets it and the last one that needs it. */
export class HeldSecrets {
  #key: SecretBytes | undefined;
  #passphrase: SecretText | undefined;
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
    return this.#passphrase;
  }

  /** Takes a key over. */
  holdKey(secret: SecretBytes): void {
    if (secret !== this.#key) this.#key?.destroy();
    this.#key = secret;
  }

  /** Keeps a copy of a passphrase. */
  holdPassphrase(text: SecretText): void {
    this.#passphrase?.destroy();
    this.#passphrase = text.copy();
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

  forgetKey(): void {
    this.#key?.destroy();
    this.#key = undefined;
  }

  forgetPassphrase(): void {
    this.#passphrase?.destroy();
    this.#passphrase = undefined;
  }

  /** Zeroes all of it: when a run ends, however it does. */
  forget(): void {
    this.forgetKey();
    this.forgetPassphrase();
    for (const copy of this.#copies.values()) copy.destroy();
    this.#copies.clear();
  }
}
