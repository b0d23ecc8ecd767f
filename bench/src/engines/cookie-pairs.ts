import type { CookieContext, CookieEngine } from '@sessions/core'
import { inEncryptedCookie, inSignedCookie } from '../contenders/minimum/keepers.ts'
import { payload } from '../contenders/payload.ts'
import type { Places } from '../contenders/places.ts'
import { engineOf } from '../contenders/stores/engine-of.ts'
import type { Pair } from './pair.ts'

const context = (): CookieContext => ({
  cookieName: 'sessionid',
  cookieAge: 1_209_600,
  now: Date.now(),
})

/** Compares an engine's sealing and unsealing with the JSON and `node:crypto` calls that they need. */
export async function cookiePairs(
  store: 'signed-cookie' | 'encrypted-cookie',
): Promise<readonly Pair[]> {
  const engine = (await engineOf(store, {} as Places, 'engines')) as CookieEngine
  const keeper = store === 'signed-cookie' ? inSignedCookie : inEncryptedCookie
  const seal = (): string =>
    engine.seal({ data: JSON.stringify(payload), expiresAt: Date.now() + 86_400_000 }, context())
  const sealed = seal()
  const kept = await keeper.keep(undefined, JSON.stringify(payload))
  const by = 'node:crypto and JSON'
  return [
    {
      job: 'open',
      by,
      bare: () => JSON.parse(keeper.open(kept) as string) as unknown,
      engine: () => JSON.parse(engine.unseal(sealed, context())?.data ?? '') as unknown,
      limit: 2,
    },
    {
      job: 'seal',
      by,
      bare: () => keeper.keep(undefined, JSON.stringify(payload)),
      engine: seal,
      limit: 2,
    },
  ]
}
