/** The mean without the lowest and highest quarter, each rounded down to whole numbers. `NaN` for an empty list. */
export function middle(numbers: readonly number[]): number {
  const cut = numbers.length >> 2
  const kept = numbers.toSorted((a, b) => a - b).slice(cut, numbers.length - cut)
  return kept.reduce((sum, number) => sum + number, 0) / kept.length
}
