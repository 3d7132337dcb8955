import type { Line } from '../ceremony/journal.ts';
import { callsOf } from '../record/calls.ts';
import type { CeremonyRecord } from '../record/record.ts';
import { whoDid } from '../record/who-did-what.ts';
import { type Facts, isPractice, need, secretInKms } from './facts.ts';
import type { KeyNow } from './key-now.ts';

/** A journal as it is at one moment: the name of its file, its lines, and the SHA-256 (hex) of the last one. */
export type JournalSoFar = { readonly file: string; readonly lines: readonly Line[]; readonly lastHash: string };

type Noted = {
  readonly now: KeyNow;
  readonly journal: JournalSoFar;
  readonly version: string;
  readonly finishedAt: Date;
};

/** The record of a ceremony from what its steps established and what its journal noted. */
export function recordOf(facts: Facts, { now, journal, version, finishedAt }: Noted): CeremonyRecord {
  const { file, lines, lastHash } = journal;
  const begun = lines.find((line) => line.kind === 'begun');
  const connection = need(facts, 'connection');
  const { accountId, region, callerArn, endpoint, endpoints } = connection;
  const { keyId, keyArn, alias, createdAt, policy } = need(facts, 'key');
  const { file: wrappedFile, by } = need(facts, 'wrapped');
  const { administrators, users, administratorsMayDelete } = need(facts, 'people');
  const { keyMaterialId, expirationModel, validTo, importedAt } = need(facts, 'imported');
  return {
    keyferry: version,
    ceremony: { id: begun?.id ?? '', begunAt: begun?.at ?? '', finishedAt: finishedAt.toISOString() },
    account: {
      accountId,
      region,
      callerArn,
      practice: isPractice(connection),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(endpoints === undefined ? {} : { endpoints }),
    },
    key: {
      keyId,
      keyArn,
      alias,
      description: need(facts, 'description').description,
      keyState: now.state ?? null,
      keyStateAsOf: now.asOf,
      createdAt,
      policy: JSON.parse(policy),
    },
    people: { administrators, users, administratorsMayDelete },
    secret: secretOf(facts),
    ...backupOf(facts),
    wrapping: { ...need(facts, 'wrapping'), wrappedFile, wrappedBy: by },
    material: { keyMaterialId, expirationModel, validTo, importedAt, provedAt: need(facts, 'proof').provedAt },
    objects: need(facts, 'objects').objects,
    ...whoDid([...lines, ...lastLine(lines, finishedAt)]),
    journal: { file, lines: lines.length, lastLineSha256: lastHash },
    calls: callsOf(lines),
  };
}

/** The last step writes the record before its own line is there; it is a step that was done all the same. */
function lastLine(lines: readonly Line[], finishedAt: Date): readonly Line[] {
  if (lines.some((line) => line.kind === 'done' && line.step === 'finish')) return [];
  return [{ kind: 'done', step: 'finish', facts: {}, at: finishedAt.toISOString(), prev: '' }];
}

/** Where the person's own file lies is theirs to know: a record may be shown to others. */
function secretOf(facts: Facts): CeremonyRecord['secret'] {
  const { source: _, ...secret } = need(facts, 'secret');
  return { ...secret, plainKey: need(facts, 'finish').plainKey, inKms: secretInKms(facts) };
}

function backupOf(facts: Facts): Pick<CeremonyRecord, 'backup'> {
  const backup = need(facts, 'backup');
  return backup.by === 'declined' ? {} : { backup };
}
