import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { serviceUrl } from './services.ts'

const script = fileURLToPath(new URL('django_site.py', import.meta.url))

/** The outcome of a request. */
export const response = { status: 200, https: true, host: 'example.org' } as const

/** A session as Django sees it. */
export interface Seen {
  readonly key: string | null
  readonly source: string
  readonly age: number
  readonly browser: boolean
}

/** A Django site that a test remote-controls. */
export interface DjangoSite {
  /** Calls a function of `django_site.py`; rejects with what it raised. */
  readonly call: (name: string, ...args: unknown[]) => Promise<unknown>
  readonly close: () => void
}

/** Starts a site in a process of Python. */
export function djangoSite(settings: Readonly<Record<string, unknown>>): DjangoSite {
  const child = spawn(serviceUrl('django'), [script, JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (question: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(question)}\n`)
    const { value, done } = await lines.next()
    if (done === true) throw new Error('Django has ended.')
    const { answer, error } = JSON.parse(value) as { answer?: unknown; error?: string }
    if (error !== undefined) throw new Error(error)
    return answer
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    async call(name, ...args) {
      const answer = last.then(() => ask({ name, args }))
      last = answer.catch(() => undefined)
      return answer
    },
    close: () => child.stdin.end(),
  }
}
