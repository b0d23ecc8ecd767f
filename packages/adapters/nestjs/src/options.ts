import {
  checkOptions,
  InvalidSettingError,
  type DefaultData,
  type MaybePromise,
  type SessionsOf,
} from '@sessions/core'
import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency } from '@nestjs/common'

/** How sessions are mounted. */
export interface SessionsOptions {
  /**
   * Whether to load the session before guards and handlers run, for every request with a well-formed cookie. `@Session()`
   * loads it in any case; this is for code that takes it from the request. This alone sets no header, but costs each of
   * these requests a call to the store.
   *
   * @default false
   */
  readonly eager?: boolean | undefined

  /**
   * Called when the application shuts down, after the last request was answered: the place to close the store's client, if
   * only the engine uses it.
   *
   * @example
   * SessionsModule.forRoot({ engine: redisEngine(client) }, { onShutdown: () => client.quit() })
   */
  readonly onShutdown?: (() => unknown) | undefined
}

/** How sessions are mounted if their settings depend on other providers. */
export interface SessionsAsyncOptions<D extends object = DefaultData>
  extends SessionsOptions, Pick<ModuleMetadata, 'imports'> {
  /** The tokens of the providers that are passed to the factory. */
  readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[] | undefined

  /** Makes the settings, or a manager, from the injected providers. */
  // The tokens do not tell the types of the arguments.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly useFactory: (...injected: any[]) => MaybePromise<SessionsOf<D>>
}

/** The kinds of `SessionsOptions`, for `checkOptions`. */
const mountOptions = { eager: 'boolean', onShutdown: 'function' } as const

/** @throws {InvalidSettingError} when an option is invalid. */
export function checkMountOptions(options: SessionsOptions): void {
  checkOptions('SessionsModule.forRoot', options, mountOptions)
}

/** @throws {InvalidSettingError} when an option is invalid, or there is no factory. */
export function checkAsyncOptions<D extends object>(options: SessionsAsyncOptions<D>): void {
  checkOptions('SessionsModule.forRootAsync', options, {
    ...mountOptions,
    imports: 'array',
    inject: 'array',
    useFactory: 'function',
  })
  // To `checkOptions`, undefined means absent.
  if (options.useFactory === undefined) {
    throw new InvalidSettingError(
      'useFactory',
      'is missing. Pass a function that returns the settings, or a manager.',
    )
  }
}
