let statements = 0

/** How many statements SQLite was given in this process. */
export const statementCount = (): number => statements

/** Says that SQLite is given a statement. */
export const countStatement = (): void => {
  statements += 1
}
