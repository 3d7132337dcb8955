import { printableJson } from '../terminal/printable.ts';
import { code } from './markdown.ts';

/** The beginning of every record: the program, the ceremony, and the account in which the ceremony worked. */
export type RecordHead = {
  /** The version of Keyferry. */
  readonly keyferry: string;
  readonly ceremony: { readonly id: string; readonly begunAt: string; readonly finishedAt: string };
  readonly account: {
    readonly accountId: string;
    readonly region: string;
    readonly callerArn: string;
    /** True when the account is that of practice AWS. */
    readonly practice: boolean;
    /** The endpoint of all services, when it is not AWS's own. */
    readonly endpoint?: string;
    /** The endpoints that are not AWS's own, by the name of the service. */
    readonly endpoints?: Readonly<Record<string, string>>;
  };
};

/** Gives table rows for the account, its Region, and the endpoints that are not AWS's own. */
export function accountRows({ account }: Pick<RecordHead, 'account'>): readonly (readonly string[])[] {
  const { accountId, region, endpoint, endpoints = {} } = account;
  const byService = Object.entries(endpoints).map(([service, url]) => [
    `Endpoint of ${service.toUpperCase()}`,
    code(url),
  ]);
  return [
    ['Account', accountId],
    ['Region', region],
    ...(endpoint === undefined ? [] : [['Endpoint', code(endpoint)]]),
    ...byService,
  ];
}

/** Gives the record as JSON text, for programs. Escapes characters that are unsafe to print, so that people can read it too. */
export function recordAsJson<Written extends RecordHead>(record: Written): string {
  return `${printableJson(JSON.stringify(record, undefined, 2))}\n`;
}
