import { UseGuards, type CanActivate } from '@nestjs/common'
import { MetadataScanner, type ModulesContainer } from '@nestjs/core'
import { loadSession } from './load-session.ts'
import { injectSession, type SessionParameter } from './session.ts'

/** The metadata keys under which Nest records the parameters of a handler on its class, and that it is an `@Sse()`. */
const PARAMETERS = '__routeArguments__'
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
  for (const { controllers } of modules.values()) {
    for (const { metatype } of controllers.values()) {
      if (typeof metatype === 'function') guardController(metatype)
    }
  }
}

const guarded = new WeakSet<object>()

function guardController(controller: Function): void {
  const prototype = controller.prototype as Readonly<Record<string, object>>
  for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
    const value = prototype[name]
    if (value === undefined || guarded.has(value) || !Reflect.hasMetadata(SSE, value)) continue
    if (!takesLoadedSession(controller, name)) continue
    guarded.add(value)
    UseGuards(LOADED)(prototype, name, { value })
  }
}

function takesLoadedSession(controller: Function, name: string): boolean {
  const parameters: object = Reflect.getMetadata(PARAMETERS, controller, name) ?? {}
  return Object.values(parameters).some(
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
