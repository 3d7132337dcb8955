/** The proof and the uploads are left to a user of the key, who runs the commands in `script`. */
export type LeftToUser = {
  /** The name of the file in the ceremony's folder that has the commands for that user. */
  readonly script: string;
  /** What the user brought back. Absent while there is no result. */
  readonly result?: UserResult;
};

/** What a user of the key states about the proof. Keyferry cannot check it, because the caller may not use the key. */
export type UserResult = {
  /** The ARN that STS gave that user. */
  readonly openedBy: string;
  /** By the clock of that user's machine, ISO 8601. */
  readonly openedAt: string;
  /** The material that opened the data key. Absent when KMS gave that user no id. */
  readonly keyMaterialId?: string;
  /** When the ceremony took the result, ISO 8601. */
  readonly takenAt: string;
  /** Of the file with the result, hex. */
  readonly sha256: string;
};
