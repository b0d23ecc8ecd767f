import { findPortHolder } from './port-holder.ts'

/** The message for a user if the demos do not start. */
export async function explain(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error)
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE' && port !== undefined) {
    const holder = await findPortHolder(port)
    const by = holder === undefined ? '' : ` by process ${holder.pid} (${holder.command})`
    return `Port ${port} is taken${by}. Stop the process that uses it, or choose other ports: npm start -- --port ${port + 100}`
  }
  if (code === 'EACCES' && port !== undefined) {
    return `You may not listen on port ${port}: choose one above 1023, as in npm start -- --port 3000`
  }
  return error.message
}
