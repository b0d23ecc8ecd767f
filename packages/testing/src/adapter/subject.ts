import type { MaybePromise } from '@sessions/core'
import type { OpenedEngine, OpenOptions } from '../engine/subject.ts'
import type { ServeReferenceApp } from '../reference-app/options.ts'

/** An adapter to be tested, over an engine. */
export interface AdapterSubject {
  /** Starts the adapter's reference app as an HTTP server. Called at least once per case. */
  readonly serve: ServeReferenceApp

  /**
   * Opens the engine for the app, over an empty store. It must use the given clock. Required unless `inProcess` is false.
   */
  readonly open?:
    | ((options: OpenOptions) => MaybePromise<Pick<OpenedEngine, 'engine' | 'close'>>)
    | undefined

  /**
   * Whether the app runs in this process, so that the suite can observe its engine, move its clock and hold its pauses.
   * For a server in another process or runtime, set it to false: `serve` then uses only `flags`, and only the cases that
   * need nothing but HTTP are run.
   *
   * @default true
   */
  readonly inProcess?: boolean | undefined
}
