/** One line of progress; a later report with the same id replaces it. */
export type Progress = {
  readonly id: string;
  readonly label: string;
  readonly state: 'working' | 'waiting' | 'done';
  /** A few words beside the label: a time left, a speed, a result. */
  readonly note?: string;
  /** How much of the whole is done, in bytes. Absent when nobody can measure it. */
  readonly bytes?: { readonly done: number; readonly total: number };
  /**
   * Set for a count-down. True when this report only updates the time that is left, or ends the wait: a log can leave it out.
   */
  readonly tick?: boolean;
};
