import { MetadataScanner, type ModulesContainer } from '@nestjs/core'

/** A method of a controller. */
export interface Handler {
  readonly controller: Function
  readonly name: string
}

/** The methods of all controllers of an application. */
export function* handlersOf(modules: ModulesContainer): Generator<Handler> {
  const scanner = new MetadataScanner()
  for (const { controllers } of modules.values()) {
    for (const { metatype: controller } of controllers.values()) {
      if (typeof controller !== 'function') continue
      const names = scanner.getAllMethodNames(controller.prototype as object)
      for (const name of names) yield { controller, name }
    }
  }
}

/** The metadata key under which Nest records the parameters of a handler on its class. */
const PARAMETERS = '__routeArguments__'

/** The parameters of a handler that decorators inject, as Nest records them, under `<kind>:<index>`. */
export function parametersOf({ controller, name }: Handler): object {
  return Reflect.getMetadata(PARAMETERS, controller, name) ?? {}
}
