/** A lifetime that a visitor can choose. */
export interface Lifetime {
  /** How the form names it. */
  readonly name: string
  readonly label: string
  readonly detail: string
  /** What `setExpiry` takes: seconds, 0 for as long as the browser runs, null for what the settings say. */
  readonly expiry: number | null
}

/** The lifetimes that a visitor can choose, in the order of their buttons. */
export const lifetimes: readonly Lifetime[] = [
  { name: 'default', label: 'Default', detail: '14 days, by the settings', expiry: null },
  { name: 'remember', label: 'Remember me', detail: '30 days', expiry: 30 * 24 * 60 * 60 },
  { name: 'short', label: 'Five minutes', detail: 'for a shared machine', expiry: 5 * 60 },
  { name: 'browser', label: 'Browser close', detail: 'a cookie without a date', expiry: 0 },
]

/** The expiry that a form chose; that of the settings where it chose none. */
export function readLifetime(field: unknown): number | null {
  return lifetimes.find(({ name }) => name === field)?.expiry ?? null
}
