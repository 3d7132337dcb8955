import { holdsControls } from '../../../terminal/printable.ts';
import type { Action } from '../binding.ts';
import type { Asking } from '../journey.ts';
import { type Edit, type EditAction, edited, fitting, longestLine } from './editing.ts';
import type { FieldState } from './field.ts';
import { added, filtered, type Many, moved, toggled, typedValue } from './many.ts';
import { filteredPick, movedPick, type Pick } from './pick.ts';

/** What an action does to a field: another state, a problem to say, or the answer that stands in it is given. */
export type FieldResult = {
  readonly field?: FieldState;
  readonly problem?: string;
  readonly accepted?: boolean;
};

/** A phrase cannot be typed ahead: for so long after it appears, keys do not count. */
const phraseDeafMs = 200;

type SecretField = Extract<FieldState, { kind: 'secret' }>;

/** How much a field takes. */
function longestIn({ question }: Asking): number {
  return question.kind === 'text' || question.kind === 'file' ? (question.longest ?? longestLine) : longestLine;
}

const most = (longest: number) => `at most ${longest} characters`;

/** One action on the field that is open. */
export function actionOnField(asking: Asking, action: Action, now: number): FieldResult {
  const { field, question } = asking;
  switch (field.kind) {
    case 'phrase':
      if (now - field.since < phraseDeafMs) return {};
      return onLine(asking, field.edit, action, (edit) => ({ ...field, edit }));
    case 'text':
      return onLine(asking, field.edit, action, (edit) => ({ ...field, edit }));
    case 'confirm':
      if (action.type === 'toggle') return { field: { ...field, ticked: !field.ticked } };
      if (action.type !== 'accept') return {};
      return question.kind === 'confirm' && question.mustTick === true && !field.ticked
        ? { problem: 'Space ticks it. Nothing goes on without the tick.' }
        : { accepted: true };
    case 'many':
      return onMany(asking, field, action);
    case 'pick':
      return onPick(asking, field, action);
    case 'secret':
      return onSecret(field, action);
    case 'choice':
      return {};
  }
}

/** A paste: one trailing newline is the terminal's, any other control character is refused, and nothing is submitted. */
export function pasteIntoField(asking: Asking, text: string, now: number): FieldResult {
  const { field } = asking;
  const line = text.replace(/\r?\n$|\r$/u, '');
  if (field.kind === 'phrase' && line !== text) return { problem: 'Type it, so that it cannot happen by accident.' };
  if (field.kind === 'choice' || field.kind === 'confirm') return {};
  if (field.kind === 'secret') return intoSecret(field, [line]);
  if (holdsControls(line))
    return { problem: 'The pasted text has more than one line or a control character. It was left out.' };
  if (field.kind === 'phrase' && now - field.since < phraseDeafMs) return {};
  const insert = { type: 'insert', text: line } as const;
  const { text: before } = field.kind === 'many' || field.kind === 'pick' ? field.filter : field.edit;
  const longest = longestIn(asking);
  if (before.length + line.length > longest)
    return { problem: `The pasted text is too long: ${most(longest)}. It was left out.` };
  if (field.kind === 'many') return { field: filtered(field, edited(field.filter, insert)) };
  if (field.kind === 'pick') return { field: filteredPick(field, edited(field.filter, insert)) };
  return { field: { ...field, edit: edited(field.edit, insert) } };
}

/** It can be typed, taken back and cleared; moving about in what cannot be seen would only do harm. */
function onSecret(field: SecretField, action: Action): FieldResult {
  const { kind, secret } = field;
  switch (action.type) {
    case 'insert':
      return intoSecret(field, [...action.text]);
    case 'backspace':
      secret.removeLast();
      return { field: { kind, secret } };
    case 'kill-before':
    case 'kill-word':
      secret.destroy();
      return { field: { kind, secret } };
    default:
      return action.type === 'accept' ? { accepted: true } : {};
  }
}

/** Adds parts of which each is taken whole or left out. */
function intoSecret({ kind, secret }: SecretField, parts: readonly string[]): FieldResult {
  const problem = parts.map((part) => secret.append(part)).findLast((each) => each !== undefined);
  return { field: { kind, secret }, ...(problem === undefined ? {} : { problem }) };
}

function onLine(asking: Asking, edit: Edit, action: Action, put: (edit: Edit) => FieldState): FieldResult {
  if (action.type === 'accept') return { accepted: true };
  return isEdit(action) ? onEdit(asking, edit, action, put) : {};
}

/** One edit of a line, which takes text up to its limit. */
function onEdit(asking: Asking, edit: Edit, action: EditAction, put: (edit: Edit) => FieldState): FieldResult {
  if (action.type !== 'insert') return { field: put(edited(edit, action)) };
  const longest = longestIn(asking);
  const text = fitting(action.text, longest - edit.text.length);
  const field = put(edited(edit, { type: 'insert', text }));
  return text === action.text ? { field } : { field, problem: `It takes ${most(longest)}.` };
}

/** Enter on a row is the conductor's: the row may lead elsewhere. */
function onPick(asking: Asking, field: Pick, action: Action): FieldResult {
  if (action.type === 'move') return { field: movedPick(field, action.by) };
  return isEdit(action) ? onEdit(asking, field.filter, action, (filter) => filteredPick(field, filter)) : {};
}

function onMany(asking: Asking, field: Many, action: Action): FieldResult {
  const { question } = asking;
  if (question.kind !== 'many') return {};
  if (action.type === 'move') return { field: moved(field, action.by) };
  if (isEdit(action)) return onEdit(asking, field.filter, action, (filter) => filtered(field, filter));
  if (action.type !== 'toggle' && action.type !== 'accept') return {};
  const typed = typedValue(field, question);
  if (typed !== undefined) {
    const problem = question.check?.(typed);
    return problem === undefined ? { field: added(field, typed) } : { problem };
  }
  if (action.type === 'toggle') {
    const result = toggled(field);
    return typeof result === 'string' ? { problem: result } : { field: result };
  }
  // Someone who filters and presses Enter mostly means the row in front of them, so that is said before it is passed over.
  if (field.filter.text !== '' && !field.warned) {
    const problem = `Space ticks the row. Enter again goes on as it is: ${field.chosen.length} chosen.`;
    return { field: { ...field, warned: true }, problem };
  }
  return { accepted: true };
}

const edits: ReadonlySet<string> = new Set<EditAction['type']>([
  'insert',
  'left',
  'right',
  'home',
  'end',
  'backspace',
  'delete',
  'kill-before',
  'kill-after',
  'kill-word',
]);

function isEdit(action: Action): action is EditAction {
  return edits.has(action.type);
}
