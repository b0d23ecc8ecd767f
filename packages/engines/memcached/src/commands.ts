import type { ServerFacts } from './facts.ts'
import type { Condition, Item, Removed, Stored, Value } from './port.ts'

/** A request, and how its answer is read: the first line of it, and the value if any. */
export interface Exchange<Answer> {
  /** Nothing, where the answer is known without asking: then an empty line is read. */
  readonly text: string
  readonly read: (line: string, value: string | undefined) => Answer
}

/** What a client wants, of a server of which some things are known. */
export type Command<Answer> = (facts: ServerFacts) => Exchange<Answer>

/** How many bytes the server adds to a key and a value: its header, the number of the state, and the ends of the two. */
const OVERHEAD = 59

/** Reads an item. */
export function getCommand(key: string): Command<Item | undefined> {
  return (facts) => ({
    text: `mg ${key} c v\r\n`,
    read: (line, value) => {
      if (value !== undefined) return { value, cas: casOf(line, facts) }
      return line === 'EN' ? undefined : refused(line)
    },
  })
}

/** Stores an item. */
export function setCommand(
  key: string,
  { value, exptime }: Value,
  condition: Condition,
): Command<Stored> {
  return (facts) => {
    const bytes = Buffer.byteLength(value)
    if (OVERHEAD + key.length + bytes > facts.largest) {
      // Memcached would refuse it, and drop what is there.
      return { text: '', read: () => ({ status: 'too large', limit: facts.largest }) }
    }
    const flag = typeof condition === 'string' ? modes[condition] : casFlag(condition.cas, facts)
    if (flag === undefined) return { text: lookUp(key), read: readLookUp(exists, missing) }
    return {
      text: `ms ${key} ${bytes} T${exptime} c${flag}\r\n${value}\r\n`,
      read: (line) => readStored(line, condition, facts),
    }
  }
}

/** Deletes an item. */
export function deleteCommand(key: string, cas: string | undefined): Command<Removed> {
  return (facts) => {
    const flag = cas === undefined ? '' : casFlag(cas, facts)
    if (flag === undefined) return { text: lookUp(key), read: readLookUp('exists', 'missing') }
    return { text: `md ${key}${flag}\r\n`, read: readRemoved }
  }
}

const modes = { add: ' ME', replace: ' MR' } as const
const exists: Stored = { status: 'exists' }
const missing: Stored = { status: 'missing' }

function readStored(line: string, condition: Condition, facts: ServerFacts): Stored {
  switch (line.slice(0, 2)) {
    case 'HD':
      return { status: 'stored', cas: casOf(line, facts) }
    case 'NS':
      return condition === 'add' ? exists : missing
    case 'EX':
      return exists
    case 'NF':
      return missing
    default:
      return refused(line)
  }
}

function readRemoved(line: string): Removed {
  switch (line) {
    case 'HD':
      return 'deleted'
    case 'EX':
      return 'exists'
    case 'NF':
      return 'missing'
    default:
      return refused(line)
  }
}

/** Asks whether there is anything, where it cannot be in the state that is named. */
function lookUp(key: string): string {
  return `mg ${key}\r\n`
}

function readLookUp<Answer>(exists: Answer, missing: Answer): (line: string) => Answer {
  return (line) => (line === 'HD' ? exists : line === 'EN' ? missing : refused(line))
}

/** The state that an answer names, and the run of the server in which it is called so. */
function casOf(line: string, { life }: ServerFacts): string {
  return `${line.slice(line.lastIndexOf(' c') + 2)}-${life}`
}

/** How a state is named to the server that called it so; nothing for a state of another server's, or of no one's. */
function casFlag(cas: string, { life }: ServerFacts): string | undefined {
  const dash = cas.indexOf('-')
  const number = cas.slice(0, dash)
  return cas.slice(dash + 1) === life && /^\d+$/.test(number) ? ` C${number}` : undefined
}

/** @throws {Error} with what the server said, or that it is nothing that memcached says. */
function refused(line: string): never {
  throw new Error(/^(?:SERVER_|CLIENT_)?ERROR/.test(line) ? line : 'no answer of memcached')
}
