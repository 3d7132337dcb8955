import type { SecretQuestion } from '../ceremony/question.ts';
import type { SecretText } from '../ceremony/secret-text.ts';

/** The code that a person reads off their MFA device, from when it is typed until STS has got it: it is good once. */
export class MfaCode {
  #text: SecretText | undefined;

  get isGiven(): boolean {
    return this.#text !== undefined;
  }

  /** Gives the code out and forgets it; empty where none was given. The SDK takes it as a string. */
  take(): string {
    const code = this.#text?.use((bytes) => bytes.toString('latin1')) ?? '';
    this.forget();
    return code;
  }

  forget(): void {
    this.#text?.destroy();
    this.#text = undefined;
  }

  /** Builds the question for the code. `serial` is the ARN or the number of the device. */
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
