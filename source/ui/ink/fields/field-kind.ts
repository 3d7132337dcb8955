import type { ReactNode } from 'react';
import type { Answer } from '../../../ceremony/question.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import type { Action } from '../action.ts';
import type { Binding } from '../binding.ts';
import type { Block } from '../row-budget.ts';
import type { FieldState } from './field.ts';
import type { FieldResult } from './field-result.ts';
import type { OptionList } from './option-list.ts';

/** What a list needs to move its cursor: whether it gets the keys, and whom it tells the row under the cursor. */
export type ListHold = { readonly isFocused: boolean; readonly onPoint: (value: string) => void };

/** The room for a field on the screen: its width in columns, whether the terminal is taller than usual, and the signs. */
export type FieldPlace = ListHold & { readonly width: number; readonly isTall: boolean; readonly symbols: Symbols };

/** The view of a field: the number of rows that it would fill, and a function that draws it on the rows that it gets. */
export type FieldView = Pick<Block, 'want' | 'most' | 'least'> & { readonly draw: (rows: number) => ReactNode };

/** The room for a field that is read out: the rows that a list may have. */
export type SpokenPlace = ListHold & { readonly rows: number };

/** All that the screen knows about one kind of field. */
export type FieldKind<State> = {
  /** Gives the answer in the field, whether or not it is valid. */
  readonly answer: (field: State) => Answer;
  readonly act: (field: State, action: Action, now: number) => FieldResult<State>;
  readonly paste: (field: State, text: string, now: number) => FieldResult<State>;
  /** Gives a line of the question about the typed text. */
  readonly notice?: (field: State) => string | undefined;
  /** Hands a secret text over to the question. @returns a sentence why the text was refused. */
  readonly handOver?: (field: State) => string | undefined;
  /** Destroys what must not outlive the field. */
  readonly close?: (field: State) => void;
  /** Set for lists that come in pages. */
  readonly pages?: {
    /** Gives the field with the options of its list that were read so far. */
    readonly withList: (field: State, list: OptionList) => FieldState;
    /** True where the next page should be read. */
    readonly areWanted: (field: State) => boolean;
  };
  readonly keys: readonly Binding[];
  /** Where the question is shown: above the field, or inside it. */
  readonly ask: 'above' | 'inside';
  /** Where the help is shown: above a tick or a list of people, so that a person reads it first; else below the field. */
  readonly help: 'above' | 'below';
  readonly view: (field: State, place: FieldPlace) => FieldView;
  /** Gives the line under the field when its list could not be read or is incomplete. */
  readonly caution?: (field: State) => string | undefined;
  readonly speak: (field: State, place: SpokenPlace) => ReactNode;
};
