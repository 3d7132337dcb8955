/** The id that stands for a KMS key which a ceremony will make, while its answers are rehearsed. */
export const newKeyId = '00000000-0000-0000-0000-000000000000';
