import { type ChildProcess, execFile } from 'node:child_process';
import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import type { Hsm } from '../hsm.ts';
import type { Store } from '../store.ts';
import { seedPair } from './seed-pair.ts';
import { type WrappingKeySpec, wrappingKeySpecs } from './wrapping-table.ts';

/** The RSA pairs under which key material travels. */
export type WrappingPairs = {
  /** Gives a pair at once; `publicKey` is a DER SubjectPublicKeyInfo. */
  take(spec: WrappingKeySpec): { pairId: string; publicKey: Buffer };
  /** Gives the private half of a pair that was given out, by any process that serves this folder. */
  privateKey(pairId: string): KeyObject;
  close(): void;
};

type Row = { pair_id: string; public_der: Uint8Array; sealed_private: Uint8Array };

/** Time for a ceremony to get its one answer before a fresh pair takes a processor, in milliseconds. */
const quietTime = 2000;

/**
 * Opens the pairs of a state folder. Making an RSA_4096 pair takes seconds, so nobody waits for one: the first answer
 * uses a seed pair, and a fresh one is made after it for the next. Unlike at AWS, therefore, two tokens may carry the
 * same wrapping key when they are asked for in quick succession.
 */
export function openWrappingPairs(store: Store, hsm: Hsm): WrappingPairs {
  const making = new Map<WrappingKeySpec, NodeJS.Timeout>();
  const children = new Set<ChildProcess>();

  const keep = (spec: WrappingKeySpec, key: KeyObject): Row => {
    const pairId = randomUUID();
    const publicDer = createPublicKey(key).export({ type: 'spki', format: 'der' });
    const sealedPrivate = hsm.seal(key.export({ type: 'pkcs8', format: 'der' }), pairId);
    store.run('INSERT INTO kms_wrapping_pair VALUES (?, ?, ?, ?, 0)', pairId, spec, publicDer, sealedPrivate);
    return { pair_id: pairId, public_der: publicDer, sealed_private: sealedPrivate };
  };

  const make = (spec: WrappingKeySpec): void => {
    // In a process of its own: a thread of this one could not be stopped half way, and an exit would wait for it.
    const program = `process.stdout.write(require('node:crypto').generateKeyPairSync('rsa',{modulusLength:${wrappingKeySpecs[spec]}}).privateKey.export({type:'pkcs8',format:'pem'}))`;
    const child = execFile(process.execPath, ['--input-type=commonjs', '-e', program], (error, pem) => {
      // An error means stopped half way, by close or from outside: the next request starts another.
      if (!error && children.delete(child)) keep(spec, createPrivateKey(pem));
      making.delete(spec);
    });
    children.add(child);
    child.unref();
  };

  return {
    take(spec) {
      const pair = store.change(() => {
        const ready = store.one<Row>('SELECT * FROM kms_wrapping_pair WHERE spec = ? ORDER BY tokens LIMIT 1', spec);
        const taken = ready ?? keep(spec, seedPair(spec));
        store.run('UPDATE kms_wrapping_pair SET tokens = tokens + 1 WHERE pair_id = ?', taken.pair_id);
        return taken;
      });
      if (!making.has(spec)) making.set(spec, setTimeout(make, quietTime, spec).unref());
      return { pairId: pair.pair_id, publicKey: Buffer.from(pair.public_der) };
    },
    privateKey(pairId) {
      const row = store.one<Row>('SELECT * FROM kms_wrapping_pair WHERE pair_id = ?', pairId);
      if (!row) throw new Error('the state folder has lost a wrapping pair');
      return createPrivateKey({ key: hsm.open(row.sealed_private, pairId), format: 'der', type: 'pkcs8' });
    },
    close() {
      for (const timer of making.values()) clearTimeout(timer);
      for (const child of children) {
        children.delete(child);
        child.kill();
      }
    },
  };
}
