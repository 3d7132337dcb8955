/** The key that has an alias which a person wants for the new key. */
export type AliasOwner = {
  readonly keyId: string;
  /** Says in a few words what the key is: its state, its origin, its description. */
  readonly about: string;
  /** Why KMS would not move the alias from this key to the new one; absent when it can be moved. */
  readonly immovable?: string;
};

/** Remembers, for the questions of this run, which keys have the aliases that a person has named. */
export class KnownAliases {
  readonly #owners = new Map<string, AliasOwner>();

  /** Notes which key has an alias; `undefined` when none has it. */
  note(alias: string, owner: AliasOwner | undefined): void {
    if (owner === undefined) this.#owners.delete(alias);
    else this.#owners.set(alias, owner);
  }

  /** Gives the key that has the alias, as far as KMS was asked in this run. */
  ownerOf(alias: string): AliasOwner | undefined {
    return this.#owners.get(alias);
  }
}
