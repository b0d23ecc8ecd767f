/** Runs tasks of the same name one after the other. */
export type Turns = <Answer>(name: string, task: () => Promise<Answer>) => Promise<Answer>

/** Creates one queue of tasks per name. */
export function turns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return async (name, task) => {
    const before = last.get(name)
    const turn = before === undefined ? task() : before.then(task)
    // The next task runs whether this one succeeds or fails.
    const end = turn.catch(() => {})
    last.set(name, end)
    try {
      return await turn
    } finally {
      if (last.get(name) === end) last.delete(name)
    }
  }
}
