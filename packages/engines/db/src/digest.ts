/**
 * A digest of fourteen letters and digits, the same in every process. Not for secrets: it is FNV-1a, twice.
 */
export function digest(text: string): string {
  return [0x811c9dc5, 0x9dc5811c].map((seed) => fnv(seed, text)).join('')
}

function fnv(seed: number, text: string): string {
  let hash = seed
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(36).padStart(7, '0')
}
