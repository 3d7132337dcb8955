import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expandHome } from '../disk/home.ts';

/** The settings of one section by their names. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** What the shared config and credentials files say. AWS SDKs and tools reference guide, "Shared config and credentials files". */
export type SharedConfig = {
  /** Both files together. Where both have a setting, that of the credentials file counts. */
  readonly profiles: ReadonlyMap<string, Settings>;
  readonly ssoSessions: ReadonlyMap<string, Settings>;
  /** Their settings are named as `kms.endpoint_url`. */
  readonly services: ReadonlyMap<string, Settings>;
  /** For what the loader does not tell: sections that are no profiles, and files that cannot be read. */
  readonly files: readonly ConfigFile[];
};

/** One of the two files as the disk has it. */
export type ConfigFile = {
  readonly path: string;
  readonly holds: 'config' | 'credentials';
  /** The headers as they are written, such as `profile ops`; also of sections without settings. */
  readonly sections: readonly string[];
  /** Why the file cannot be read: the code of errno(3). */
  readonly unread?: string;
};

/** Reads both files from the disk on each call, so that a person can correct them and try again. A missing file is empty. */
export async function readSharedConfig(): Promise<SharedConfig> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const [{ configFile, credentialsFile }, files] = await Promise.all([
    // An account without a home folder has no files.
    loadSharedConfigFiles({ ignoreCache: true }).catch(() => ({ configFile: {}, credentialsFile: {} })),
    readConfigFiles(process.env),
  ]);
  const profiles = new Map<string, Settings>();
  const ssoSessions = new Map<string, Settings>();
  const services = new Map<string, Settings>();
  for (const [name, settings] of [...Object.entries(configFile), ...Object.entries(credentialsFile)]) {
    // The loader lists `[sso-session x]` and `[services x]` sections beside profiles, as `sso-session.x`.
    const [, kind, section = ''] = /^(sso-session|services)\.(.+)$/.exec(name) ?? [];
    if (kind === undefined) profiles.set(name, { ...profiles.get(name), ...settings });
    else (kind === 'services' ? services : ssoSessions).set(section, settings);
  }
  return { profiles, ssoSessions, services, files };
}

async function readConfigFiles(env: Settings): Promise<readonly ConfigFile[]> {
  const home = env.HOME || homeOfAccount();
  const folder = join(home, '.aws');
  const files = [
    { holds: 'config', path: env.AWS_CONFIG_FILE || join(folder, 'config') },
    { holds: 'credentials', path: env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials') },
  ] as const;
  return Promise.all(
    files.map(async ({ holds, path: named }) => {
      const path = expandHome(named, home);
      try {
        const text = await readFile(path, 'utf8');
        const sections = [...text.matchAll(/^\s*\[\s*([^\]\r\n]+?)\s*\]/gm)].map(([, name = '']) => name);
        return { holds, path, sections };
      } catch (error) {
        return { holds, path, sections: [], unread: (error as NodeJS.ErrnoException).code ?? 'unknown' };
      }
    }),
  );
}

/** The folder by the system's list of accounts; in a container the account may be in none. */
function homeOfAccount(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}
