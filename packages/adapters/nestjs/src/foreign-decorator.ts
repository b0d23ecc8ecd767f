import { Session as ForeignSession } from '@nestjs/common'
import { MetadataScanner, type ModulesContainer } from '@nestjs/core'
import { InvalidSettingError } from '@sessions/core'

/** The metadata key under which Nest records the parameters of a handler on its class, as `<kind>:<index>`. */
const PARAMETERS = '__routeArguments__'

/**
 * Rejects handlers that use Nest's own `@Session()`. It injects the session unloaded, and code written for other session
 * libraries would set properties on it that are never stored.
 *
 * @throws {InvalidSettingError} naming the first such handler.
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
      `of ${controller.name}.${name}() is Nest's own, which injects the session unloaded. Import it from ` +
        "'@sessions/nestjs' instead of '@nestjs/common', with `@Session({ load: false })` if the session is to stay " +
        'unloaded; or mount the sessions with `{ eager: true }`.',
    )
  }
}

/** The kinds of a handler's parameters. */
function kindsOf(controller: Function, name: string): string[] {
  const parameters: object = Reflect.getMetadata(PARAMETERS, controller, name) ?? {}
  return Object.keys(parameters).map((key) => key.split(':', 1)[0] ?? '')
}

/** The kind under which Nest records its own `@Session()`. */
function kindOfSession(): string {
  class Probe {}
  ForeignSession()(Probe.prototype, 'probe', 0)
  return kindsOf(Probe, 'probe')[0] ?? ''
}
