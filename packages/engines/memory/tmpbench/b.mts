import { createSessions } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
const engine = memoryEngine()
const m = createSessions<any>({ engine })
const s0 = m.open()
for (let i = 0; i < 8; i++) s0.set('key' + i, { id: i, name: 'some name here', list: [1, 2, 3] })
s0.set('views', 1)
await s0.save()
console.log('bytes', JSON.stringify(s0.toObject()).length)
const header = 'theme=dark; sessionid=' + s0.sessionKey
const R = { status: 200, https: true, host: 'example.com' }
async function bench(name: string, n: number, f: () => any) {
  for (let i = 0; i < n / 4; i++) {
    const r = f()
    if (r && r.then) await r
  }
  const runs: number[] = []
  for (let k = 0; k < 5; k++) {
    const t = process.cpuUsage()
    for (let i = 0; i < n; i++) {
      const r = f()
      if (r && r.then) await r
    }
    const u = process.cpuUsage(t)
    runs.push((u.user + u.system) / n)
  }
  runs.sort((a, b) => a - b)
  console.log(name.padEnd(40), runs[2]!.toFixed(2), 'us')
}
await bench('untouched', 500000, () => {
  const s = m.openFromCookies(header)
  m.commit(s, R)
})
await bench('JSON.parse+stringify', 100000, () =>
  JSON.stringify(JSON.parse(JSON.stringify(s0.toObject()))),
)
await bench('read field', 50000, async () => {
  const s = await m.openFromCookies(header).load()
  s.get('views')
  const c = m.commit(s, R)
  if ('then' in c) await c
})
await bench('read data', 50000, async () => {
  const s = await m.openFromCookies(header).load()
  s.data.views
  const c = m.commit(s, R)
  if ('then' in c) await c
})
await bench('change', 50000, async () => {
  const s = await m.openFromCookies(header).load()
  s.set('views', s.get('views') + 1)
  await m.commit(s, R)
})
await bench('first visit', 50000, async () => {
  const s = await m.openFromCookies('').load()
  s.set('views', 1)
  await m.commit(s, R)
})
