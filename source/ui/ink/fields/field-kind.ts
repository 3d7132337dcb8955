import type { ReactNode } from 'react';
import type { Answer } from '../../../ceremony/question.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import type { Action } from '../action.ts';
import type { Binding } from '../binding.ts';
import type { Block } from '../row-budget.ts';
import type { FieldState } from './field.ts';
import type { FieldResult } from './field-result.ts';
import type { OptionList } from './option-list.ts';

/** What the list component needs to move its cursor. */
export type ListHold = { readonly isFocused: boolean; readonly onPoint: (value: string) => void };

/** Where a field is drawn. */
export type FieldPlace = ListHold & { readonly width: number; readonly tall: boolean; readonly symbols: Symbols };

/** A drawn field: the rows that it would fill, and what stands on the rows that it gets. */
export type FieldView = Pick<Block, 'want' | 'most' | 'least'> & { readonly draw: (rows: number) => ReactNode };

/** Where a field is read out, with the rows that a list may have. */
export type SpokenPlace = ListHold & { readonly rows: number };

/** All that the screen knows about one kind of field. */
export type FieldKind<State> = {
  /** The answer that stands in it, whether or not it can be taken. */
  readonly answer: (field: State) => Answer;
  readonly act: (field: State, action: Action, now: number) => FieldResult<State>;
  readonly paste: (field: State, text: string, now: number) => FieldResult<State>;
  /** What the question says of what was typed so far. */
  readonly notice?: (field: State) => string | undefined;
  /** Hands over what no answer may hold. @returns why it cannot be taken. */
  readonly hand?: (field: State) => string | undefined;
  /** Destroys what must not outlive the field. */
  readonly close?: (field: State) => void;
  /** Set for lists that come in pages. */
  readonly pages?: {
    /** The field with what has come of its list. */
    readonly took: (field: State, list: OptionList) => FieldState;
    /** True where the next page should be read. */
    readonly areWanted: (field: State) => boolean;
  };
  readonly keys: readonly Binding[];
  /** Where the question stands: above the field, or in it. */
  readonly ask: 'above' | 'inside';
  /** Consequences come before a tick or a list of people; elsewhere notes stand below. */
  readonly help: 'above' | 'below';
  readonly view: (field: State, place: FieldPlace) => FieldView;
  /** What stands under the field where its list is not as it should be. */
  readonly caution?: (field: State) => string | undefined;
  readonly spoken: (field: State, place: SpokenPlace) => ReactNode;
};
