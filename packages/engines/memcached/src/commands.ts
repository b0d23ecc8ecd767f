import type { ServerFacts } from './facts.ts'
import type { Condition, Item, Removed, Stored, Value } from './port.ts'
import { refused } from './replies.ts'

/** A command, and how its reply is decoded. */
export interface Command<Answer> {
  /** What to send; an empty string if the answer is known without asking the server. */
  readonly text: (facts: ServerFacts) => string
  /** Decodes the first line of the reply, which is empty if nothing was sent, and the value if any. */
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
      if (OVERHEAD + key.length + bytes > facts.maxItemSize) return ''
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

/** How many bytes the server adds to a key and a value: its header, the CAS number, and the terminators of both. */
const OVERHEAD = 59

const modes = { add: ' ME', replace: ' MR' } as const

/** Requests only the item's size: it cannot be in the expected state, but it may exist. */
function lookUp(key: string): string {
  return `mg ${key} s\r\n`
}

function readItem(line: string, value: string | undefined, facts: ServerFacts): Item | undefined {
  if (value !== undefined) return { value, cas: casOf(line, facts) }
  return line === 'EN' ? undefined : refused(line)
}

function readStored(line: string, _: string | undefined, facts: ServerFacts): Stored {
  if (line.startsWith('HD c')) return { status: 'stored', cas: casOf(line, facts) }
  if (line === '') return { status: 'too large', limit: facts.maxItemSize }
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

/** The CAS number in a reply, followed by the run of the server that it belongs to. */
function casOf(line: string, { runId }: ServerFacts): string {
  // Other flags follow if another program has marked the item, for example as stale.
  const [number] = line.slice(line.lastIndexOf('c') + 1).split(' ', 1)
  return `${number}${runId}`
}

/** The flag that compares the CAS number; undefined if the number is from another run of the server. */
function casFlag(cas: string, { runId }: ServerFacts): string | undefined {
  const number = cas.endsWith(runId) ? cas.slice(0, -runId.length) : ''
  return /^\d+$/.test(number) ? ` C${number}` : undefined
}
