import type { Table } from './table.ts'

/** What a driver says about a missing table or column, with the remedy; anything else as it is. */
export function explained(
  error: unknown,
  { name }: Table,
  isUnmigrated: (error: Error) => boolean,
): unknown {
  if (!(error instanceof Error) || !isUnmigrated(error)) return error
  return new Error(
    `The table ${name} is missing, or lacks a column: call the engine's migrate() once, before the first session.`,
    { cause: error },
  )
}
