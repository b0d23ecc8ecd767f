/** Returns the index of the server that a key belongs to. */
export type PickServer = (key: string) => number

/**
 * Spreads keys evenly over servers by rendezvous hashing, regardless of the order in which they are listed. A server
 * that is added takes its share of the keys from all others. If one is removed, only its own keys move.
 */
export function pickServer(servers: readonly string[]): PickServer {
  if (servers.length === 1) return () => 0
  const seeds = servers.map((server) => hash(server))
  return (key) => {
    const hashed = hash(key)
    let best = 0
    let highest = -1
    // Each server draws a pseudo-random number for the key, and the highest wins.
    seeds.forEach((seed, index) => {
      const drawn = mix(hashed ^ seed)
      if (drawn <= highest) return
      highest = drawn
      best = index
    })
    return best
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let hashed = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hashed = Math.imul(hashed ^ text.charCodeAt(index), 0x01000193)
  }
  return mix(hashed)
}

/** The finalizer of MurmurHash3: each bit of the input changes about half of the bits of the result. */
function mix(number: number): number {
  let mixed = number
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
