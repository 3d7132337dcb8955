import type { AwsSource } from '../aws/environment.ts';

/** Practice AWS that runs for this look alone. */
export type PracticePlace = {
  readonly endpoint: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

/** Where Keyferry would work, and what says so. */
export type Place = {
  readonly source: AwsSource | PracticePlace;
  /** A flag, a variable or words for neither. */
  readonly sourceFrom: string;
  readonly region: string;
  readonly regionFrom: string;
  /** From a flag. */
  readonly endpointUrl: string | undefined;
};
