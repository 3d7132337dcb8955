/**
 * What a call asks for, without the names and numbers that differ from run to run: `kms:CreateKey`, `s3:PUT BUCKET`,
 * `s3:PUT a.bin partNumber&uploadId`.
 * @param call as a proxy between has it: `s3:PUT /bucket/a.bin?partNumber=1&uploadId=x`.
 */
export function requestKind(call: string): string {
  const [, method, target] = /^s3:(\w+) (\S*)$/.exec(call) ?? [];
  if (method === undefined || target === undefined) return call;
  const { pathname, searchParams } = new URL(target, 'http://s3');
  const [bucket, ...key] = pathname.split('/').filter((part) => part !== '');
  const what = key.join('/') || (bucket === undefined ? 'ACCOUNT' : 'BUCKET');
  const settings = [...searchParams.keys()].filter((name) => name !== 'x-id').toSorted();
  return `s3:${[method, what, settings.join('&')].filter((part) => part !== '').join(' ')}`;
}
