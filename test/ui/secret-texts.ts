import type { TestContext } from 'node:test';
import { SecretText } from '../../source/ceremony/secret-text.ts';

/** The secret texts to which something is added during the test. */
export function watchSecretTexts(t: TestContext): ReadonlySet<SecretText> {
  const texts = new Set<SecretText>();
  const { append } = SecretText.prototype;
  t.mock.method(SecretText.prototype, 'append', function (this: SecretText, text: string) {
    texts.add(this);
    return append.call(this, text);
  });
  return texts;
}
