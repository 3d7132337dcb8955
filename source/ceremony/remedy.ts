/** What a person can choose to do about a problem. */
export type Remedy =
  /** Run the step's act again with the same answers. */
  | { readonly action: 'retry'; readonly label: string }
  /** Ask one question of this step again, and the questions after it. */
  | { readonly action: 'ask-again'; readonly label: string; readonly question: string }
  /**
   * Go back to an earlier step, whose answers may then change. `question` is the one that the person wants to answer again.
   * Only an interface that takes the other answers by itself needs to know that.
   */
  | { readonly action: 'reopen'; readonly label: string; readonly step: string; readonly question?: string };
