import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { proveWrapping } from '../material/proof.ts';
import { recommendedPair } from '../material/wrapping-algorithms.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';
import { awsCommand } from './aws-command-line.ts';
import { askedExpiry, bringBackQuestions, chosenCopies, wantedMaterials } from './bring-back-questions.ts';
import { findBroughtBack, isLookStale, isThere, lastProceedAnswer } from './brought-before.ts';
import { utc } from './dates.ts';
import { type Facts, type Material, need } from './facts.ts';
import { importAgain } from './import-again.ts';
import { matchCopies } from './match-copies.ts';
import { readMaterialsOf, shortId } from './materials.ts';
import { type OpenedCopy, openCopies } from './open-copies.ts';
import { openingNames } from './opening-questions.ts';
import { backTo } from './past.ts';
import type { KeyferryStep, Services } from './services.ts';
import { waitForEnabled } from './wait-for-enabled.ts';

/** Imports the missing materials of a key again, and those whose expiry should change, from copies of their bytes. */
export const bringBack: KeyferryStep = {
  id: 'bring-back',
  asks: ['expiry', 'valid-to', 'backups', ...openingNames, 'proceed'],
  asksAsNeeded: true,
  needs: ['connection', 'key', 'materials'],
  provides: ['broughtBack', 'toDisable'],
  leadsTo: ['bring-back', 'find-key'],
  title: 'Material',
  done: 'Material brought back',
  place: 'KMS',
  lasting: true,
  why: 'A KMS key takes back only the same bytes that it had. Your copies are opened and compared before anything is asked of KMS.',
  goesWrong: [
    'IncorrectKeyMaterialException: the copy holds other bytes. Nothing changes; another copy may be the right one.',
    'One of several materials is still missing. Then the key stays PendingImport, and nothing under it can be read.',
    'An import without an expiry would drop the one that the material had. Keyferry sends the expiry again.',
  ],

  questions: (context) => bringBackQuestions(context),

  commands({ facts, answers, services }) {
    const { keyId } = need(facts, 'key');
    return wantedMaterials({ facts, answers, services }).map((material) => {
      const validTo = askedExpiry(material, answers, services.clock());
      return {
        says: `Import material ${shortId(material)} again, wrapped under a fresh wrapping key`,
        shell: awsCommand(facts, services, 'kms import-key-material', {
          'key-id': keyId,
          'encrypted-key-material': 'fileb://enc.aes.key',
          'import-token': 'fileb://TOKEN_FILE',
          'import-type': 'EXISTING_KEY_MATERIAL',
          'key-material-id': material.keyMaterialId,
          ...(validTo === null
            ? { 'expiration-model': 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
            : { 'expiration-model': 'KEY_MATERIAL_EXPIRES', 'valid-to': validTo }),
        }),
      };
    });
  },

  async act(context) {
    const { answers, facts, services, report } = context;
    const { keyState, wasDisabled } = need(facts, 'materials');
    const wanted = wantedMaterials(context);
    const now = await lookAgain(context);
    const earlier = findBroughtBack(services.journal.lines).filter((each) => isThere(each, now));
    const imported = wanted.length === 0 ? [] : await importAll(context, wanted, earlier.length);
    // A material that was imported twice counts once, with its last import.
    const materials = [...new Map([...earlier, ...imported].map((each) => [each.keyMaterialId, each])).values()];
    const proceed = answers.proceed ?? lastProceedAnswer(services.journal.lines);
    const toDisable = wasDisabled && materials.length > 0 && proceed !== 'leave-enabled';
    if (imported.length === 0) {
      report({ id: 'none', label: 'Nothing to do: KMS has every material with its expiry', state: 'done' });
      return { broughtBack: { materials, keyState }, toDisable };
    }
    const { KeyState = '' } = await waitForEnabled(context, { remedies: [lookAgainRemedy] });
    report({ id: 'state', label: `The key is ${KeyState}`, state: 'done' });
    services.secrets.forget();
    return { broughtBack: { materials, keyState: KeyState }, toDisable };
  },

  receipt(facts) {
    const { materials } = need(facts, 'broughtBack');
    if (materials.length === 0) return 'Nothing to do: KMS has every material with its expiry';
    const ends = materials.map(
      ({ keyMaterialId, validTo }) =>
        `${keyMaterialId.slice(0, 8)} ${validTo === null ? 'does not expire' : `expires at ${utc(new Date(validTo))}`}`,
    );
    const done = materials.every(({ wasThere }) => wasThere) ? 'Expiry changed' : 'Material brought back';
    return `${done}: ${ends.join(', ')}`;
  },
};

type Context = ActContext<Facts, Services>;

/**
 * Opens the copies, finds which copy may hold which material, and imports the materials one after another.
 * @param earlierCount how many other materials this ceremony has imported before.
 * @throws ProblemError when KMS takes no copy as the bytes of a material. The materials before it stay imported.
 */
async function importAll(
  context: Context,
  wanted: readonly Material[],
  earlierCount: number,
): Promise<readonly BroughtMaterial[]> {
  const { answers, services, report } = context;
  report({ id: 'open', label: 'Opening and comparing the copies', state: 'working' });
  const matched = matchCopies(wanted, await openCopies(chosenCopies(answers, services), answers, services));
  report({ id: 'open', label: 'Copies opened and compared', state: 'done' });
  proveWrapping(recommendedPair);
  const materials: BroughtMaterial[] = [];
  for (const { material, candidates } of matched) {
    report({ id: material.keyMaterialId, label: `Importing material ${shortId(material)}`, state: 'working' });
    const imported = await importFirstFitting(context, material, candidates);
    if (imported === undefined)
      throw new ProblemError(noCopyFitsProblem(material, candidates, earlierCount + materials.length));
    materials.push(imported);
    report({ id: material.keyMaterialId, label: `Material ${shortId(material)} imported`, state: 'done' });
  }
  return materials;
}

/** Tries the copies in turn until KMS takes one as the bytes of the material. Returns undefined when KMS takes none. */
async function importFirstFitting(
  context: Context,
  material: Material,
  candidates: readonly OpenedCopy[],
): Promise<BroughtMaterial | undefined> {
  for (const copy of candidates) {
    const imported = await importAgain(context, material, copy);
    if (imported !== null) return imported;
  }
  return undefined;
}

/**
 * Asks KMS once more which materials are there, because hours or days may have passed since the questions were asked.
 * @throws ProblemError when KMS cannot be asked, or when the materials have changed since the step `find-key` asked. Then
 * the renewal of the problem leads back to that step.
 */
async function lookAgain({ facts, services, signal }: Context): Promise<readonly Material[]> {
  const { keyId } = need(facts, 'key');
  const look = need(facts, 'materials');
  try {
    const now = await readMaterialsOf(services.session.clients.kms, keyId, services);
    if (isLookStale(look, now, services.journal.state.attempts)) throw new ProblemError(changedMeanwhileProblem);
    return now;
  } catch (error) {
    signal.throwIfAborted();
    throw new ProblemError(explainAwsError(error, { what: "Can't see which materials are missing.", state: unsent }));
  }
}

const unsent = 'Nothing more was sent or changed.';

const lookAgainRemedy = backTo('find-key', 'Look again which materials are missing');

const changedMeanwhileProblem = {
  kind: 'fixable',
  what: 'The key has changed since KMS was asked which materials are missing.',
  state: unsent,
  next: ['Look again, and answer the questions anew.'],
  remedies: [lookAgainRemedy],
  renewal: {
    step: 'find-key',
    says: 'The key has changed since KMS was asked: KMS is asked again',
    ask: ['bring-back'],
  },
} as const;

function noCopyFitsProblem({ keyMaterialId }: Material, candidates: readonly OpenedCopy[], importedCount: number) {
  const values = candidates.map(({ checkValue }) => checkValue).join(', ');
  const others = importedCount === 1 ? 'Another material was' : `${importedCount} other materials were`;
  return {
    kind: 'fixable',
    what: `The material ${keyMaterialId.slice(0, 8)} was not brought back: no copy holds its bytes.`,
    why: `KMS refused ${candidates.length === 1 ? 'the copy' : 'the copies'} with the key check value ${values} as other bytes.`,
    code: 'IncorrectKeyMaterialException',
    state: importedCount === 0 ? 'Nothing was changed.' : `${others} brought back; this one was not.`,
    next: ['Look for another copy, and name that one.'],
    remedies: [{ action: 'ask-again', label: 'Name other copies', question: 'backups' }],
  } as const;
}
