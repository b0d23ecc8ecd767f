import type { CookieEngine, SessionEngine, Settings } from '@sessions/core'
import { referenceSettings, type ReferenceFlags } from './flags.ts'

/** The options of a reference app. */
export interface ReferenceAppOptions {
  /** The engine that stores its sessions. */
  readonly engine: SessionEngine | CookieEngine
  /** The settings that can be passed as flags. */
  readonly flags?: ReferenceFlags | undefined
  /** Further settings, such as the clock; they override the flags. */
  readonly settings?: Partial<Omit<Settings, 'engine'>> | undefined
  /**
   * How the app waits, for the query parameter `wait` and between the chunks of a stream. A suite passes a function that it
   * can hold.
   *
   * @default a timer
   */
  readonly pause?: ((milliseconds: number) => Promise<void>) | undefined
  /**
   * The port to listen on.
   *
   * @default a free one
   */
  readonly port?: number | undefined
}

/** A running reference app. */
export interface ReferenceServer {
  /** Its origin, without a trailing slash. */
  readonly url: string
  /** Stops listening and closes every connection. */
  close(): Promise<void>
}

/** Starts an adapter's reference app. */
export type ServeReferenceApp = (options: ReferenceAppOptions) => Promise<ReferenceServer>

/** The framework-independent parts of a reference app. */
export interface ReferenceApp {
  readonly settings: Settings
  readonly eager: boolean
  /** Waits that many milliseconds; accepts the query parameter `wait` as it comes. Does not wait if it is absent. */
  pause(milliseconds: number | string | null | undefined): Promise<void>
}

/** Resolves the options of a reference app, for use by its implementation in a framework. */
export function referenceApp(options: ReferenceAppOptions): ReferenceApp {
  const pause = options.pause ?? timer
  return {
    settings: { ...referenceSettings(options.engine, options.flags), ...options.settings },
    eager: options.flags?.eager ?? false,
    async pause(milliseconds) {
      const time = Number(milliseconds ?? 0)
      if (time > 0) await pause(time)
    },
  }
}

function timer(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
