import { contenderNamed } from './contenders/contenders.ts'
import { openPlaces } from './contenders/open-places.ts'
import { startContender } from './contenders/running.ts'
import { leaveACore, takeTheCore } from './http/cores.ts'
import { startLoader } from './http/loader.ts'
import { measure, warmUp } from './http/measure.ts'
import { scenarios, bareScenario } from './http/scenarios.ts'
leaveACore()
const { places, close } = await openPlaces(['redis'])
const loader = await startLoader(2)
for (const name of process.argv.slice(3)) {
  const r = await startContender(contenderNamed(name), places)
  takeTheCore(r.pid)
  await warmUp(r, loader, scenarios, 80)
  const s =
    r.contender.kind === 'bare' ? bareScenario : scenarios.find((x) => x.name === process.argv[2])!
  const out = []
  for (let i = 0; i < 12; i++) {
    const m = await measure(r, loader, s, { milliseconds: 350, requests: 20 })
    out.push(`${m.micros.toFixed(1)}/${Math.round(m.rate)}`)
  }
  console.log(name, out.join(' '))
  await loader.leave(r.port)
  await r.close()
}
loader.close()
await close()
