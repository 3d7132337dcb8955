/** One line of progress; a later report with the same id replaces it. */
export type Progress = {
  readonly id: string;
  readonly label: string;
  readonly state: 'working' | 'waiting' | 'done';
  /** A few words beside the label: a time left, a speed, a result. */
  readonly note?: string;
  /** Only when real: how far, of how much, in bytes. */
  readonly bytes?: { readonly done: number; readonly total: number };
  /** Only the time left differs from the report before it: a log can leave it out. */
  readonly tick?: boolean;
};
