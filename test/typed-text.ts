import { SecretText } from '../source/ceremony/secret-text.ts';

/** A secret text, as a person has typed it. */
export function typedText(words: string): SecretText {
  const text = new SecretText();
  text.append(words);
  return text;
}
