import { Session as ForeignSession } from '@nestjs/common'
import type { ModulesContainer } from '@nestjs/core'
import { InvalidSettingError } from '@sessions/core'
import { handlersOf, parametersOf, type Handler } from './handlers.ts'

/**
 * Rejects handlers that use Nest's own `@Session()`. It injects the session unloaded, and code written for other session
 * libraries would set properties on it that are never stored.
 *
 * @throws {InvalidSettingError} naming the first such handler.
 */
export function refuseForeignDecorator(modules: ModulesContainer): void {
  const kind = kindOfSession()
  for (const handler of handlersOf(modules)) {
    if (!kindsOf(handler).includes(kind)) continue
    throw new InvalidSettingError(
      '@Session()',
      `of ${handler.controller.name}.${handler.name}() is Nest's own, which injects the session unloaded. Import it from ` +
        "'@sessions/nestjs' instead of '@nestjs/common', with `@Session({ load: false })` if the session is to stay " +
        'unloaded; or mount the sessions with `{ eager: true }`.',
    )
  }
}

/** The kinds of a handler's parameters. */
function kindsOf(handler: Handler): string[] {
  return Object.keys(parametersOf(handler)).map((key) => key.split(':', 1)[0] ?? '')
}

/** The kind under which Nest records its own `@Session()`. */
function kindOfSession(): string {
  class Probe {}
  ForeignSession()(Probe.prototype, 'probe', 0)
  return kindsOf({ controller: Probe, name: 'probe' })[0] ?? ''
}
