import type { Actions, MaybePromise } from '../actions.ts'
import type { FrameworkName } from '../contender.ts'
import { FIRST_VIEWS } from '../payload.ts'
import type { Commands } from './commands.ts'
import { serveOn, type Headers } from './serve-on.ts'

/**
 * The floor for sessions in a store: the framework, and the commands that a request needs, awaited one after the other. The
 * Cookie header as it stands is the key; nothing is signed or parsed.
 */
export function commandFloor(framework: FrameworkName, commands: Commands): Promise<number> {
  const actionsOn = <Context>({ cookieOf, set }: Headers<Context>): Actions<Context> => ({
    async seed(context) {
      const key = commands.newKey()
      await commands.create(key)
      await commands.save(key)
      set(context, 'Set-Cookie', key)
      return FIRST_VIEWS
    },
    read: (context) => viewsAfter(commands.load(cookieOf(context) ?? '')),
    change(context) {
      const key = cookieOf(context)
      if (key === undefined) return viewsAfter(commands.create(commands.newKey()))
      const loaded = commands.load(key)
      if (loaded instanceof Promise) return loaded.then(() => viewsAfter(commands.save(key)))
      return viewsAfter(commands.save(key))
    },
  })
  return serveOn(framework, actionsOn)
}

const viewsAfter = (done: MaybePromise<unknown>): MaybePromise<number> =>
  done instanceof Promise ? done.then(() => FIRST_VIEWS) : FIRST_VIEWS

const SET_COOKIE = `sid=${'a'.repeat(64)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600`

/** The floor for headers: the framework and a Set-Cookie header, on its own or with the Vary and Cache-Control it calls for. */
export function headerFloor(framework: FrameworkName, cookieOnly: boolean): Promise<number> {
  const actionsOn = <Context>({ set }: Headers<Context>): Actions<Context> => {
    const change = (context: Context): number => {
      set(context, 'Set-Cookie', SET_COOKIE)
      if (!cookieOnly) {
        set(context, 'Vary', 'Cookie')
        set(context, 'Cache-Control', 'no-cache="Set-Cookie"')
      }
      return FIRST_VIEWS
    }
    return { seed: change, read: change, change }
  }
  return serveOn(framework, actionsOn)
}
