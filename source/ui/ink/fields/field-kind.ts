import type { ReactNode } from 'react';
import type { Answer, Correction } from '../../../ceremony/question.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import type { Action } from '../action.ts';
import type { Binding } from '../binding.ts';
import type { Block } from '../row-budget.ts';
import type { FieldState } from './field.ts';
import type { FieldResult } from './field-result.ts';
import type { OptionList } from './option-list.ts';

/** Whether a list gets the keys, and the function that it calls with the value of the row under the cursor. */
export type ListHold = { readonly isFocused: boolean; readonly onPoint: (value: string) => void };

/** The room for a field on the screen: its width in columns, whether the terminal is taller than usual, and the signs. */
export type FieldPlace = ListHold & { readonly width: number; readonly isTall: boolean; readonly symbols: Symbols };

/** The view of a field: the number of rows that it would fill, and a function that draws it on the rows that it gets. */
export type FieldView = Pick<Block, 'want' | 'most' | 'least'> & { readonly draw: (rows: number) => ReactNode };

/** The room for a field that a screen reader reads out: the number of rows that a list may have. */
export type SpokenPlace = ListHold & { readonly rows: number };

/** Everything that the screen needs to know about one kind of field. `now` is the time as `performance.now()` tells it. */
export type FieldKind<State> = {
  /** Gives the answer in the field, whether or not it is valid. */
  readonly answer: (field: State) => Answer;
  /** Applies the action of a key. */
  readonly act: (field: State, action: Action, now: number) => FieldResult<State>;
  /** Takes pasted text. */
  readonly paste: (field: State, text: string, now: number) => FieldResult<State>;
  /** Gives the line that the question has about the typed text. */
  readonly notice?: (field: State) => string | undefined;
  /** Checks the secret text and hands it to the question. @returns why the text was refused; `undefined` when it was taken. */
  readonly handOver?: (field: State) => string | undefined;
  /** Gives the field after its own check has refused its answer; without this function the field stays as it is. */
  readonly afterCheck?: (field: State) => State;
  /**
   * Gives the field after AWS or the disk has refused its answer; without this function the field stays as it is.
   * @param instead the right values of a list, when the check knows them.
   */
  readonly afterRefusal?: (field: State, instead: Correction['instead'] | undefined) => State;
  /** Destroys the secret text of the field. */
  readonly close?: (field: State) => void;
  /** Set for lists that come in pages. */
  readonly pages?: {
    /** Gives the field with the options of its list that were read so far. */
    readonly withList: (field: State, list: OptionList) => FieldState;
    /** True when the next page should be read. */
    readonly areWanted: (field: State) => boolean;
  };
  /** The keys of a screen with such a field. */
  readonly keys: readonly Binding[];
  /** Where the question is shown: above the field, or inside it. */
  readonly ask: 'above' | 'inside';
  /** Where the help is shown: above a field when a person should read the help first, otherwise below the field. */
  readonly help: 'above' | 'below';
  /** Makes the view of the field. */
  readonly view: (field: State, place: FieldPlace) => FieldView;
  /** Gives the line under the field when its list could not be read or is empty. */
  readonly caution?: (field: State) => string | undefined;
  /** Renders the field for a screen reader. */
  readonly speak: (field: State, place: SpokenPlace) => ReactNode;
};
