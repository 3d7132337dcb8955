import type { SecretQuestion } from '../ceremony/question.ts';
import type { SecretText } from '../ceremony/secret-text.ts';

/** Holds the code of a person's MFA device from the moment they type it until it goes to STS. A code works only once. */
export class MfaCode {
  #text: SecretText | undefined;

  /** True while a code is held. */
  get isGiven(): boolean {
    return this.#text !== undefined;
  }

  /** Gives the code and forgets it. Gives an empty string when no code is held, because the SDK needs a string. */
  take(): string {
    const code = this.#text?.use((bytes) => bytes.toString('latin1')) ?? '';
    this.forget();
    return code;
  }

  /** Overwrites the code. */
  forget(): void {
    this.#text?.destroy();
    this.#text = undefined;
  }

  /**
   * Builds the question that asks for the code and keeps the answer here. `serial` is the ARN or the number of the device.
   */
  questionFor(profile: string, serial: string): SecretQuestion {
    return {
      kind: 'secret',
      id: 'mfa-code',
      ask: `Which code does the MFA device of profile ${profile} show?`,
      label: 'MFA code',
      form: 'the six digits that the device shows',
      check: (text) =>
        text.use((bytes) => /^\d{6}$/.test(bytes.toString('latin1'))) ? undefined : 'An MFA code has six digits.',
      keep: (text) => {
        this.forget();
        this.#text = text.copy();
      },
      help: `The role of this profile asks for it. The device: ${serial}\nThe code goes to STS and is kept nowhere.`,
    };
  }
}
