import type { CookieEngine, SessionEngine, Settings } from '@sessions/core'
import { referenceSettings, type ReferenceFlags } from './flags.ts'

/** What a reference app is started with. */
export interface ReferenceAppOptions {
  /** Where it keeps its sessions. */
  readonly engine: SessionEngine | CookieEngine
  /** The settings that flags can say. */
  readonly flags?: ReferenceFlags | undefined
  /** Settings that flags cannot say, such as the clock; they win over the flags. */
  readonly settings?: Partial<Omit<Settings, 'engine'>> | undefined
  /**
   * How the app waits: for `wait` milliseconds, and between the chunks of a stream. A suite gives one that it can hold.
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

/** A reference app that listens. */
export interface ReferenceServer {
  /** Where, without a slash at the end. */
  readonly url: string
  /** Ends every connection, stops listening. */
  close(): Promise<void>
}

/** Starts an adapter's reference app. */
export type ServeReferenceApp = (options: ReferenceAppOptions) => Promise<ReferenceServer>

/** What the reference apps have in common: everything but the framework. */
export interface ReferenceApp {
  readonly settings: Settings
  readonly eager: boolean
  /** Waits for so many milliseconds, or as long as the query parameter `wait` says. */
  pause(milliseconds: number | string | null | undefined): Promise<void>
}

/** Reads what a reference app was started with. */
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
