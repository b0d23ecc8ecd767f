/** Returns `size` bytes, the same in every run. */
export type SeededRandom = (size: number) => Uint8Array

/**
 * A source of bytes for tests, to pass as the `random` setting: the same seed returns the same bytes. Predictable, so
 * never for the keys of real sessions.
 *
 * @param seed Any integer; only its lower 32 bits count.
 */
export function seededRandom(seed: number = 1): SeededRandom {
  const next = mulberry32(seed)
  return (size) => Uint8Array.from({ length: size }, () => next() >>> 24)
}

/** The mulberry32 generator: 32 bits of state. The upper bits of its output are random enough for tests. */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return mixed ^ (mixed >>> 14)
  }
}
