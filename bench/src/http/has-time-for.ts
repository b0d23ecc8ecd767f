/**
 * Whether a round will probably end within the budget, because it takes as long as those before it did on average. The first
 * one always has time.
 *
 * @param seconds How long the rounds before it took together.
 */
export function hasTimeFor(round: number, seconds: number, budget: number): boolean {
  return round === 1 || (seconds * round) / (round - 1) <= budget
}
