/** The quantile at `share`, between 0 and 1. Not a number if there are no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).toSorted()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** The median; with an even count, the higher of the two in the middle. Not a number if there are no values. */
export const median = (values: readonly number[]): number => quantile(values, 0.5)
