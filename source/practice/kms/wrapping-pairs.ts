import { type ChildProcess, execFile } from 'node:child_process';
import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import type { Hsm } from '../hsm.ts';
import type { Store } from '../store.ts';
import { makeSeedPair } from './seed-pair.ts';
import { type WrappingKeySpec, wrappingKeySpecs } from './wrapping-table.ts';

/** The RSA key pairs that wrap key material for its import. */
export type WrappingPairs = {
  /** Gives a pair at once. `publicKey` is a SubjectPublicKeyInfo in DER. */
  take(spec: WrappingKeySpec): { pairId: string; publicKey: Buffer };
  /**
   * Gives the private key of a pair from {@link take}, also of a pair that another process of this folder gave.
   * @throws Error when the state folder does not have the pair any longer.
   */
  privateKey(pairId: string): KeyObject;
  close(): void;
};

type Row = { pair_id: string; public_der: Uint8Array; sealed_private: Uint8Array };

/** How many milliseconds pass before a new pair is made, so that a short ceremony does not have to share the processor. */
const quietMilliseconds = 10_000;

/**
 * Opens the pairs of a state folder. An RSA_4096 pair takes seconds to make, and no answer waits for that. The first answer for
 * each spec uses the seed pair. Each answer starts to make a new pair, unless one is being made; later answers use it. Therefore
 * two quick requests may get the same wrapping key, which does not happen at AWS.
 * @param newPairAfter how many milliseconds after an answer a new pair is made.
 */
export function openWrappingPairs(store: Store, hsm: Hsm, newPairAfter = quietMilliseconds): WrappingPairs {
  /** For each spec, the timer that starts the making of a new pair. An entry stays until its pair is there or has failed. */
  const newPairTimers = new Map<WrappingKeySpec, NodeJS.Timeout>();
  const children = new Set<ChildProcess>();

  /** Writes a new pair to the store. */
  const storePair = (spec: WrappingKeySpec, key: KeyObject): Row => {
    const pairId = randomUUID();
    const publicDer = createPublicKey(key).export({ type: 'spki', format: 'der' });
    const sealedPrivate = hsm.seal(key.export({ type: 'pkcs8', format: 'der' }), pairId);
    store.run('INSERT INTO kms_wrapping_pair VALUES (?, ?, ?, ?, 0)', pairId, spec, publicDer, sealedPrivate);
    return { pair_id: pairId, public_der: publicDer, sealed_private: sealedPrivate };
  };

  /** Makes a new pair in a child process, and writes it to the store. */
  const makePair = (spec: WrappingKeySpec): void => {
    // A thread of this process could not be stopped in the middle, and the exit would wait for it. A child process can.
    const program = `process.stdout.write(require('node:crypto').generateKeyPairSync('rsa',{modulusLength:${wrappingKeySpecs[spec]}}).privateKey.export({type:'pkcs8',format:'pem'}))`;
    const child = execFile(process.execPath, ['--input-type=commonjs', '-e', program], (error, pem) => {
      // `close` removes a child before it stops the child. Then the store may be closed already.
      const wasStopped = !children.delete(child);
      // After an error, the next request starts another child.
      if (!error && !wasStopped) storePair(spec, createPrivateKey(pem));
      newPairTimers.delete(spec);
    });
    children.add(child);
    child.unref();
  };

  return {
    take(spec) {
      const pair = store.change(() => {
        // The pair that the fewest answers have used.
        const ready = store.first<Row>('SELECT * FROM kms_wrapping_pair WHERE spec = ? ORDER BY tokens LIMIT 1', spec);
        const pairToUse = ready ?? storePair(spec, makeSeedPair(spec));
        store.run('UPDATE kms_wrapping_pair SET tokens = tokens + 1 WHERE pair_id = ?', pairToUse.pair_id);
        return pairToUse;
      });
      if (!newPairTimers.has(spec)) newPairTimers.set(spec, setTimeout(makePair, newPairAfter, spec).unref());
      return { pairId: pair.pair_id, publicKey: Buffer.from(pair.public_der) };
    },
    privateKey(pairId) {
      const row = store.first<Row>('SELECT * FROM kms_wrapping_pair WHERE pair_id = ?', pairId);
      if (!row) throw new Error('the state folder has lost a wrapping pair');
      return createPrivateKey({ key: hsm.unseal(row.sealed_private, pairId), format: 'der', type: 'pkcs8' });
    },
    close() {
      for (const timer of newPairTimers.values()) clearTimeout(timer);
      for (const child of children) {
        children.delete(child);
        child.kill();
      }
    },
  };
}
