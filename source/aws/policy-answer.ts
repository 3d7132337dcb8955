/** Whether something in a policy holds. `maybe`: that depends on a condition, or on something that is not known here. */
export type PolicyAnswer = 'yes' | 'no' | 'maybe';

/** Gives `no` when one of the answers is `no`, else `maybe` when one is `maybe`, else `yes`. */
export function allOf(answers: readonly PolicyAnswer[]): PolicyAnswer {
  if (answers.includes('no')) return 'no';
  return answers.includes('maybe') ? 'maybe' : 'yes';
}

/** Gives `yes` when one of the answers is `yes`, else `maybe` when one is `maybe`, else `no`. */
export function anyOf(answers: readonly PolicyAnswer[]): PolicyAnswer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('maybe') ? 'maybe' : 'no';
}
