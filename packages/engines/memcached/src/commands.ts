import type { ServerFacts } from './facts.ts'
import type { Condition, Item, Removed, Stored, Value } from './port.ts'
import { refused } from './replies.ts'

/** A request to a server, and how its answer is read. */
export interface Command<Answer> {
  /** What to send; an empty text if the answer is known without asking. */
  readonly text: (facts: ServerFacts) => string
  /** Reads the first line of the answer, which is empty if nothing was sent, and the value if any. */
  readonly read: (line: string, value: string | undefined, facts: ServerFacts) => Answer
}

/** Reads an item. */
export function getCommand(key: string): Command<Item | undefined> {
  return { text: () => `mg ${key} c v\r\n`, read: readItem }
}

/** Stores an item. */
export function setCommand(
  key: string,
  { value, exptime }: Value,
  condition: Condition,
): Command<Stored> {
  return {
    text(facts) {
      const bytes = Buffer.byteLength(value)
      // Memcached would refuse an item that is too large, and drop the stored one.
      if (OVERHEAD + key.length + bytes > facts.largest) return ''
      const flag = typeof condition === 'string' ? modes[condition] : casFlag(condition.cas, facts)
      return flag === undefined
        ? lookUp(key)
        : `ms ${key} ${bytes} T${exptime} c${flag}\r\n${value}\r\n`
    },
    read: condition === 'add' ? readAdded : readStored,
  }
}

/** Deletes an item. */
export function deleteCommand(key: string, cas: string | undefined): Command<Removed> {
  return {
    text(facts) {
      const flag = cas === undefined ? '' : casFlag(cas, facts)
      return flag === undefined ? lookUp(key) : `md ${key}${flag}\r\n`
    },
    read: readRemoved,
  }
}

/** How many bytes the server adds to a key and a value: its header, the number of the state, and what ends the two. */
const OVERHEAD = 59

const modes = { add: ' ME', replace: ' MR' } as const

/** Asks for the item's size only: it cannot be in the named state, but it may exist. */
function lookUp(key: string): string {
  return `mg ${key} s\r\n`
}

function readItem(line: string, value: string | undefined, facts: ServerFacts): Item | undefined {
  if (value !== undefined) return { value, cas: casOf(line, facts) }
  return line === 'EN' ? undefined : refused(line)
}

function readStored(line: string, _: string | undefined, facts: ServerFacts): Stored {
  if (line.startsWith('HD c')) return { status: 'stored', cas: casOf(line, facts) }
  if (line === '') return { status: 'too large', limit: facts.largest }
  switch (line.slice(0, 2)) {
    case 'EX':
    case 'HD':
      return { status: 'exists' }
    case 'NF':
    case 'NS':
    case 'EN':
      return { status: 'missing' }
    default:
      return refused(line)
  }
}

function readAdded(line: string, value: string | undefined, facts: ServerFacts): Stored {
  return line.startsWith('NS') ? { status: 'exists' } : readStored(line, value, facts)
}

function readRemoved(line: string): Removed {
  if (line === 'HD') return 'deleted'
  if (line === 'NF' || line === 'EN') return 'missing'
  return line.startsWith('EX') || line.startsWith('HD s') ? 'exists' : refused(line)
}

/** The state that an answer names, with the server's run to which that number belongs. */
function casOf(line: string, { life }: ServerFacts): string {
  // Flags may follow with which another program has marked the item.
  const [number] = line.slice(line.lastIndexOf('c') + 1).split(' ', 1)
  return `${number}${life}`
}

/** The flag for a state; undefined if this run of the server did not name that state. */
function casFlag(cas: string, { life }: ServerFacts): string | undefined {
  const number = cas.endsWith(life) ? cas.slice(0, -life.length) : ''
  return /^\d+$/.test(number) ? ` C${number}` : undefined
}
