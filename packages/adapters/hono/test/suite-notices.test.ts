import { createAdaptorServer } from '@hono/node-server'
import { memoryEngine } from '@sessions/memory'
import { adapterCases } from '@sessions/testing'
import {
  listen,
  referenceApp,
  referenceServerOptions,
  type ReferenceAppOptions,
  type ReferenceServer,
} from '@sessions/testing/reference-app'
import type { Server } from 'node:http'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createReferenceApp } from './create-reference-app.ts'

type Answer = (request: Request) => Promise<Response>

/** Something that an adapter may get wrong, as a change to the correct one; and the group of cases that must notice it. */
interface Fault {
  readonly noticedBy: string
  readonly options?: (options: ReferenceAppOptions) => ReferenceAppOptions
  readonly answer?: (answer: Answer) => Answer
}

/** Changes each response. */
function changed(
  change: (response: Response, request: Request) => Response,
): (answer: Answer) => Answer {
  return (answer) => async (request) => {
    const response = await answer(request)
    const copy = new Response(response.body, response)
    return change(copy, request)
  }
}

function without(
  name: string,
  from: (response: Response) => boolean = () => true,
): (answer: Answer) => Answer {
  return changed((response) => {
    if (from(response)) response.headers.delete(name)
    return response
  })
}

const faults: Readonly<Record<string, Fault>> = {
  'forgets Vary': { noticedBy: 'decision table', answer: without('vary') },
  'forgets Cache-Control': {
    noticedBy: 'headers of the application',
    answer: without('cache-control'),
  },
  'loses the cookie of a redirect': {
    noticedBy: 'redirects',
    answer: without('set-cookie', ({ status }) => status === 303),
  },
  'loses the cookie of a 404': {
    noticedBy: 'status codes',
    answer: without('set-cookie', ({ status }) => status === 404),
  },
  'keeps one Set-Cookie of several': {
    noticedBy: 'headers of the application',
    answer: changed((response) => {
      const last = response.headers.getSetCookie().at(-1)
      if (last !== undefined) response.headers.set('set-cookie', last)
      return response
    }),
  },
  'loads every session': {
    noticedBy: 'calls to the engine',
    options: (options) => ({ ...options, flags: { ...options.flags, eager: true } }),
  },
  'does not wait for the store': {
    noticedBy: 'redirects',
    options: (options) => ({ ...options, engine: hasty(options.engine) }),
  },
  'holds a stream back until its end': {
    noticedBy: 'streams',
    answer: (answer) => async (request) => {
      const response = await answer(request)
      return new Response(await response.arrayBuffer(), response)
    },
  },
  'keeps the headers of a dropped response': {
    noticedBy: 'a failing store',
    answer: changed((response, request) => {
      if (response.status === 503) {
        for (const [name, value] of new URL(request.url).searchParams) {
          response.headers.append(name, value)
        }
      }
      return response
    }),
  },
  'answers a failing store with 500': {
    noticedBy: 'a failing store',
    answer: changed((response) =>
      response.status === 503 ? new Response(response.body, { status: 500 }) : response,
    ),
  },
  'stores the changes of a client that has hung up': {
    noticedBy: 'a client that hangs up',
    answer: (answer) => (request) => answer(new Request(request.url, unheard(request))),
  },
  'takes every host for localhost': {
    noticedBy: 'Secure over plain http',
    answer: (answer) => (request) => {
      const url = new URL(request.url)
      return answer(new Request(`http://localhost${url.pathname}${url.search}`, request))
    },
  },
}

/** The same request, which is never aborted. */
function unheard({ method, headers }: Request): RequestInit {
  return { method, headers: [...headers] }
}

/** An engine that reports success before it has stored anything. */
function hasty(engine: ReferenceAppOptions['engine']): ReferenceAppOptions['engine'] {
  if (!('create' in engine)) return engine
  return {
    ...engine,
    create(id, record) {
      void engine.create(id, record)
      return { status: 'saved', version: 'unknown' }
    },
  }
}

function serve(fault: Fault, given: ReferenceAppOptions): Promise<ReferenceServer> {
  const options = fault.options?.(given) ?? given
  const app = createReferenceApp(referenceApp(options))
  const answer: Answer = async (request) => app.fetch(request)
  const server = createAdaptorServer({
    fetch: fault.answer?.(answer) ?? answer,
    serverOptions: referenceServerOptions,
  })
  return listen(server as Server, options.port)
}

/** The names of the cases, in the fault's group, that an adapter with this fault fails. */
async function failing(fault: Fault): Promise<string[]> {
  const cases = adapterCases({
    open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
    serve: (options) => serve(fault, options),
  })
  const failed: string[] = []
  for (const { group, name, run } of cases) {
    if (group !== fault.noticedBy) continue
    await run().catch(() => failed.push(name))
  }
  return failed
}

describe('the adapter suite', () => {
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
  })

  for (const [name, fault] of Object.entries(faults)) {
    it(`notices an adapter that ${name}`, async () => {
      expect(await failing(fault)).not.toEqual([])
      expect(await failing({ noticedBy: fault.noticedBy })).toEqual([])
    })
  }
})
