let statements = 0

/** The number of SQLite statements executed in this process. */
export const statementCount = (): number => statements

/** Counts one more statement. */
export const countStatement = (): void => {
  statements += 1
}
