import type { Table } from './table.ts'

/** Wraps a driver's error about a missing table or column in one that names the remedy; returns any other unchanged. */
export function explained(
  error: unknown,
  { name, layout }: Table,
  isUnmigrated: (error: unknown) => boolean,
): unknown {
  if (!isUnmigrated(error)) return error
  const remedy =
    layout === 'django'
      ? "run Django's `manage.py migrate`."
      : "call the engine's migrate() once, before the first session."
  return new Error(`The table ${name} is missing, or lacks a column: ${remedy}`, { cause: error })
}
