/** Does tasks of one name one after the other. */
export type Turns = <Answer>(name: string, task: () => Promise<Answer>) => Promise<Answer>

/** Nobody has a turn yet. */
export function turns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return async (name, task) => {
    const before = last.get(name)
    const turn = before === undefined ? task() : before.then(task)
    // Whoever comes next waits for the end of this turn, however it ends.
    const end = turn.catch(() => {})
    last.set(name, end)
    try {
      return await turn
    } finally {
      if (last.get(name) === end) last.delete(name)
    }
  }
}
