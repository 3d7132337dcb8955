import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expandHome, homeOfAccount } from '../disk/home.ts';

/** The values of settings, by name: those of one section, or environment variables. */
export type Settings = Readonly<Record<string, string | undefined>>;

/**
 * What the shared config and credentials files say. AWS SDKs and tools reference guide, "Using shared config and
 * credentials files to globally configure AWS SDKs and tools".
 */
export type SharedConfig = {
  /** The profiles of both files. When both files have a setting, that of the credentials file counts. */
  readonly profiles: ReadonlyMap<string, Settings>;
  /** The sections `[sso-session NAME]`, by NAME. */
  readonly ssoSessions: ReadonlyMap<string, Settings>;
  /** The sections `[services NAME]`, by NAME. Their settings have names such as `kms.endpoint_url`. */
  readonly services: ReadonlyMap<string, Settings>;
  /** The two files as they are on the disk. The SDK's loader hides wrong section headers and unreadable files. */
  readonly files: readonly ConfigFile[];
};

/** One of the two files as it is on the disk. */
export type ConfigFile = {
  readonly path: string;
  readonly kind: 'config' | 'credentials';
  /** The section headers as they are written, such as `profile ops`. Includes sections without settings. */
  readonly sections: readonly string[];
  /** The error code of errno(3), when the file cannot be read. */
  readonly errorCode?: string;
};

/** Reads both files, on each call again, so that a person can correct them and try again. A missing file counts as empty. */
export async function readSharedConfig(): Promise<SharedConfig> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const [{ configFile, credentialsFile }, files] = await Promise.all([
    // The loader throws when the account has no home folder. Then there are no files.
    loadSharedConfigFiles({ ignoreCache: true }).catch(() => ({ configFile: {}, credentialsFile: {} })),
    readConfigFiles(process.env),
  ]);
  const profiles = new Map<string, Settings>();
  const ssoSessions = new Map<string, Settings>();
  const services = new Map<string, Settings>();
  for (const [name, settings] of [...Object.entries(configFile), ...Object.entries(credentialsFile)]) {
    // The loader gives the sections `[sso-session x]` and `[services x]` among the profiles, named `sso-session.x` and
    // `services.x`.
    const [, kind, section = ''] = /^(sso-session|services)\.(.+)$/.exec(name) ?? [];
    if (kind === undefined) profiles.set(name, { ...profiles.get(name), ...settings });
    else (kind === 'services' ? services : ssoSessions).set(section, settings);
  }
  return { profiles, ssoSessions, services, files };
}

/** Reads the two files for their section headers. A file that cannot be read has none. */
async function readConfigFiles(env: Settings): Promise<readonly ConfigFile[]> {
  const home = env.HOME || (homeOfAccount() ?? '');
  const folder = join(home, '.aws');
  const files = [
    { kind: 'config', path: env.AWS_CONFIG_FILE || join(folder, 'config') },
    { kind: 'credentials', path: env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials') },
  ] as const;
  return Promise.all(
    files.map(async ({ kind, path: namedPath }) => {
      const path = expandHome(namedPath, home);
      try {
        const text = await readFile(path, 'utf8');
        // A header: brackets around a name, at the beginning of a line, with or without blanks.
        const sections = [...text.matchAll(/^\s*\[\s*([^\]\r\n]+?)\s*\]/gm)].map(([, name = '']) => name);
        return { kind, path, sections };
      } catch (error) {
        return { kind, path, sections: [], errorCode: (error as NodeJS.ErrnoException).code ?? 'unknown' };
      }
    }),
  );
}
