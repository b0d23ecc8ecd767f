/** Does tasks of the same name one after the other. */
export type Turns = <Answer>(name: string, task: () => Promise<Answer>) => Promise<Answer>

/** Begins with no tasks. */
export function turns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return async (name, task) => {
    const before = last.get(name)
    const turn = before === undefined ? task() : before.then(task)
    // The next task waits for the end of this one, however it ends.
    const end = turn.catch(() => {})
    last.set(name, end)
    try {
      return await turn
    } finally {
      if (last.get(name) === end) last.delete(name)
    }
  }
}
