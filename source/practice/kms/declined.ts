const noKem = 'there are no ML-KEM keys';
const noStores = 'there are no custom key stores';

/** The KMS operations that practice AWS does not have, and why. With `operations`, these are all operations of the KMS API. */
export const declinedOperations: Readonly<Record<string, string>> = {
  Decapsulate: noKem,
  Encapsulate: noKem,
  ConnectCustomKeyStore: noStores,
  CreateCustomKeyStore: noStores,
  DeleteCustomKeyStore: noStores,
  DescribeCustomKeyStores: noStores,
  DisconnectCustomKeyStore: noStores,
  UpdateCustomKeyStore: noStores,
};
