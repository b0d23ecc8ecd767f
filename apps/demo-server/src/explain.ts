import { findPortHolder } from './port-holder.ts'

/** What to tell a user for whom the demos did not start. */
export async function explain(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error)
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE' && port !== undefined) {
    const holder = await findPortHolder(port)
    const [by, it] =
      holder === undefined
        ? ['', 'what listens there']
        : [` by process ${holder.pid} (${holder.command})`, 'that']
    return `Port ${port} is taken${by}: stop ${it}, or choose other ports: npm start -- --port ${port + 100}`
  }
  if (code === 'EACCES' && port !== undefined) {
    return `Port ${port} may not be used by you: choose one above 1023, as in npm start -- --port 3000`
  }
  return error.message
}
