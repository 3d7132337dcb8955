import type { EditAction } from './fields/editing.ts';

/** What a key asks for. */
export type Action =
  | EditAction
  | { readonly type: 'move'; readonly by: number }
  | { readonly type: 'scroll'; readonly by: 'line' | 'page' | 'all'; readonly way: 1 | -1 }
  | { readonly type: 'way'; readonly key: string }
  | {
      readonly type:
        | 'toggle'
        | 'accept'
        | 'back'
        | 'why'
        | 'commands'
        | 'close'
        | 'stop'
        | 'leave'
        | 'stay'
        | 'copy'
        | 'suspend';
    };
