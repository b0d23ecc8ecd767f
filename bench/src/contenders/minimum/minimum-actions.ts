import type { ServerResponse } from 'node:http'
import type { Actions, MaybePromise } from '../actions.ts'
import { FIRST_VIEWS, freshPayload, type Payload } from '../payload.ts'
import type { Minimum } from './minimum.ts'

type Use = (data: Partial<Payload>) => number

/** Actions for frameworks on which a middleware commits the session after the handler. */
export const actionsOf = <Context>(sessionOf: (context: Context) => Minimum): Actions<Context> =>
  actionsWith((context, use) => {
    const loaded = sessionOf(context).load()
    return loaded instanceof Promise ? loaded.then(use) : use(loaded)
  })

/**
 * Actions that commit the session themselves, for frameworks on which nothing can be awaited between the handler and the
 * response. They stay synchronous if the keeper is.
 */
export const committingActionsOf = <Context>(
  sessionOf: (context: Context) => Minimum,
  responseOf: (context: Context) => ServerResponse,
): Actions<Context> =>
  actionsWith((context, use) => {
    const session = sessionOf(context)
    const finish = (data: Partial<Payload>): MaybePromise<number> => {
      const views = use(data)
      const committed = session.commit()
      const answer = (cookie: string | undefined): number => {
        if (cookie !== undefined) responseOf(context).setHeader('Set-Cookie', cookie)
        return views
      }
      return committed instanceof Promise ? committed.then(answer) : answer(committed)
    }
    const loaded = session.load()
    return loaded instanceof Promise ? loaded.then(finish) : finish(loaded)
  })

const actionsWith = <Context>(
  act: (context: Context, use: Use) => MaybePromise<number>,
): Actions<Context> => ({
  seed: (context) => act(context, fill),
  read: (context) => act(context, viewsOf),
  change: (context) => act(context, count),
})

const viewsOf: Use = (data) => data.views ?? FIRST_VIEWS

const count: Use = (data) => {
  data.views = viewsOf(data) + 1
  return data.views
}

const fill: Use = (data) => Object.assign(data, freshPayload()).views
