import type { MaybePromise } from '@sessions/core'
import type { OpenedEngine, OpenOptions } from '../engine/subject.ts'
import type { ServeReferenceApp } from '../reference-app/options.ts'

/** An adapter that the suite is to try, over an engine. */
export interface AdapterSubject {
  /** Starts the adapter's reference app as a server that is asked over HTTP. Called once for each case. */
  readonly serve: ServeReferenceApp

  /**
   * Opens the engine that the app is to use, over a store that holds no record. It must go by the clock it is given. Only
   * called where the app runs in this process.
   */
  readonly open?:
    | ((options: OpenOptions) => MaybePromise<Pick<OpenedEngine, 'engine' | 'close'>>)
    | undefined

  /**
   * Whether the app runs in this process, so that the suite can look into its engine, move its clock and hold its
   * pauses. A server in another process or runtime is given nothing but `flags`, and tried with the cases that need
   * nothing else.
   *
   * @default true
   */
  readonly inProcess?: boolean | undefined
}
