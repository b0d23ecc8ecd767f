import type { Sessions } from '@sessions/core'
import { expect, it } from 'vitest'

/** Session data with arbitrary keys. */
export type Data = Record<string, string | number>

/**
 * Registers tests of fifty concurrent requests to one session.
 *
 * @param open Opens the managers among which the requests are distributed, over one store: one per simulated process.
 */
export function describeRequests(open: () => readonly [Sessions<Data>, ...Sessions<Data>[]]): void {
  const fifty = <Result>(request: (manager: Sessions<Data>) => Promise<Result>) => {
    const managers = open()
    return Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        request(managers[index % managers.length] ?? managers[0]),
      ),
    )
  }

  it('keep the keys that each of fifty sets after all of them have loaded', async () => {
    const managers = open()
    const key = await stored(managers[0])
    const sessions = await fifty(async (manager) => manager.open(key).load())
    await Promise.all(
      sessions.map(async (session, index) => session.set(`key ${index}`, index).save()),
    )

    for (const manager of managers) {
      expect(await keysOf(manager, key, /^key /)).toHaveLength(50)
    }
  })

  it('do not undo a logout, although fifty of them loaded the session before', async () => {
    const managers = open()
    const key = await stored(managers[0])
    const sessions = await fifty(async (manager) => manager.open(key).load())
    const save = async (session: (typeof sessions)[number], index: number): Promise<string> => {
      session.set(`key ${index}`, index)
      return session.save().then(
        () => 'saved',
        (error: { code: string }) => error.code,
      )
    }
    const early = sessions.slice(0, 25).map(save)
    const leaving = await managers[0].open(key).load()
    leaving.flush()
    await leaving.save()
    for (const manager of managers) expect((await manager.open(key).load()).isEmpty).toBe(true)
    const late = await Promise.all(sessions.slice(25).map(save))

    expect(new Set(late)).toEqual(new Set(['SESSION_INTERRUPTED']))
    for (const outcome of await Promise.all(early)) {
      expect(['saved', 'SESSION_INTERRUPTED']).toContain(outcome)
    }
    for (const manager of managers) expect((await manager.open(key).load()).isEmpty).toBe(true)
  })
}

/** Stores a session and returns its key. */
export async function stored(manager: Sessions<Data>): Promise<string> {
  const session = manager.open()
  session.set('user', 'ada')
  await session.save()
  return session.sessionKey ?? ''
}

/** The keys of a session that match a pattern. */
export async function keysOf(
  manager: Sessions<Data>,
  key: string,
  pattern: RegExp,
): Promise<string[]> {
  const session = await manager.open(key).load()
  return [...session.keys()].filter((name) => pattern.test(name))
}
