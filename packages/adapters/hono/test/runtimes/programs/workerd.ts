/* The reference app on workerd, which gives it its settings as a binding. */
import type { Hono } from 'hono'
import { appOfBindings, type Bindings } from './app.ts'

// Mounted before there is a request: nothing here may be random, timed or asynchronous.
const apps = { lazy: appOfBindings(false), eager: appOfBindings(true) }

const worker: { fetch: (...given: Parameters<Hono['fetch']>) => Response | Promise<Response> } = {
  fetch(request, env, context) {
    const { GIVEN } = env as Bindings
    return apps[GIVEN.flags.eager === true ? 'eager' : 'lazy'].fetch(request, env, context)
  },
}

// A Worker is the default export of its module.
// oxlint-disable-next-line import/no-default-export
export default worker
