/** What ends each line of the protocol, and each value. */
const CR = 13
const LF = 10

/** No answer has a longer first line: text that goes on without an end is no answer. */
const LONGEST_LINE = 2048

/** Takes an answer: its first line, and its value if any. */
export type TakeReply = (line: string, value: string | undefined) => void

/**
 * Splits what comes from a server into answers.
 *
 * @param take Called with each answer, in order.
 * @returns A function that takes the bytes, and throws if they are not memcached's.
 */
export function replyReader(take: TakeReply): (chunk: Buffer) => void {
  let chunks: Buffer[] = []
  let size = 0
  // A value may come in many chunks, which are joined only once.
  let needed = 0

  return (chunk) => {
    chunks.push(chunk)
    size += chunk.length
    if (size < needed) return
    const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, size)
    const read = readAll(bytes, take)
    needed = read.needed
    chunks = read.at < bytes.length ? [bytes.subarray(read.at)] : []
    size = bytes.length - read.at
  }
}

/**
 * Refuses an unexpected answer.
 *
 * @throws {Error} with the answer if it is an error of memcached; any other may be a session's data, and is not
 * repeated.
 */
export function refused(line: string): never {
  throw new Error(/^(?:SERVER_|CLIENT_)?ERROR/.test(line) ? line : 'it says something else')
}

/** Takes every complete answer. Returns where the next one begins, and how many bytes of it are needed at least. */
function readAll(bytes: Buffer, take: TakeReply): { at: number; needed: number } {
  let at = 0
  for (;;) {
    const end = bytes.indexOf(LF, at)
    if (end === -1) {
      if (bytes.length - at > LONGEST_LINE) throw new Error('a line has no end')
      return { at, needed: 0 }
    }
    checkEnd(bytes, end - 1)
    const line = bytes.toString('latin1', at, end - 1)
    const start = end + 1
    if (line.startsWith('VA ')) {
      const stop = start + lengthIn(line)
      if (bytes.length < stop + 2) return { at, needed: stop + 2 - at }
      checkEnd(bytes, stop)
      take(line, bytes.toString('utf8', start, stop))
      at = stop + 2
    } else {
      take(line, undefined)
      at = start
    }
  }
}

function checkEnd(bytes: Buffer, at: number): void {
  if (bytes[at] !== CR || bytes[at + 1] !== LF) throw new Error('a line has no end')
}

function lengthIn(line: string): number {
  const length = Number(line.split(' ', 2)[1])
  if (!Number.isSafeInteger(length) || length < 0) throw new Error('a value has no length')
  return length
}
