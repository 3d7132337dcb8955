import { NameTable } from './name-table.ts';

/** Words of AWS in the resource of an ARN. They have no stand-in. */
const awsWords: ReadonlySet<string> = new Set([
  'root',
  'key',
  'alias',
  'user',
  'role',
  'group',
  'assumed-role',
  'policy',
]);

/** Tells whether a part of an ARN is a word of AWS, and not a name. */
export const isAwsWord = (text: string): boolean => awsWords.has(text);

/** The stand-ins for real values. The same value always gets the same stand-in. */
export class StandIns {
  /** The stand-in of each real value. */
  readonly #known = new Map<string, string>();
  /** How many stand-ins of each kind there are. */
  readonly #counts = new Map<string, number>();
  /** The real names that {@link replaceNames} replaces. */
  readonly #names = new NameTable();

  /**
   * Gives the stand-in for a real value, and makes it when the value is new.
   * @param make gets the number of the new stand-in among those of its kind.
   */
  of(real: string, kind: string, make: (count: number) => string): string {
    const known = this.#known.get(real);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const made = make(count);
    this.#known.set(real, made);
    // A text that is redacted a second time stays as it is.
    this.#known.set(made, made);
    return made;
  }

  /** Gives the stand-in for a name. From now on, {@link replaceNames} replaces the name. A word of AWS stays as it is. */
  ofName(real: string, kind: string): string {
    if (isAwsWord(real)) return real;
    const standIn = this.of(real, kind, (count) => `${kind}-${count}`);
    // Also where the value has a stand-in already: as a path it got one, but not as a name.
    this.#names.add(real, standIn);
    return standIn;
  }

  /**
   * Gives the stand-in for an alias. The folder of a ceremony has the name of the alias, with other separators: from now on, that
   * name is replaced too.
   */
  ofAlias(real: string): string {
    const standIn = this.ofName(real, 'alias');
    this.#names.add(folderPart(real), standIn);
    return standIn;
  }

  /** Gives the stand-in for a folder. From now on, {@link replaceNames} replaces the folder. */
  ofFolder(real: string): string {
    const standIn = this.of(real, 'folder', (count) => `/folder-${count}`);
    this.#names.add(real, standIn);
    return standIn;
  }

  /** Gives the stand-in for an account: twelve digits. */
  ofAccount(real: string): string {
    return this.of(real, 'account', (count) =>
      count < 10 ? String(count).repeat(12) : String(count).padStart(12, '0'),
    );
  }

  /** Gives the stand-in for an account as the console writes it, in the same form. */
  ofSpacedAccount(real: string): string {
    return this.ofAccount(real.replaceAll('-', '')).replace(/^(.{4})(.{4})/, '$1-$2-');
  }

  /** Gives the stand-in for the id of a material, or for another SHA-256. */
  ofHash(real: string): string {
    // The first eight characters are used as a short name of a material.
    if (!this.#known.has(real)) this.ofName(real.slice(0, 8), 'id');
    // The number is filled up with a letter, because twelve zeros would look like the account of practice AWS.
    return this.of(real, 'hash', (count) => String(count).padStart(64, 'f'));
  }

  /** Gives the stand-in for the id of a KMS key. */
  ofKeyId(real: string): string {
    // The last eight characters are used as a short name of the key, for example in the suggested bucket name.
    if (!this.#known.has(real)) this.ofName(real.slice(-8), 'id');
    // The stand-in ends with a letter, so that it does not look like an account.
    return this.of(real, 'key', (count) =>
      real.startsWith('mrk-')
        ? `mrk-${String(count).padStart(31, 'f')}a`
        : `00000000-0000-0000-0000-${String(count).padStart(11, '0')}a`,
    );
  }

  /** Replaces all names in a text that have a stand-in by now. */
  replaceNames(text: string): string {
    return this.#names.replaceIn(text);
  }
}

/** Gives the form of an alias in the name of a ceremony's folder. */
const folderPart = (alias: string) => alias.replaceAll(/[/:]+/g, '-');
