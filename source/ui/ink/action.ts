import type { EditAction } from './fields/editing.ts';

/** What a pressed key means on the present screen. */
export type Action =
  | EditAction
  | { readonly type: 'move'; readonly by: number }
  | { readonly type: 'scroll'; readonly by: 'line' | 'page' | 'all'; readonly direction: 1 | -1 }
  | { readonly type: 'page-action'; readonly key: string }
  | {
      readonly type:
        | 'toggle'
        | 'tick'
        | 'untick'
        | 'correct'
        | 'complete'
        | 'tick-all'
        | 'tick-none'
        | 'accept'
        | 'back'
        | 'why'
        | 'tutorial'
        | 'keys'
        | 'commands'
        | 'close'
        | 'stop'
        | 'leave'
        | 'stay'
        | 'copy'
        | 'suspend';
    };
