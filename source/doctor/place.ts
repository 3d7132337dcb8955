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

/** The credentials and the Region that Keyferry would use, and what names them. */
export type Place = {
  readonly source: AwsSource | PracticePlace;
  /** The flag or variable that names the source, or words when neither does. */
  readonly sourceFrom: string;
  readonly region: string;
  readonly regionFrom: string;
  /** The value of `--endpoint-url`. */
  readonly endpointUrl: string | undefined;
};
