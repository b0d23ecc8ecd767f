import { contenders } from './contenders/contenders.ts'
import { startContender } from './contenders/running.ts'
import { keepServer } from '../../scripts/services/keep-server.ts'
const redis = await keepServer('redis')
const postgres = await keepServer('postgres')
const places = {
  redis: redis.url,
  postgres: postgres.url,
  memcached: '127.0.0.1:11211',
  folder: '/tmp/btry',
}
for (const contender of contenders.filter(
  (c) => c.store !== 'memcached' && c.name.includes(process.argv[2] ?? ''),
)) {
  try {
    const running = await startContender(contender, places)
    let cookie = ''
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${running.port}${path}`, {
        headers: cookie ? { cookie } : {},
        redirect: 'manual',
      })
      const set = response.headers.getSetCookie()
      if (set.length) {
        const jar = new Map(
          cookie
            .split('; ')
            .filter(Boolean)
            .map((c) => [c.split('=')[0], c] as const),
        )
        for (const s of set) {
          const c = s.split(';')[0] ?? ''
          jar.set(c.split('=')[0] ?? '', c)
        }
        cookie = [...jar.values()].join('; ')
      }
      return `${path} ${response.status} ${(await response.text()).slice(0, 60)}${set.length ? ' +cookie' : ''}`
    }
    const out = [await ask('/untouched')]
    if (contender.kind !== 'bare')
      for (const p of ['/seed', '/read', '/change', '/read']) out.push(await ask(p))
    if (contender.kind === 'peer' || contender.kind === 'ours')
      for (const p of ['/set?key=k1&wait=1', '/keys', '/redirect', '/logout', '/keys'])
        out.push(await ask(p))
    console.log(contender.name, '\n   ', out.join('\n    '))
    await running.close()
  } catch (e) {
    console.log(contender.name, 'FAILED', String(e).slice(0, 1500))
  }
}
await redis.close()
await postgres.close()
