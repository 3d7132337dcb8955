import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstImport, firstImportAsInTheVideo } from '../../source/ceremonies/first-import/first-import.ts';
import type { Question } from '../../source/ceremony/question.ts';
import { makeServices } from '../services.ts';

test('as in the video, what the article chooses is the default, unless it cannot be chosen here', async (t) => {
  const { services } = await makeServices(t);
  const step = firstImportAsInTheVideo.steps.find(({ id }) => id === 'secret-key');
  const asked = () => step?.questions({ facts: {}, answers: {}, services })[0] as Question & { default?: string };
  assert.deepEqual([asked().ask, asked().default], ['Generate the Secret Key', 'generate']);
  services.folder.make();
  services.folder.write('plain_text_aes_key.bin', Buffer.alloc(32, 7));
  assert.equal(asked().default, 'file');
});

test('as in the video, a question keeps its help below what is better today', async (t) => {
  const { services } = await makeServices(t);
  const wrapOf = ({ steps }: Pick<typeof firstImport, 'steps'>) =>
    steps.find(({ id }) => id === 'wrapping-key')?.questions({ facts: {}, answers: {}, services })[0];
  const [now, then] = [wrapOf(firstImport), wrapOf(firstImportAsInTheVideo)];
  assert.ok(now?.help !== undefined);
  assert.equal(then?.help, `Today: RSAES_OAEP_SHA_256 with RSA_4096, as the console recommends.\n${now.help}`);
});
