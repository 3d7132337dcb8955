import crypto from 'node:crypto';
import { ServerResponse } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { mock } from 'node:test';

/** The moment at which everything happens in this process. */
const now = new Date('2026-11-24T09:15:00Z');

/**
 * Stops the clock and takes chance out of node:crypto, so that ids, dates and keys are the same in each run. What a place
 * in the code draws depends on that place alone, not on what runs beside it. Call it before anything else is imported.
 */
export function fixWorld(): void {
  mock.timers.enable({ apis: ['Date'], now });
  // Node's servers date their answers by a clock that cannot be stopped, and the SDK would follow it.
  Object.defineProperty(ServerResponse.prototype, 'sendDate', { get: () => false, set: () => {} });
  const draws = new Map<string, number>();
  const draw = (length: number): Buffer => {
    const place =
      /source\/[\w/-]+\.ts/.exec(new Error('where').stack?.split('fixed-world').at(-1) ?? '')?.[0] ?? 'library';
    const count = (draws.get(place) ?? 0) + 1;
    draws.set(place, count);
    return crypto.createHash('shake256', { outputLength: length }).update(`${place} ${count}`).digest();
  };
  const randomUUID = () => {
    const hex = draw(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` as const;
  };
  const randomFillSync = <View extends NodeJS.ArrayBufferView>(view: View): View => {
    const bytes = draw(view.byteLength);
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(bytes);
    return view;
  };
  Object.assign(crypto, { randomUUID, randomFillSync, randomBytes: draw });
  syncBuiltinESMExports();
}

/** Takes every way to an AWS account, and the profiles in `home`, out of the environment. */
export function bareAwsEnvironment(home: string): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, { HOME: home, AWS_EC2_METADATA_DISABLED: 'true' });
}
