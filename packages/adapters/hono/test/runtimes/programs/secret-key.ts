/** What the programs and the tests sign with. */
export const secretKey = 'a secret of more than 32 characters, for tests'
