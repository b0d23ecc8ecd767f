import type { CookieEngine, SessionEngine, Settings } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { encryptedCookieEngine, signedCookieEngine } from '@sessions/signed-cookies'
import { referenceSettings, type ReferenceFlags } from '@sessions/testing/reference-app'
import type { Context, Hono } from 'hono'
import { createReferenceApp } from '../../create-reference-app.ts'
import { asideOf } from './aside.ts'
import { secretKey } from './secret-key.ts'

/** The settings that a program is given. */
export interface Given {
  /** `sqlite` is the runtime's own, if it has one. */
  readonly engine: EngineName | 'sqlite'
  readonly flags: ReferenceFlags
}

/** The settings as a binding of a Worker. */
export interface Bindings {
  readonly GIVEN: Given & { readonly engine: EngineName }
}

type EngineName = 'memory' | 'signed-cookies' | 'encrypted-cookies'

/** The engines that run on every runtime. */
export const engines: Readonly<Record<EngineName, () => SessionEngine | CookieEngine>> = {
  memory: memoryEngine,
  'signed-cookies': () => signedCookieEngine({ secretKey }),
  'encrypted-cookies': () => encryptedCookieEngine({ secretKey }),
}

/** The app of a program that knows its settings when it starts. */
export function appOf(
  engine: SessionEngine | CookieEngine,
  flags: ReferenceFlags,
): Pick<Hono, 'fetch'> {
  const settings = referenceSettings(engine, flags)
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

/** Puts the other apps beside this one. They are not mounted in it, since its middleware would take part in the tests. */
function besides(app: Pick<Hono, 'fetch'>): Pick<Hono, 'fetch'> {
  return {
    fetch: (request, ...rest) => (asideOf(request.url) ?? app).fetch(request, ...rest),
  }
}
