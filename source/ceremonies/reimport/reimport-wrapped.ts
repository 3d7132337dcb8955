import { connectToWrap } from '../../steps/connect-to-wrap.ts';
import { findKeyOfKeeper } from '../../steps/find-key-of-keeper.ts';
import { importWrapped } from '../../steps/import-wrapped.ts';
import { keyState } from '../../steps/key-state.ts';
import { proveAgain } from '../../steps/prove-again.ts';
import type { KeyferryCeremony } from '../../steps/services.ts';
import { explainVerifyErrors } from '../../steps/verify-errors.ts';
import { wrap } from '../../steps/wrap.ts';
import { wrappingKey } from '../../steps/wrapping-key.ts';
import { reimportWrappedExample } from './example.ts';
import { reimport } from './reimport.ts';

/**
 * Brings imported material back into its KMS key from a file that was wrapped where the key is kept, such as in an HSM. It ends
 * as a reimport does.
 */
export const reimportWrapped: KeyferryCeremony = {
  ...reimport,
  id: 'reimport-wrapped',
  title: 'Bring the material back, wrapped elsewhere',
  steps: [connectToWrap, findKeyOfKeeper, wrappingKey, wrap, importWrapped, proveAgain, keyState].map(
    explainVerifyErrors,
  ),
  example: reimportWrappedExample,
};
