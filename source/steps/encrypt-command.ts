import { basename, dirname } from 'node:path';
import { type Destination, destinationWords } from '../objects/object-name.ts';
import { type Facts, need } from './facts.ts';
import { placeFlags } from './place-flags.ts';
import type { Services } from './services.ts';

/**
 * Gives the keyferry command, as a person can run it in the current directory, that encrypts other files under this key.
 * @param to where the objects go. Without it, the command has the word BUCKET, which the person replaces.
 */
export function encryptCommand(facts: Facts, services: Services, to?: Destination): string {
  const { folder, ownCommand } = services;
  const connection = need(facts, 'connection');
  const destination = to === undefined ? 's3://BUCKET' : destinationWords(to);
  const workdir = isFoundByKey(folder) ? [] : folder.workdirWords;
  // A command without `--workdir` finds the folder only in the current directory. In any other, `--practice` keeps it from AWS.
  const practiceFlag = connection.source === 'practice' && workdir.length === 0 ? ['--practice'] : [];
  const connectionFlags = isPlaceKnown(services) ? practiceFlag : placeFlags(connection, services.preset.endpointUrl);
  const flags = ['--key', need(facts, 'key').alias, '--to', destination, ...connectionFlags, ...workdir];
  return ownCommand('encrypt', 'FILE', ...flags);
}

/** Tells whether the command finds the folder without `--workdir`: it looks for `keyferry-...` in the current directory. */
const isFoundByKey = ({ path }: Services['folder']) =>
  dirname(path) === process.cwd() && basename(path).startsWith('keyferry-');

/**
 * Tells whether the command needs no flags for the account and the Region, because the folder has or will have the record of
 * a first import. During that first import, `recorded` and `earlier` are absent. So the place is unknown only for a later ceremony
 * in a folder without that record.
 */
const isPlaceKnown = ({ recorded, earlier }: Services) => recorded !== undefined || earlier === undefined;
