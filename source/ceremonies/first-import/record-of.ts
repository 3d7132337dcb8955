import { basename } from 'node:path';
import { rowsOf } from '../../aws/existing-policy.ts';
import { readPolicy } from '../../aws/policy-statements.ts';
import type { CeremonyRecord } from '../../record/record.ts';
import { type JournalSoFar, trailOf } from '../../record/trail.ts';
import { madeBackup } from '../../steps/backup-fact.ts';
import { type Facts, need, secretInKms } from '../../steps/facts.ts';
import type { KnownCopies } from '../../steps/known-copies.ts';
import { totalsOf } from '../../steps/object-totals.ts';
import { derivedAmong } from '../../steps/own-principal.ts';
import { recordHeadOf } from '../record-head.ts';

/** The sources of a record besides the facts. `version` is the version of this program. */
type RecordSources = { readonly journal: JournalSoFar; readonly version: string; readonly copies: KnownCopies };

/** Builds the record of a ceremony from the facts of its steps, the lines of its journal, and the copies known now. */
export function recordOf(facts: Facts, { journal, version, copies }: RecordSources): CeremonyRecord {
  const head = recordHeadOf(facts, journal, version);
  const { keyState, keyStateAsOf } = need(facts, 'finish');
  const { keyId, keyArn, alias, createdAt, acknowledged } = need(facts, 'key');
  const { file: wrappedFile, by } = need(facts, 'wrapped');
  const { keyMaterialId, expirationModel, validTo, importedAt, otherExpiry } = need(facts, 'imported');
  const totals = totalsOf(need(facts, 'objects'));
  return {
    ...head,
    key: {
      keyId,
      keyArn,
      alias,
      description: need(facts, 'description').description,
      keyState: keyState ?? null,
      keyStateAsOf: keyStateAsOf ?? head.ceremony.finishedAt,
      createdAt,
      ...(acknowledged === undefined ? {} : { acknowledged }),
      ...choicesOf(facts),
      policy: policyOf(facts),
    },
    ...peopleOf(facts),
    ...existingOf(facts),
    secret: secretOf(facts),
    ...backupOf(facts),
    copies: { asOf: copies.asOf, known: copies.copies.flatMap(copyOf) },
    wrapping: { ...need(facts, 'wrapping'), wrappedFile, wrappedBy: by },
    material: {
      keyMaterialId,
      expirationModel,
      validTo,
      importedAt,
      ...(otherExpiry === undefined ? {} : { otherExpiry }),
      provedAt: facts.proof?.provedAt ?? null,
      ...(facts.leftToUser === undefined ? {} : { userProof: facts.leftToUser.result ?? null }),
    },
    objects: need(facts, 'objects').objects,
    ...(totals === undefined ? {} : { sums: totals }),
    ...trailOf(journal),
  };
}

/**
 * Gives the key policy: the one that the ceremony sent, or the one that was read of a key that somebody else made. It is null
 * when the person may not read it, and plain text when it is not JSON.
 */
function policyOf({ key, existing }: Facts): unknown {
  const text = key?.policy ?? existing?.policy ?? null;
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Gives what the ceremony chose for the key that it made; nothing for a key that somebody else made. */
function choicesOf({ existing, description }: Facts): Pick<CeremonyRecord['key'], 'choices'> {
  if (existing !== undefined) return {};
  const { tags = [], multiRegion = false, aliasFrom } = description ?? {};
  return { choices: { tags, isMultiRegion: multiRegion, ...(aliasFrom === undefined ? {} : { aliasFrom }) } };
}

/**
 * Gives the people whom the ceremony wrote into the key policy; nobody for a key that somebody else made. `derived` is the caller's
 * ARN, when it is among them and IAM has not confirmed it.
 */
function peopleOf(facts: Facts): Pick<CeremonyRecord, 'people'> {
  if (facts.people === undefined) return {};
  const { test: _, policyKind = 'console', ...chosen } = facts.people;
  const { administrators, users, importers = [] } = chosen;
  const derived = derivedAmong([...administrators, ...importers, ...users], need(facts, 'connection'));
  const people = { ...chosen, policyKind };
  return { people: derived === undefined ? people : { ...people, derived } };
}

/** Gives the facts about a KMS key that somebody else made. `whoCanWhat` is null when its policy could not be read or parsed. */
function existingOf({ existing }: Facts): Pick<CeremonyRecord, 'existing'> {
  if (existing === undefined) return {};
  const { asOf, tags, isMultiRegion, policy } = existing;
  const parsedPolicy = policy === null ? undefined : readPolicy(policy);
  return {
    existing: { asOf, tags, isMultiRegion, whoCanWhat: parsedPolicy === undefined ? null : rowsOf(parsedPolicy) },
  };
}

/** Gives the facts about the secret, without the path of the person's own file: a person may show the record to others. */
function secretOf(facts: Facts): CeremonyRecord['secret'] {
  const secret = need(facts, 'secret');
  if (secret.origin === 'elsewhere') return { ...secret, checked: false, inKms: 'not shown' };
  const { source: _, ...secretWithoutPath } = secret;
  return { ...secretWithoutPath, plainKey: need(facts, 'finish').plainKey, inKms: secretInKms(facts) };
}

/**
 * Gives a copy for the record, as a list of one. The record has no folders, and no name of the person's own file. Gives an empty
 * list for the key in memory.
 */
function copyOf(copy: KnownCopies['copies'][number]): CeremonyRecord['copies']['known'] {
  if (copy.kind === 'memory') return [];
  return [copy.kind === 'own file' ? { kind: copy.kind } : { kind: copy.kind, file: basename(copy.path) }];
}

/** Gives the facts about the backup; nothing when Keyferry made none. */
function backupOf(facts: Facts): Pick<CeremonyRecord, 'backup'> {
  const backup = madeBackup(need(facts, 'backup'));
  return backup === undefined ? {} : { backup };
}
