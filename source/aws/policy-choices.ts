/** `console`: the policy that the AWS console makes. `strict`: duties are apart, and the key is used through S3 alone. */
export type PolicyKind = 'console' | 'strict';

/** What the person has chosen for the key policy. Administrators, importers and users are ARNs of IAM users and roles. */
export type PolicyChoices = {
  /** When absent, `console`: earlier versions knew nothing else. */
  readonly policyKind?: PolicyKind;
  /** The Region of the key, to whose S3 a strict policy limits users. */
  readonly region?: string;
  /** Who may import. Only a strict policy names them apart from the administrators. */
  readonly importers?: readonly string[];
  /** True for a multi-Region key, whose administrators the console lets replicate. */
  readonly multiRegion?: boolean;
  readonly partition: string;
  readonly accountId: string;
  readonly administrators: readonly string[];
  readonly users: readonly string[];
  readonly administratorsMayDelete: boolean;
};

/** A statement of a key policy that Keyferry builds. */
export type Statement = {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly AWS: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Resource: '*';
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

export type KeyPolicy = {
  readonly Version: '2012-10-17';
  readonly Id: string;
  readonly Statement: readonly Statement[];
};
