import type { Settings } from '@sessions/core'
import { send, transfer, type Answer, type SendOptions, type Transfer } from './client.ts'
import { probeEngine, type EngineOperation, type EngineProbe } from './probe.ts'
import type { AdapterSubject } from './subject.ts'
import { createVisitor, type Visitor } from './visitor.ts'
import { fakeClock, type FakeClock } from '../fake-clock.ts'
import { createGate, type Gate } from './gate.ts'
import type { ReferenceFlags } from '../reference-app/flags.ts'
import type { ReferenceAppOptions } from '../reference-app/options.ts'

/** One requirement of the adapter contract, as a test case. */
export interface AdapterCase {
  /** The heading that the case is listed under, such as `redirects`. */
  readonly group: string
  /** The required behaviour, in words. */
  readonly name: string
  /** Whether the case needs the app in this process, to observe its engine or to move its clock. */
  readonly inside: boolean
  /** Starts the subject's reference app, tests it and closes it. Rejects if the adapter breaks the requirement. */
  readonly run: (subject: AdapterSubject) => Promise<void>
}

/** What a case over HTTP gets. */
export interface AdapterContext {
  /** Starts a reference app with settings that can be passed as flags. */
  serve(flags?: ReferenceFlags): Promise<App>
}

/** What a case in this process gets. */
export interface InsideContext {
  /** Starts a reference app in this process. */
  serve(flags?: ReferenceFlags, options?: InsideOptions): Promise<InsideApp>
}

/** Options that only an app in this process can take. */
export interface InsideOptions {
  readonly settings?: Partial<Omit<Settings, 'engine'>> | undefined
  /** Replaces the subject's engine; the probe then sees no calls. */
  readonly engine?: Settings['engine'] | undefined
}

/** A running reference app. */
export interface App {
  readonly url: string
  /** The name of its session cookie. */
  readonly cookieName: string
  send(path: string, options?: SendOptions): Promise<Answer>
  transfer(path: string, options?: SendOptions): Transfer
  /** A client that keeps its session cookie. */
  visitor(): Visitor
}

/** A running reference app in this process. */
export interface InsideApp extends App {
  readonly clock: FakeClock
  readonly probe: EngineProbe
  /** Holds the pauses of the app: `wait`, and between the chunks of a stream. */
  readonly pauses: Gate
  /** The engine calls that `action` causes. */
  calls(action: () => Promise<unknown>): Promise<EngineOperation[]>
}

/** Defines cases that need nothing but HTTP. */
export function overHttp(
  group: string,
  cases: Readonly<Record<string, (context: AdapterContext) => Promise<void>>>,
): AdapterCase[] {
  return Object.entries(cases).map(([name, body]) => ({
    group,
    name,
    inside: false,
    run: (subject) => withApps(subject, (start) => body({ serve: (flags) => start({ flags }) })),
  }))
}

/** Defines cases that need the app in this process. */
export function inProcess(
  group: string,
  cases: Readonly<Record<string, (context: InsideContext) => Promise<void>>>,
): AdapterCase[] {
  return Object.entries(cases).map(([name, body]) => ({
    group,
    name,
    inside: true,
    run: (subject) =>
      withApps(subject, (start) =>
        body({ serve: (flags, options) => start({ flags, ...options }) }),
      ),
  }))
}

type Start = (options: InsideOptions & Pick<ReferenceAppOptions, 'flags'>) => Promise<InsideApp>

/** Runs a case, then closes what it started, in reverse order. */
async function withApps(
  subject: AdapterSubject,
  body: (start: Start) => Promise<void>,
): Promise<void> {
  const closers: (() => unknown)[] = []
  try {
    await body(async (options) => {
      const clock = fakeClock()
      const opened = await subject.open?.({ clock })
      if (opened !== undefined) closers.push(() => opened.close?.())
      const probe = probeEngine(opened?.engine ?? NO_ENGINE)
      const pauses = createGate()
      const server = await subject.serve({
        engine: probe.engine,
        pause: () => pauses.pass(),
        flags: options.flags,
        ...(options.engine === undefined ? {} : { engine: options.engine }),
        settings: { clock, ...options.settings },
      })
      closers.push(() => server.close())
      return appOf(server.url, options.flags?.cookieName ?? 'sessionid', { clock, probe, pauses })
    })
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

function appOf(
  url: string,
  cookieName: string,
  inside: Pick<InsideApp, 'clock' | 'probe' | 'pauses'>,
): InsideApp {
  const sendTo = (path: string, options?: SendOptions): Promise<Answer> => send(url + path, options)
  const transferTo = (path: string, options?: SendOptions): Transfer =>
    transfer(url + path, options)
  return {
    ...inside,
    url,
    cookieName,
    send: sendTo,
    transfer: transferTo,
    visitor: () => createVisitor(cookieName, transferTo),
    async calls(action) {
      inside.probe.reset()
      await action()
      return inside.probe.calls()
    },
  }
}

/** For an app in another process, which chooses its own engine. */
const NO_ENGINE: EngineProbe['engine'] = {
  load: noEngine,
  exists: noEngine,
  create: noEngine,
  save: noEngine,
  touch: noEngine,
  delete: noEngine,
}

function noEngine(): never {
  throw new Error(
    'The subject has no `open`, so there is no engine in this process. Add `open`, or set `inProcess: false`.',
  )
}
