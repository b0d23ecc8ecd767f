/** The part of Web Crypto that is used here. */
interface RandomSource {
  readonly crypto: { getRandomValues(bytes: Uint8Array): Uint8Array }
}

/**
 * Makes versions of which no two are the same, in this process or another: what a statement writes is known before it
 * runs, in databases too that cannot answer what they wrote. A count in the row would not do, because the first version
 * of an id's second life would be that of its first.
 */
export function versions(): () => string {
  // Drawn at the first use: runtimes at the edge have no randomness while a module loads.
  let writer: string | undefined
  let count = 0
  return () => {
    writer ??= randomName()
    count += 1
    return `${writer}${count.toString(36)}`
  }
}

/** 96 random bits and a dash. */
function randomName(): string {
  const { crypto } = globalThis as unknown as RandomSource
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return `${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}-`
}
