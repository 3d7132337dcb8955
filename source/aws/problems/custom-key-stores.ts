import type { KnownError } from './entry.ts';

/** Errors of KMS about custom key stores. KMS API reference, the errors of each operation. */
export const customKeyStoreEntries: readonly KnownError[] = [
  {
    names: [
      'CloudHsmClusterInUseException',
      'CloudHsmClusterInvalidConfigurationException',
      'CloudHsmClusterNotActiveException',
      'CloudHsmClusterNotFoundException',
      'CloudHsmClusterNotRelatedException',
      'CustomKeyStoreHasCMKsException',
      'CustomKeyStoreInvalidStateException',
      'CustomKeyStoreNameInUseException',
      'CustomKeyStoreNotFoundException',
      'IncorrectTrustAnchorException',
      'XksKeyAlreadyInUseException',
      'XksKeyInvalidConfigurationException',
      'XksKeyNotFoundException',
      'XksProxyIncorrectAuthenticationCredentialException',
      'XksProxyInvalidConfigurationException',
      'XksProxyInvalidResponseException',
      'XksProxyUriEndpointInUseException',
      'XksProxyUriInUseException',
      'XksProxyUriUnreachableException',
      'XksProxyVpcEndpointServiceInUseException',
      'XksProxyVpcEndpointServiceInvalidConfigurationException',
      'XksProxyVpcEndpointServiceNotFoundException',
    ],
    kind: 'fixable',
    why: 'This concerns a custom key store: an AWS CloudHSM cluster or an external key manager. Imported keys need none.',
    causes: ['The request names a custom key store, or the origin AWS_CLOUDHSM or EXTERNAL_KEY_STORE.'],
    look: ['aws kms describe-custom-key-stores'],
    next: ['For your own bytes in KMS: origin EXTERNAL, without a custom key store.'],
  },
];
