/** What the tests run in processes of its own: `worker.ts <driver> <file> <task> <arguments…>`. */
import { sqliteEngine } from '../src/sqlite.ts'
import { openDatabase } from './drivers.ts'

const [, , driver = '', file = '', task = '', ...args] = process.argv
const database = openDatabase(driver, file)
const engine = sqliteEngine(database)

const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
  migrate: async () => engine.migrate(),

  /** Adds one to a number, so many times; answers how often another process was in between. */
  async increment() {
    const [id = '', times = ''] = args
    let conflicts = 0
    for (let done = 0; done < Number(times);) {
      const loaded = await engine.load(id)
      if (!loaded) throw new Error('The session is gone.')
      const next = { ...loaded, data: String(Number(loaded.data) + 1) }
      const { status } = await engine.save(id, next, loaded.version)
      if (status === 'saved') done += 1
      else if (status === 'conflict') conflicts += 1
      else throw new Error(`save answered ${status}`)
    }
    return conflicts
  },

  /** Creates so many ids; answers which of them this process created. */
  async create() {
    const [count = ''] = args
    const won: number[] = []
    for (let index = 0; index < Number(count); index += 1) {
      const record = { data: '{}', expiresAt: Date.now() + 60_000 }
      const { status } = await engine.create(`id ${index}`, record)
      if (status === 'saved') won.push(index)
    }
    return won
  },
}

const result = await tasks[task]?.()
database.close()
process.stdout.write(JSON.stringify(result ?? null))
