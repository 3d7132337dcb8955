/** True when a text has the form of a Region's code. The Region need not exist. KMS API reference, RegionType. */
export const isRegion = (text: string) => /^([a-z]+-){2,3}\d+$/.test(text);

export const noRegion = 'A Region looks like us-east-1 or eu-central-1.';
