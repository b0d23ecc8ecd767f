import { isWanted, type Section, type Table } from '../section.ts'
import { cluster } from './cluster/part.ts'
import { connections } from './connections/part.ts'
import { memory } from './memory/part.ts'
import type { Part } from './part.ts'
import { purge } from './purge/part.ts'
import { sessionSize } from './session-size/part.ts'
import { startUp } from './start-up/part.ts'
import { storedSessions } from './stored-sessions/part.ts'

const parts: readonly Part[] = [
  storedSessions,
  sessionSize,
  connections,
  memory,
  purge,
  cluster,
  startUp,
]

/** Measures how costs develop with more sessions, larger sessions and more visitors. */
export const growth: Section = {
  name: 'growth',
  title: 'Growth',

  async run(options, report) {
    const tables: Table[] = []
    for (const part of parts) {
      if (!isWanted(part.name, options.scenarios)) continue
      tables.push(...(await part.run(options, (line) => report(`${part.name}: ${line}`))))
    }
    return tables
  },
}
