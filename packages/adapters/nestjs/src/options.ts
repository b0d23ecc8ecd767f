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
   * Whether the session is loaded before guards and handlers run, wherever a well-formed cookie came. `@Session()` loads
   * it in any case; this is for code that takes it from the request. On its own it sets no header, but costs each of these
   * requests a call to the store.
   *
   * @default false
   */
  readonly eager?: boolean | undefined

  /**
   * Called when the application shuts down and the last request is answered: the place to close what the engine was given
   * and nobody else uses.
   *
   * @example
   * SessionsModule.forRoot({ engine: redisEngine(client) }, { onShutdown: () => client.quit() })
   */
  readonly onShutdown?: (() => unknown) | undefined
}

/** How sessions are mounted whose settings are only known once other providers are there. */
export interface SessionsAsyncOptions<D extends object = DefaultData>
  extends SessionsOptions, Pick<ModuleMetadata, 'imports'> {
  /** What the factory is called with. */
  readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[] | undefined

  /** Makes the settings, or a manager, of what is injected. */
  // Nest knows its arguments by their tokens alone.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly useFactory: (...injected: any[]) => MaybePromise<SessionsOf<D>>
}

/** What `checkOptions` is told about these. */
const mountOptions = { eager: 'boolean', onShutdown: 'function' } as const

/** @throws {InvalidSettingError} when an option is misused. */
export function checkMountOptions(options: SessionsOptions): void {
  checkOptions('SessionsModule.forRoot', options, mountOptions)
}

/** @throws {InvalidSettingError} when an option is misused, or there is no factory. */
export function checkAsyncOptions<D extends object>(options: SessionsAsyncOptions<D>): void {
  checkOptions('SessionsModule.forRootAsync', options, {
    ...mountOptions,
    imports: 'array',
    inject: 'array',
    useFactory: 'function',
  })
  // `checkOptions` takes what is undefined for left out.
  if (options.useFactory === undefined) {
    throw new InvalidSettingError(
      'useFactory',
      'is missing: give a function that returns the settings, or a manager.',
    )
  }
}
