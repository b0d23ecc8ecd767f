import type { ServerResponse } from 'node:http'
import type { Actions, MaybePromise } from '../actions.ts'
import { serveHttp } from '../frameworks/http.ts'
import { FIRST_VIEWS, payload } from '../payload.ts'
import type { Kv } from '../stores/kv.ts'

const text = JSON.stringify(payload)

/**
 * The floor under everything that keeps sessions in a store: `node:http`, and the commands of its bare client that a
 * request needs, awaited one after the other. The Cookie header is the key as it stands; nothing is signed or parsed.
 */
export function floor(kv: Kv): Promise<number> {
  let made = 0
  const create = (): MaybePromise<unknown> => kv.set(`floor=${(made += 1)}`, text)
  const actions: Actions<ServerResponse> = {
    async seed(res) {
      await create()
      res.setHeader('Set-Cookie', `floor=${made}`)
      return FIRST_VIEWS
    },
    read: (res) => after(kv.get(keyOf(res))),
    change(res) {
      const { cookie } = res.req.headers
      if (cookie === undefined) return after(create())
      const got = kv.get(cookie)
      if (got instanceof Promise) return got.then(() => after(kv.set(cookie, text)))
      return after(kv.set(cookie, text))
    },
  }
  return serveHttp(actions)
}

const keyOf = (res: ServerResponse): string => res.req.headers.cookie ?? ''

const after = (done: MaybePromise<unknown>): MaybePromise<number> =>
  done instanceof Promise ? done.then(() => FIRST_VIEWS) : FIRST_VIEWS
