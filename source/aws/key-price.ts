import { isChinaRegion } from './region.ts';

/** Says what a KMS key costs, after a subject such as `Each`. AWS KMS pricing; AWS China has prices of its own. */
export const costsWords = (region: string) =>
  isChinaRegion(region) ? 'has a monthly price in CNY' : 'costs 1 USD a month';
