/** A lifetime that a visitor can choose. */
export interface Lifetime {
  /** Its value in the form. */
  readonly name: string
  readonly label: string
  readonly detail: string
  /** The argument of `setExpiry`: seconds, 0 to end with the browser, null for the default of the settings. */
  readonly expiry: number | null
}

/** The lifetimes that a visitor can choose, in the order of their buttons. */
export const lifetimes: readonly Lifetime[] = [
  { name: 'default', label: 'Default', detail: '14 days, from the settings', expiry: null },
  { name: 'remember', label: 'Remember me', detail: '30 days', expiry: 30 * 24 * 60 * 60 },
  { name: 'short', label: 'Five minutes', detail: 'for a shared machine', expiry: 5 * 60 },
  { name: 'browser', label: 'Browser close', detail: 'a cookie without Max-Age', expiry: 0 },
]

/** The expiry that a form selects, or null, the default of the settings. */
export function readLifetime(field: unknown): number | null {
  return lifetimes.find(({ name }) => name === field)?.expiry ?? null
}
