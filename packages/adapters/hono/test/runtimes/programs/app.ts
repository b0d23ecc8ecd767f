import type { CookieEngine, SessionEngine, Settings } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { referenceSettings, type ReferenceFlags } from '@sessions/testing/reference-app'
import type { Context, Hono } from 'hono'
import { createReferenceApp } from '../../create-reference-app.ts'
import { asideOf } from './aside.ts'

/** What a program is told. */
export interface Given {
  readonly engine: keyof typeof engines
  readonly flags: ReferenceFlags
}

/** The settings as a binding, as Workers have them. */
export interface Bindings {
  readonly GIVEN: Given
}

/** The engines that run on every runtime. */
const engines = {
  memory: memoryEngine,
} satisfies Readonly<Record<string, () => SessionEngine | CookieEngine>>

/** The app of a program that knows its settings when it starts. */
export function appOf({ engine, flags }: Given): Pick<Hono, 'fetch'> {
  const settings = referenceSettings(engines[engine](), flags)
  return besides(createReferenceApp({ settings, eager: flags.eager ?? false, pause }))
}

/** The app of a program that learns its settings with a request, from its bindings. */
export function appOfBindings(eager: boolean): Pick<Hono, 'fetch'> {
  return besides(createReferenceApp({ settings: settingsOf, eager, pause }))
}

function settingsOf(c: Context<{ Bindings: Bindings }>): Settings {
  const { engine, flags } = c.env.GIVEN
  return referenceSettings(engines[engine](), flags)
}

async function pause(milliseconds: number | string | null | undefined): Promise<void> {
  const time = Number(milliseconds ?? 0)
  if (time > 0) await new Promise((resolve) => setTimeout(resolve, time))
}

/** Not mounted in one another: what is in between would be part of what is tried. */
function besides(app: Pick<Hono, 'fetch'>): Pick<Hono, 'fetch'> {
  return {
    fetch: (request, ...rest) => (asideOf(request.url) ?? app).fetch(request, ...rest),
  }
}
