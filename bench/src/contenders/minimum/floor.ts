import type { Actions, MaybePromise } from '../actions.ts'
import type { FrameworkName } from '../contender.ts'
import { FIRST_VIEWS } from '../payload.ts'
import type { Commands } from './commands.ts'
import { serveOn, type Headers } from './serve-on.ts'

/**
 * The floor under everything that keeps sessions in a store: the framework, and the commands that a request needs, awaited
 * one after the other. The Cookie header is the key as it stands; nothing is signed or parsed.
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
    read: (context) => after(commands.load(cookieOf(context) ?? '')),
    change(context) {
      const key = cookieOf(context)
      if (key === undefined) return after(commands.create(commands.newKey()))
      const loaded = commands.load(key)
      if (loaded instanceof Promise) return loaded.then(() => after(commands.save(key)))
      return after(commands.save(key))
    },
  })
  return serveOn(framework, actionsOn)
}

const after = (done: MaybePromise<unknown>): MaybePromise<number> =>
  done instanceof Promise ? done.then(() => FIRST_VIEWS) : FIRST_VIEWS

const SET_COOKIE = `sid=${'a'.repeat(64)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600`

/** The framework, and the cookie of a session; with what HTTP asks for beside it, or alone. */
export function headerFloor(framework: FrameworkName, alone: boolean): Promise<number> {
  const actionsOn = <Context>({ set }: Headers<Context>): Actions<Context> => {
    const change = (context: Context): number => {
      set(context, 'Set-Cookie', SET_COOKIE)
      if (!alone) {
        set(context, 'Vary', 'Cookie')
        set(context, 'Cache-Control', 'no-cache="Set-Cookie"')
      }
      return FIRST_VIEWS
    }
    return { seed: change, read: change, change }
  }
  return serveOn(framework, actionsOn)
}
