import type { AwsSource } from '../aws/environment.ts';

/** Practice AWS that was started for this run of doctor alone. */
export type PracticePlace = {
  readonly endpoint: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

/** The credentials and the Region that Keyferry would use, and where they come from. */
export type Place = {
  readonly source: AwsSource | PracticePlace;
  /** The flag or variable that names the credentials. When neither names them, words that say where they come from. */
  readonly sourceFrom: string;
  readonly region: string;
  /** The flag, variable or file that names the Region, in words for a person. */
  readonly regionFrom: string;
  /** The value of `--endpoint-url`. */
  readonly endpointUrl: string | undefined;
};
