import { isNotFoundYet, retryWhileSpreading } from '../aws/eventual-consistency.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers, Option } from '../ceremony/question.ts';
import { quote } from '../ceremony/shell-word.ts';
import { sha256Of } from '../disk/sha256.ts';
import {
  recommendedPair,
  videoPair,
  type WrappingAlgorithm,
  type WrappingKeySpec,
  wrappingPairs,
} from '../material/wrapping-algorithms.ts';
import { awsCommand, findKeyCommand, keyArnVariable } from './aws-command-line.ts';
import { farAhead, utc } from './dates.ts';
import { isPractice, need, type Wrapping } from './facts.ts';
import { fetchPair } from './import-pair.ts';
import { readSender, senderLine } from './import-tls.ts';
import { materialState } from './material-awaited.ts';
import { answersOf } from './past.ts';
import { keyElsewhere } from './secret-key-fact.ts';
import type { KeyferryStep, Services } from './services.ts';
import { hsmWrappingWords } from './wrap-elsewhere.ts';
import { earlierFileSha256 } from './wrapped-by-you.ts';

// Pages: KMS developer guide, "Step 2: Download the wrapping public key and import token"; KMS API reference,
// GetParametersForImport and ImportKeyMaterial.

/** Gives the value of the option for a pair of algorithm and key spec, as an answers file has it. */
const optionValue = ({ algorithm, keySpec }: { algorithm: string; keySpec: string }) => `${algorithm} ${keySpec}`;
const recommended = optionValue(recommendedPair);

/** What the options of two pairs say besides the algorithm and the key spec. */
const hints = new Map([
  [optionValue(videoPair), 'as in the video'],
  [recommended, 'recommended'],
]);

/** Gives the pair with which the first import in this folder went well; `undefined` during a first import. */
function recordedPair({ recorded }: Services): string | undefined {
  return recorded?.wrapping === undefined ? undefined : optionValue(recorded.wrapping);
}

/** Fetches a wrapping public key and an import token from KMS, and saves both. */
export const wrappingKey: KeyferryStep = {
  id: 'wrapping-key',
  asks: ['wrapping'],
  needs: ['connection', 'description', 'key'],
  mayRead: ['secret', 'materials'],
  provides: ['wrapping'],
  leadsTo: ['wrapping-key'],
  title: 'Wrapping key',
  done: 'Wrapping key saved',
  place: 'you',
  lasting: true,
  why: 'KMS lends you a public key for 24 hours. KMS alone opens what is wrapped under it, but whoever opens TLS on the way could send you another key.',
  goesWrong: [
    'KMS does not sign the key that it sends: TLS to the right host is the whole proof of it. So look who answered.',
    'ExpiredImportTokenException: wrapping key and token end after 24 hours. Fetch a new pair.',
    'InvalidImportTokenException: the token is of another key. Wrapping key and token belong together.',
    'An older page says RSAES_PKCS1_V1_5. KMS ended it in October 2023.',
  ],

  questions({ facts, services }) {
    const hsmWords = keyElsewhere(facts.secret) === undefined ? '' : `\n${hsmWrappingWords}`;
    return [
      {
        kind: 'choice',
        id: 'wrapping',
        ask: 'How should the secret be wrapped?',
        label: 'Wrapping',
        form: 'an algorithm and a key spec, such as RSAES_OAEP_SHA_256 RSA_4096',
        options: pairOptions(),
        default: recordedPair(services) ?? recommended,
        help: `The 24 hours start when you choose.${hsmWords}`,
      },
    ];
  },

  commands({ facts, answers, services }) {
    const { algorithm, keySpec } = pairOf(answers);
    const { publicKeyFile, tokenFile } = facts.wrapping ?? services.pairNames.next(need(facts, 'key').keyId, services);
    const fetch = awsCommand(facts, services, 'kms get-parameters-for-import', {
      'key-id': keyArnVariable,
      'wrapping-algorithm': algorithm,
      'wrapping-key-spec': keySpec,
      query: '[PublicKey,ImportToken]',
      output: 'text',
    });
    return [
      findKeyCommand(facts, services),
      {
        says: 'Fetch both parts, which come as base64, and keep them as binary files',
        shell: `${fetch} > parameters.txt\ncut -f1 parameters.txt | openssl base64 -d -A > ${quote(publicKeyFile)}\ncut -f2 parameters.txt | openssl base64 -d -A > ${quote(tokenFile)}`,
      },
      {
        says: 'See the SHA-256 of the wrapping key, to compare it where the key is carried. KMS sends another key each time',
        shell: `openssl dgst -sha256 -r ${quote(publicKeyFile)}`,
      },
    ];
  },

  async act({ facts, answers, services, report, pause, signal }) {
    const { keyId } = need(facts, 'key');
    const wanted = pairOf(answers);
    const state = `${materialState(facts)}.`;
    report({ id: 'fetch', label: 'Asking KMS for a wrapping key', state: 'working' });
    const pair = await retryWhileSpreading(() => fetchPair(services, keyId, wanted, { ...fetchingStep, state }), {
      isSpreading: isNotFoundYet,
      label: 'The key is not everywhere yet',
      pause,
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new ProblemError(
        explainAwsError(error, {
          what: "Can't get a wrapping key.",
          state,
        }),
      );
    });
    const { publicKeyFile, tokenFile } = services.pairNames.next(keyId, services);
    services.folder.write(publicKeyFile, pair.wrappingKey.der);
    services.folder.write(tokenFile, pair.importToken);
    // A wrapped file that is there already was wrapped under an older wrapping key.
    const olderFileSha256 = earlierFileSha256(services) ?? services.recorded?.wrapped?.sha256;
    const wrapping: Wrapping = {
      ...wanted,
      publicKeyFile,
      tokenFile,
      publicKeySha256: pair.wrappingKey.sha256,
      sentBy: readSender(services),
      tokenSha256: sha256Of(pair.importToken),
      validTo: pair.validTo.toISOString(),
      ...(olderFileSha256 === undefined ? {} : { olderFileSha256 }),
    };
    report({ id: 'sender', ...senderLine(facts, services), state: 'done' });
    report({
      id: 'fetch',
      label: 'Wrapping key and import token saved',
      note: `valid until ${utc(pair.validTo)}`,
      state: 'done',
    });
    return { wrapping };
  },

  foresee: () => ({
    wrapping: { ...recommendedPair, publicKeyFile: '', tokenFile: '', publicKeySha256: '', validTo: farAhead },
  }),

  receipt(facts) {
    const { algorithm, keySpec, publicKeySha256, validTo, sentBy } = need(facts, 'wrapping');
    const sender = isPractice(need(facts, 'connection')) ? undefined : sentBy;
    const issuer = sender?.issuer === undefined ? '' : ` (certificate of ${sender.issuer})`;
    const from = sender === undefined ? '' : `, from ${sender.host}${issuer}`;
    return `Wrapping key saved: ${algorithm}, ${keySpec}, until ${utc(new Date(validTo))}, SHA-256 ${publicKeySha256}${from}`;
  },
};

const fetchingStep = {
  step: 'wrapping-key',
  remedies: [{ action: 'ask-again', label: 'Choose another wrapping', question: 'wrapping' }],
} as const;

/**
 * Gives an option for each pair that Keyferry can use. For each algorithm that Keyferry cannot use, gives one disabled option
 * with the reason, because a person may have read its name somewhere.
 */
function pairOptions(): readonly Option[] {
  const options: Option[] = [];
  const rejected = new Set<string>();
  for (const pair of wrappingPairs) {
    const value = optionValue(pair);
    if (pair.allowed) {
      const hint = hints.get(value);
      options.push({
        value,
        // The longest algorithm has 18 characters. The key specs stand in a column.
        label: `${pair.algorithm.padEnd(18)} ${pair.keySpec}`,
        ...(hint === undefined ? {} : { hint }),
      });
    } else if (!rejected.has(pair.algorithm)) {
      rejected.add(pair.algorithm);
      options.push({ value, label: pair.algorithm, disabled: pair.reason });
    }
  }
  return options;
}

/** Gives the pair that was chosen for this ceremony so far, or is recommended. */
export function chosenPair(services: Services): { algorithm: WrappingAlgorithm; keySpec: WrappingKeySpec } {
  return pairOf(answersOf(services, 'wrapping-key'));
}

/** Reads the chosen algorithm and key spec from the answers; the recommended pair when nothing was answered. */
function pairOf(answers: Answers): { algorithm: WrappingAlgorithm; keySpec: WrappingKeySpec } {
  const [algorithm, keySpec] = String(answers.wrapping ?? recommended).split(' ');
  return { algorithm: algorithm as WrappingAlgorithm, keySpec: keySpec as WrappingKeySpec };
}
