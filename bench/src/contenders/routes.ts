import type { Actions, MaybePromise } from './actions.ts'
import { FIRST_VIEWS } from './payload.ts'

/** The JSON body of a response. */
export type Answer = Readonly<Record<string, unknown>>

/** Handles a request, given the framework's context and the parsed query string. */
export type Handle<Context> = (
  context: Context,
  query: Readonly<Record<string, unknown>>,
) => MaybePromise<Answer>

/** The target of `/redirect`. */
export const REDIRECT_TARGET = '/keys'

const untouched: Answer = { views: FIRST_VIEWS }

/**
 * The routes of a contender by path. The routes that are timed all send a body of the same size, the bare framework's
 * included. For `/redirect`, the framework ignores the returned body and sends a 303 to `REDIRECT_TARGET`.
 */
export function routesOf<Context>(
  actions: Actions<Context> | undefined,
): Readonly<Record<string, Handle<Context>>> {
  const routes: Record<string, Handle<Context>> = { '/untouched': () => untouched }
  if (actions === undefined) return routes
  for (const name of ['seed', 'read', 'change'] as const) {
    const act = actions[name]
    routes[`/${name}`] = (context) => {
      const views = act(context)
      return views instanceof Promise ? views.then(answerOf) : { views }
    }
  }
  const { checks } = actions
  if (checks === undefined) return routes
  return {
    ...routes,
    '/set': async (context, { key, wait }) => {
      await checks.set(context, String(key), Number(wait ?? 0))
      return { ok: true }
    },
    '/keys': async (context) => ({ keys: await checks.keys(context) }),
    '/logout': async (context) => {
      await checks.logout(context)
      return { ok: true }
    },
    '/redirect': async (context) => {
      await checks.set(context, 'user', 0)
      return { ok: true }
    },
  }
}

const answerOf = (views: number): Answer => ({ views })
