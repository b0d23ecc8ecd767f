/**
 * The mean of the middle half: without the fourth that is least, and the fourth that is most, both rounded down. Not a
 * number where there are none.
 */
export function middle(numbers: readonly number[]): number {
  const cut = numbers.length >> 2
  const kept = numbers.toSorted((a, b) => a - b).slice(cut, numbers.length - cut)
  return kept.reduce((sum, number) => sum + number, 0) / kept.length
}
