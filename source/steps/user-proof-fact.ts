import type { UserProof } from '../record/user-proof.ts';

/** The proof and the uploads are left to a user of the key, who runs the commands in `script`. */
export type LeftToUser = {
  /** The name of the file in the ceremony's folder that has the commands for that user. */
  readonly script: string;
  /** What the user brought back. Absent while there is no result. */
  readonly result?: UserProof;
};
