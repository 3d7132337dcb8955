import { isAccessDenied } from '../aws/access-denied.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Question } from '../ceremony/question.ts';
import { awsCommand, findKeyCommand, keyArnVariable } from './aws-command-line.ts';
import { makeProof, openProofCommand, withFreshMaterial } from './data-key-proof.ts';
import { utc } from './dates.ts';
import type { Facts } from './facts.ts';
import { proofFile, userProofScript, userResultFile } from './file-names.ts';
import { materialIdWords } from './materials.ts';
import { isStrict } from './policy-kind.ts';
import type { KeyferryStep, Services } from './services.ts';
import { userProofCommands, userProofText } from './user-proof.ts';
import { readUserResult } from './user-result.ts';

// Pages: S3 user guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)"; KMS developer guide, "Key states of AWS
// KMS keys".

/** Proves that the key works: KMS makes a data key and opens it again. A user of the key may do it in place of the caller. */
export const prove: KeyferryStep = {
  id: 'prove',
  asks: ['by', 'result'],
  needs: ['connection', 'description', 'key', 'imported'],
  mayRead: ['existing', 'people'],
  provides: ['proof', 'notOpened', 'leftToUser'],
  title: 'Proof',
  done: 'Proof settled',
  place: 'KMS',
  lasting: true,
  why: 'Enabled is a word; a data key made and opened again is a proof. S3 does the same to write and read objects.',
  goesWrong: [
    'KMSInvalidStateException, "is pending import": the material is not there, or it has expired.',
    'AccessDeniedException: you administer the key, but the policy does not let you use it. Let a user of the key prove it.',
  ],

  questions({ facts, answers, services }) {
    const questions: Question[] = [proverQuestion(facts)];
    return answers.by === 'user' ? [...questions, resultQuestion(services)] : questions;
  },

  commands({ facts, answers, services }) {
    if (answers.by === 'user' || answers.by === 'later') return userProofCommands(facts, services);
    const make = awsCommand(facts, services, 'kms generate-data-key-without-plaintext', {
      'key-id': keyArnVariable,
      'key-spec': 'AES_256',
      'encryption-context': 'purpose=keyferry-proof',
      query: 'CiphertextBlob',
      output: 'text',
    });
    return [
      findKeyCommand(facts, services),
      { says: 'Make an encrypted data key', shell: `${make} | openssl base64 -d -A > ${proofFile}` },
      { says: 'Open it again, and see which material did', shell: openProofCommand(facts, services, keyArnVariable) },
    ];
  },

  async act({ facts, answers, services, report, pause, signal }) {
    if (answers.by === 'user' || answers.by === 'later') {
      const { folder } = services;
      folder.replace(userProofScript, userProofText(facts, services));
      const label = `${folder.shown}/${userProofScript} is there, for a user of the key`;
      report({ id: 'script', label, state: 'done' });
      if (answers.by === 'later') return { leftToUser: { script: userProofScript } };
      const result = readUserResult(folder.locate(String(answers.result)), facts, services);
      return { leftToUser: { script: userProofScript, result } };
    }
    report({ id: 'proof', label: 'Making a data key and opening it again', state: 'working' });
    try {
      const proof = await withFreshMaterial(() => makeProof(facts, services), pause);
      report({ id: 'proof', label: 'A data key was made and opened again', state: 'done' });
      return { proof };
    } catch (error) {
      signal.throwIfAborted();
      const isRefused = isAccessDenied(error);
      // A person who imports into somebody else's key need not be one of its users.
      if (facts.existing !== undefined && isRefused) {
        report({ id: 'proof', label: 'Nothing was opened: you may not use the key', state: 'done' });
        return { notOpened: 'refused' };
      }
      const problem = explainAwsError(error, {
        what: "Can't prove the key.",
        state: 'The material is imported; nothing is lost.',
      });
      const mayLeaveIt = isRefused && !isStrict(facts);
      throw new ProblemError(
        mayLeaveIt ? { ...problem, next: [leaveItWords, ...problem.next], remedies: [leaveItRemedy] } : problem,
      );
    }
  },

  foresee: ({ answers }) =>
    answers.by === 'user' || answers.by === 'later' ? { leftToUser: { script: userProofScript } } : {},

  receipt({ proof, leftToUser }) {
    if (proof !== undefined) return `Key proven: ${materialIdWords(proof.keyMaterialId)}`;
    if (leftToUser === undefined) return 'Nothing was opened with the key: you may not use it';
    const { result, script } = leftToUser;
    if (result === undefined) return `Proof left to a user of the key, no result yet; the commands are in ${script}`;
    const { openedBy, openedAt, keyMaterialId = '' } = result;
    return `Proof as a user of the key states: ${openedBy} opened a data key at ${utc(new Date(openedAt))}, ${materialIdWords(keyMaterialId)}`;
  },
};

const leaveItWords = 'Leave the proof to a user of the key (prove.by: user in an answers file), or be made one.';

const leaveItRemedy = { action: 'ask-again', label: 'Leave the proof to a user of the key', question: 'by' } as const;

/**
 * Asks who proves the key, and suggests the caller. When KMS refuses the caller the use of the key, the question is always asked,
 * and suggests a user of the key. By a strict policy no user can prove the key, so the question suggests the caller even then.
 */
function proverQuestion(facts: Facts): Question {
  const refused = facts.imported?.refusedUses ?? [];
  const forUser = isStrict(facts) ? { disabled: 'by a strict policy, users use the key through S3 alone' } : {};
  const isRefused = refused.length > 0;
  return {
    kind: 'choice',
    id: 'by',
    ...(isRefused ? { asked: 'always' as const } : {}),
    ask: 'Who proves that the key works?',
    label: 'Proof by',
    form: 'me, user or later',
    options: [
      { value: 'me', label: 'I do, now' },
      { value: 'user', label: 'A user of the key does, and I bring their result', ...forUser },
      { value: 'later', label: 'A user of the key does; go on without a result', ...forUser },
    ],
    default: isRefused && !isStrict(facts) ? 'user' : 'me',
    help: proverHelp(facts, refused),
  };
}

/** Says what the proof needs, and what a user of the key gets. @param refused the uses of the key that KMS refuses the caller. */
function proverHelp(facts: Facts, refused: readonly string[]): string {
  const refusal = `KMS refuses you ${refused.join(' and ')}`;
  if (isStrict(facts)) return refused.length === 0 ? mustBeAllowed : `${refusal}: the proof needs that.`;
  const start = refused.length === 0 ? mustBeAllowed : `${refusal}: you look after the key, and others use it.`;
  return `${start}\nWhere a user of the key does it, ${userProofScript} is written for them, and the uploads are left to them too.`;
}

const mustBeAllowed = 'Whoever proves it must be allowed to use the key.';

/** Asks for the file that a user of the key brought back. It need not be there yet. */
function resultQuestion({ folder }: Services): Question {
  return {
    kind: 'text',
    id: 'result',
    ask: 'Where is the result of the user of the key?',
    label: 'Result',
    form: `the path of ${userResultFile}, which need not be there yet`,
    complete: folder.complete,
    default: userResultFile,
    check: (path) => (path === '' ? `It takes the path of ${userResultFile}.` : undefined),
    help: `With Enter, ${folder.shown}/${userProofScript} is written. A user of the key runs it and sends you ${userResultFile}: put that into ${folder.shown}.\nUntil it is there, this ceremony waits. Stop then, and run the same command again.`,
  };
}
