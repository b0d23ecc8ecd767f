import { UseGuards, type CanActivate } from '@nestjs/common'
import type { ModulesContainer } from '@nestjs/core'
import { handlersOf, parametersOf, type Handler } from './handlers.ts'
import { loadSession } from './load-session.ts'
import { injectSession, type SessionParameter } from './session.ts'

/** The metadata key under which Nest records that a handler is an `@Sse()`. */
const SSE = '__sse__'

/** A parameter that a decorator of an application or a library injects. */
interface CustomParameter {
  readonly factory?: unknown
  readonly data?: SessionParameter | undefined
}

/**
 * Loads the sessions of `@Sse()` handlers before their interceptors run. If there are interceptors, Nest calls the handler
 * when it subscribes to the events, and begins the response shortly after, without waiting for a load.
 */
export function loadBeforeEvents(modules: ModulesContainer): void {
  for (const handler of handlersOf(modules)) {
    const { controller, name } = handler
    const prototype = controller.prototype as Readonly<Record<string, object>>
    const value = prototype[name]
    if (value === undefined || guarded.has(value) || !Reflect.hasMetadata(SSE, value)) continue
    if (!takesLoadedSession(handler)) continue
    guarded.add(value)
    UseGuards(LOADED)(prototype, name, { value })
  }
}

const guarded = new WeakSet<object>()

function takesLoadedSession(handler: Handler): boolean {
  return Object.values(parametersOf(handler)).some(
    ({ factory, data }: CustomParameter) => factory === injectSession && data?.load !== false,
  )
}

/** Lets every request pass, with its session loaded. */
const LOADED: CanActivate = {
  async canActivate(context) {
    await loadSession(context)
    return true
  },
}
