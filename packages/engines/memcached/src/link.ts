import type { Duplex } from 'node:stream'
// Not the global one: a test that fakes timers would otherwise hold up every command.
import { setImmediate } from 'node:timers'
import type { Command } from './commands.ts'
import { factsReader, factsRequest, type ServerFacts } from './facts.ts'
import { replyReader } from './replies.ts'

/** A connection to a server. */
export interface Link {
  /** Whether it has ended. */
  readonly ended: () => boolean
  /**
   * Sends a command. If there is no reply within `timeout` milliseconds, rejects and ends the connection: replies come
   * in order, so no later one would arrive either.
   */
  readonly ask: <Answer>(command: Command<Answer>, timeout: number) => Promise<Answer>
  /** Ends the connection. Calls in flight reject with the error. */
  readonly end: (error: Error) => void
}

/** A command in flight. */
interface Call {
  readonly command: Command<unknown>
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
  /** How long it waits, in milliseconds, and until when, by `performance.now()`. */
  readonly timeout: number
  readonly due: number
}

/** The longest delay that `setTimeout` supports, in milliseconds. */
const LONGEST = 2 ** 31 - 1

/**
 * Talks to a server over a connection that is open, or being opened. Commands are answered in the order in which they
 * are sent, and never resent.
 *
 * @param name The server's name in errors.
 */
export function link(socket: Duplex, name: string): Link {
  let calls: Call[] = []
  let facts: ServerFacts | undefined
  let ended = false
  let unsent = ''
  let alarm: NodeJS.Timeout | undefined
  let alarmAt = Infinity

  const end = (error: Error): void => {
    if (ended) return
    ended = true
    clearTimeout(alarm)
    socket.destroy()
    for (const call of calls.splice(0)) call.reject(error)
  }

  /** Sends a command, or settles it at once if there is nothing to send; returns whether a reply is due. */
  const send = ({ command, resolve }: Call, known: ServerFacts): boolean => {
    const text = command.text(known)
    if (text === '') {
      resolve(command.read('', undefined, known))
      return false
    }
    // All commands of a turn of the event loop are sent in one write.
    if (unsent === '') setImmediate(flush)
    unsent += text
    return true
  }
  const flush = (): void => {
    if (!ended) socket.write(unsent)
    unsent = ''
  }

  const readFacts = factsReader()
  const read = replyReader((line, value) => {
    if (facts === undefined) {
      const known = readFacts(line)
      facts = known
      if (known !== undefined) calls = calls.filter((call) => send(call, known))
      return
    }
    const [call] = calls
    if (call === undefined) throw new Error('it sent a reply to no request')
    if (line.startsWith('SERVER_ERROR')) {
      call.reject(new Error(`${name} failed to execute the command: ${line}`))
    } else {
      call.resolve(call.command.read(line, value, facts))
    }
    calls.shift()
  })

  const watch = (due: number): void => {
    if (due >= alarmAt) return
    clearTimeout(alarm)
    alarmAt = due
    alarm = setTimeout(checkDeadlines, Math.min(due - performance.now(), LONGEST))
    // Whether the process stays alive is up to the connection.
    alarm.unref()
  }
  const checkDeadlines = (): void => {
    alarmAt = Infinity
    // A process that was blocked first reads the replies that have arrived meanwhile.
    setImmediate(() => {
      const now = performance.now()
      const late = calls.find(({ due }) => due <= now)
      if (late !== undefined) end(new Error(`${name} did not answer within ${late.timeout} ms.`))
      else for (const { due } of calls) watch(due)
    })
  }

  socket.on('data', (chunk: Buffer) => {
    try {
      read(chunk)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      end(new Error(`${name} does not answer as memcached 1.6 does: ${reason}.`, { cause }))
    }
  })
  socket.on('error', (cause) => end(new Error(`${name} cannot be reached.`, { cause })))
  // A stream that allows half-open connections does not close when the server does.
  for (const event of ['end', 'close']) {
    socket.on(event, () => end(new Error(`${name} has closed the connection.`)))
  }
  socket.write(factsRequest)

  return {
    ended: () => ended,
    end,
    ask: <Answer>(command: Command<Answer>, timeout: number) =>
      new Promise<Answer>((resolve, reject) => {
        const call = { command, resolve, reject, timeout, due: performance.now() + timeout } as Call
        if (facts !== undefined && !send(call, facts)) return
        calls.push(call)
        watch(call.due)
      }),
  }
}
