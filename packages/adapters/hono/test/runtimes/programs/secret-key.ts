/** The key with which the programs and the tests sign. */
export const secretKey = 'a secret of more than 32 characters, for tests'
