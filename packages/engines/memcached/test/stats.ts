import { connect } from 'node:net'

/** A server's statistics, by name: those of `stats`, or of one of its lists, such as `settings`. */
export async function statsOf(server: string, list = ''): Promise<ReadonlyMap<string, string>> {
  const answer = await tell(server, `stats ${list}`.trim())
  return new Map(
    [...answer.matchAll(/^STAT (\S+) (.*)\r$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
}

/** Sends a request, and resolves to the reply: a list that ends with END, or one line that reports success. */
export async function tell(server: string, request: string): Promise<string> {
  const [host, port] = server.split(':')
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host)
    let answer = ''
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
      if (/^(?:END|OK|STORED|EN|HD.*)\r\n$/m.test(answer)) socket.end(() => resolve(answer))
    })
    socket.on('error', reject)
    socket.write(`${request}\r\n`)
  })
}
