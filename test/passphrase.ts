/** A passphrase that no question and no step calls weak. */
export const passphrase = 'violet anchor puzzle meadows';
