/** CRLF ends each line of the protocol, and each value. */
const CR = 13
const LF = 10

/** No reply of memcached has a longer first line. */
const LONGEST_LINE = 2048

/** Takes a reply: its first line, and its value if any. */
export type TakeReply = (line: string, value: string | undefined) => void

/**
 * Splits the bytes from a server into replies.
 *
 * @param take Called with each reply, in order.
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
 * Refuses an unexpected reply.
 *
 * @throws {Error} that quotes the reply if it is an error of memcached. Any other reply may contain a session's data.
 */
export function refused(line: string): never {
  throw new Error(
    /^(?:SERVER_|CLIENT_)?ERROR/.test(line) ? line : 'its reply is not the expected one',
  )
}

/** Takes every complete reply. Returns where the next one begins, and the least number of bytes that it must have. */
function readAll(bytes: Buffer, take: TakeReply): { at: number; needed: number } {
  let at = 0
  for (;;) {
    const end = bytes.indexOf(LF, at)
    if (end === -1) {
      if (bytes.length - at > LONGEST_LINE) throw new Error('a line does not end with CRLF')
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
  if (bytes[at] !== CR || bytes[at + 1] !== LF) throw new Error('a line does not end with CRLF')
}

function lengthIn(line: string): number {
  const length = Number(line.split(' ', 2)[1])
  if (!Number.isSafeInteger(length) || length < 0) throw new Error('a value has no length')
  return length
}
