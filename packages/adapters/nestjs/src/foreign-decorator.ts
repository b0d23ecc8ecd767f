import { Session as ForeignSession } from '@nestjs/common'
import { MetadataScanner, type ModulesContainer } from '@nestjs/core'
import { InvalidSettingError } from '@sessions/core'

/** Under which key Nest notes the parameters of a handler, on its class, by `<kind>:<index>`. */
const PARAMETERS = '__routeArguments__'

/**
 * Refuses handlers that take Nest's own `@Session()`: it hands over the session unloaded, and code that was written for
 * other sessions would set members of it that nobody stores.
 *
 * @throws {InvalidSettingError} naming the first one.
 */
export function refuseForeignDecorator(modules: ModulesContainer): void {
  const kind = kindOfSession()
  for (const { controllers } of modules.values()) {
    for (const { metatype } of controllers.values()) {
      if (typeof metatype === 'function') checkController(metatype, kind)
    }
  }
}

function checkController(controller: Function, kind: string): void {
  for (const name of new MetadataScanner().getAllMethodNames(controller.prototype as object)) {
    if (!kindsOf(controller, name).includes(kind)) continue
    throw new InvalidSettingError(
      '@Session()',
      `of ${controller.name}.${name}() is Nest's own, which hands over the session unloaded: import it from ` +
        "'@sessions/nestjs' instead of '@nestjs/common'. For a session that is not to be loaded, write " +
        '`@Session({ load: false })`; or mount the sessions with `{ eager: true }`.',
    )
  }
}

/** The kinds of parameters that a handler takes. */
function kindsOf(controller: Function, name: string): string[] {
  const parameters: object = Reflect.getMetadata(PARAMETERS, controller, name) ?? {}
  return Object.keys(parameters).map((key) => key.split(':', 1)[0] ?? '')
}

/** What Nest calls the kind of its own decorator. */
function kindOfSession(): string {
  class Probe {}
  ForeignSession()(Probe.prototype, 'probe', 0)
  return kindsOf(Probe, 'probe')[0] ?? ''
}
