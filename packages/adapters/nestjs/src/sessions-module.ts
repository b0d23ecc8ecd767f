import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common'
import { ApplicationConfig, HttpAdapterHost, ModuleRef, ModulesContainer } from '@nestjs/core'
import { managerOf, Sessions, type DefaultData, type SessionsOf } from '@sessions/core'
import { addLastFilter, SessionErrorFilter } from './error-filter.ts'
import { loadBeforeEvents } from './event-streams.ts'
import { refuseForeignDecorator } from './foreign-decorator.ts'
import { mountOn } from './mount.ts'
import { checkAsyncOptions, checkMountOptions } from './options.ts'
import type { SessionsAsyncOptions, SessionsOptions } from './options.ts'
import { whenServed } from './when-served.ts'

const OPTIONS: unique symbol = Symbol('SessionsOptions')

/**
 * Gives every request of an application a session, for `@Session()` and `loadSession(…)`, and makes the manager available
 * to every provider, as `Sessions`. Import it once, in the root module.
 */
@Module({})
export class SessionsModule implements OnModuleInit, OnApplicationShutdown {
  readonly #options: SessionsOptions
  readonly #moduleRef: ModuleRef

  /** Called by Nest. */
  constructor(
    @Inject(Sessions) manager: Sessions,
    @Inject(OPTIONS) options: SessionsOptions,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(ModuleRef) moduleRef: ModuleRef,
  ) {
    this.#options = options
    this.#moduleRef = moduleRef
    addLastFilter(moduleRef.get(ApplicationConfig), new SessionErrorFilter(host))
    loadBeforeEvents(moduleRef.get(ModulesContainer, { strict: false }))
    whenServed(host, (server) => mountOn(server, manager, options))
  }

  /**
   * The module for these settings, or for this manager.
   *
   * @throws {InvalidSettingError} when a setting or an option is invalid.
   *
   * @example
   * imports: [SessionsModule.forRoot({ engine: memoryEngine() })]
   */
  static forRoot<D extends object = DefaultData>(
    source: SessionsOf<D>,
    options: SessionsOptions = {},
  ): DynamicModule {
    const manager = managerOf(source)
    checkMountOptions(options)
    return dynamicModule({ provide: Sessions, useValue: manager }, options)
  }

  /**
   * The module for settings that a factory makes from other providers.
   *
   * @throws {InvalidSettingError} when an option is invalid. An invalid setting is refused when the application starts.
   *
   * @example
   * imports: [
   *   SessionsModule.forRootAsync({
   *     imports: [RedisModule],
   *     inject: [REDIS],
   *     useFactory: (client) => ({ engine: redisEngine(client) }),
   *   }),
   * ]
   */
  static forRootAsync<D extends object = DefaultData>(
    async: SessionsAsyncOptions<D>,
  ): DynamicModule {
    checkAsyncOptions(async)
    const { imports = [], inject = [], useFactory, ...options } = async
    const provider = {
      provide: Sessions,
      inject: [...inject],
      useFactory: async (...injected: unknown[]) => managerOf<D>(await useFactory(...injected)),
    }
    return { ...dynamicModule(provider, options), imports }
  }

  /** Called by Nest. */
  onModuleInit(): void {
    if (this.#options.eager === true) return
    refuseForeignDecorator(this.#moduleRef.get(ModulesContainer, { strict: false }))
  }

  /** Called by Nest after the last request was answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.#options.onShutdown?.()
  }
}

function dynamicModule(
  manager: NonNullable<DynamicModule['providers']>[number],
  options: SessionsOptions,
): DynamicModule {
  return {
    module: SessionsModule,
    global: true,
    providers: [manager, { provide: OPTIONS, useValue: options }],
    exports: [Sessions],
  }
}
