import { importKeyMaterial, readMaterial } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import { isRefusal } from '../aws/spreading.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { proveWrapping } from '../material/proof.ts';
import { wrapMaterial } from '../material/wrap.ts';
import { recommendedPair } from '../material/wrapping-algorithms.ts';
import { awsCommand } from './aws-command-line.ts';
import { askedExpiry, bringBackQuestions, chosenCopies, wantedMaterials } from './bring-back-questions.ts';
import { type OpenedCopy, openCopies } from './copies.ts';
import { type BroughtBack, type Facts, type Material, need } from './facts.ts';
import { fetchPair } from './import-pair.ts';
import { matchCopies } from './match-copies.ts';
import { shortId } from './materials.ts';
import { utc } from './moment.ts';
import { backTo } from './past.ts';
import type { KeyferryStep, Services } from './services.ts';
import { waitForEnabled } from './wait-for-enabled.ts';

/** Imports the missing materials of a key again, and those whose expiry should change, from copies of their bytes. */
export const bringBack: KeyferryStep = {
  id: 'bring-back',
  asks: ['expiry', 'valid-to', 'backups', 'passphrase-file', 'identity', 'proceed'],
  asksAsNeeded: true,
  needs: ['connection', 'key', 'materials'],
  provides: ['broughtBack', 'toDisable'],
  leadsTo: ['bring-back', 'find-key'],
  title: 'Material',
  done: 'Material brought back',
  place: 'KMS',
  lasting: true,
  why: 'A KMS key takes back only the very bytes that it had. Your copies are opened and compared before anything is asked of KMS.',
  goesWrong: [
    'IncorrectKeyMaterialException: the copy holds other bytes. Nothing changes; another copy may be the right one.',
    'One of several materials is still missing. Then the key stays PendingImport, and nothing under it can be read.',
    'An import without an expiry would drop the one that the material had. Keyferry says it again.',
  ],

  questions: (context) => bringBackQuestions(context),

  commands({ facts, answers, services }) {
    const { keyId } = need(facts, 'key');
    return wantedMaterials({ facts, answers, services }).map((material) => {
      const validTo = askedExpiry(material, answers, services);
      return {
        says: `Import material ${shortId(material)} again, wrapped under a fresh wrapping key`,
        shell: awsCommand(facts, services, 'kms import-key-material', {
          'key-id': keyId,
          'encrypted-key-material': 'fileb://enc.aes.key',
          'import-token': 'fileb://TOKEN_FILE',
          'import-type': 'EXISTING_KEY_MATERIAL',
          'key-material-id': material.keyMaterialId,
          ...(validTo === null || validTo === undefined
            ? { 'expiration-model': 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
            : { 'expiration-model': 'KEY_MATERIAL_EXPIRES', 'valid-to': validTo }),
        }),
      };
    });
  },

  async act(context) {
    const { facts, answers, services, report } = context;
    const wanted = wantedMaterials(context);
    const { keyState } = need(facts, 'materials');
    if (wanted.length === 0) {
      report({ id: 'none', label: 'Nothing to do: KMS has every material with its expiry', state: 'done' });
      return { broughtBack: { materials: [], keyState }, toDisable: false };
    }
    report({ id: 'open', label: 'Opening and comparing the copies', state: 'working' });
    const copies = await openCopies(chosenCopies(answers, services), answers, services);
    const matched = matchCopies(wanted, copies);
    report({ id: 'open', label: 'Copies opened and compared', state: 'done' });
    proveWrapping(recommendedPair);
    const materials: BroughtBack['materials'][number][] = [];
    for (const { material, candidates } of matched) {
      report({ id: material.keyMaterialId, label: `Importing material ${shortId(material)}`, state: 'working' });
      const taken = await importFirstFitting(context, material, candidates);
      if (taken === undefined) throw new ProblemError(noneFits(material, candidates, materials.length));
      materials.push(taken);
      report({ id: material.keyMaterialId, label: `Material ${shortId(material)} imported`, state: 'done' });
    }
    const { KeyState = '' } = await waitForEnabled(context, { remedies: [lookAgain] });
    report({ id: 'state', label: `The key is ${KeyState}`, state: 'done' });
    services.secrets.forget();
    const toDisable = keyState === 'Disabled' && answers.proceed === 'import';
    return { broughtBack: { materials, keyState: KeyState }, toDisable };
  },

  receipt(facts) {
    const { materials } = need(facts, 'broughtBack');
    if (materials.length === 0) return 'Nothing to do: KMS has every material with its expiry';
    const ends = materials.map(
      ({ keyMaterialId, validTo }) =>
        `${keyMaterialId.slice(0, 8)} ${validTo === null ? 'does not expire' : `expires at ${utc(new Date(validTo))}`}`,
    );
    return `Material brought back: ${ends.join(', ')}`;
  },
};

type Context = ActContext<Facts, Services>;

/** Imports a material from the first copy that KMS takes as its bytes; none where KMS takes no copy. */
async function importFirstFitting(
  context: Context,
  material: Material,
  candidates: readonly OpenedCopy[],
): Promise<BroughtBack['materials'][number] | undefined> {
  for (const copy of candidates) {
    const validTo = askedExpiry(material, context.answers, context.services) ?? null;
    if (await importFrom(context, material, { copy, validTo }))
      return {
        keyMaterialId: material.keyMaterialId,
        checkValue: copy.checkValue,
        file: copy.path,
        validTo,
        importedAt: context.services.clock().toISOString(),
      };
  }
  return undefined;
}

async function importFrom(
  { facts, services, attempt, signal }: Context,
  { keyMaterialId, description }: Material,
  { copy, validTo }: { readonly copy: OpenedCopy; readonly validTo: string | null },
): Promise<boolean> {
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  try {
    return await attempt<boolean>({
      name: `import ${keyMaterialId} of ${copy.checkValue} until ${validTo ?? 'never'}`,
      act: async () => {
        const { wrappingKey, importToken } = await fetchPair(services, keyId, recommendedPair, asking);
        const input = {
          KeyId: keyId,
          ImportToken: importToken,
          EncryptedKeyMaterial: wrapMaterial(copy.secret, { wrappingKey, algorithm: recommendedPair.algorithm }),
          ImportType: 'EXISTING_KEY_MATERIAL',
          KeyMaterialId: keyMaterialId,
          ...(validTo === null ? {} : { ValidTo: new Date(validTo) }),
          // An import without them would take description and expiry away.
          ...(description === null ? {} : { KeyMaterialDescription: description }),
        } as const;
        return importKeyMaterial(kms, input).then(() => true, isOtherMaterial);
      },
      probe: async () => {
        const now = await readMaterial(kms, keyId, keyMaterialId);
        const isAsAsked = now?.isImported === true && (now.validTo?.toISOString() ?? null) === validTo;
        return isAsAsked ? { found: 'done', result: true } : { found: 'not done' };
      },
      refused: (error) => isRefusal(error) || error instanceof ProblemError,
      passing: isWithoutAnswer,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new ProblemError(
      explainAwsError(error, {
        what: `The material ${keyMaterialId.slice(0, 8)} was not brought back.`,
        state: 'KMS has what it had before this import. Trying again looks first.',
      }),
    );
  }
}

const lookAgain = backTo('find-key', 'Look again which materials are missing');

const asking = { step: 'bring-back', state: 'KMS has the materials that it had.' } as const;

/** KMS API reference, ImportKeyMaterial, Errors. Rethrows any other. */
function isOtherMaterial(error: unknown): false {
  if (error instanceof Error && error.name === 'IncorrectKeyMaterialException') return false;
  throw error;
}

function noneFits({ keyMaterialId }: Material, candidates: readonly OpenedCopy[], before: number) {
  const values = candidates.map(({ checkValue }) => checkValue).join(', ');
  const done = before === 0 ? 'Nothing was changed.' : `${before} other material was brought back; this one was not.`;
  return {
    kind: 'fixable',
    what: `The material ${keyMaterialId.slice(0, 8)} was not brought back: no copy holds its bytes.`,
    why: `KMS refused ${candidates.length === 1 ? 'the copy' : 'the copies'} with the key check value ${values} as other bytes.`,
    code: 'IncorrectKeyMaterialException',
    state: done,
    next: ['Look for another copy, and name that one.'],
    remedies: [{ action: 'ask-again', label: 'Name other copies', question: 'backups' }],
  } as const;
}
