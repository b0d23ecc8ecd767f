import { contenderNamed } from './contenders/contenders.ts'
import { openPlaces } from './contenders/open-places.ts'
import { startContender } from './contenders/running.ts'
import { leaveACore, takeTheCore } from './http/cores.ts'
import { startLoader } from './http/loader.ts'
import { measure, warmUp } from './http/measure.ts'
import { scenarios } from './http/scenarios.ts'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
leaveACore()
const { places, close } = await openPlaces(['redis'])
const loader = await startLoader(2)
for (const name of process.argv.slice(3)) {
  rmSync('/tmp/prof', { recursive: true, force: true })
  const r = await startContender(contenderNamed(name), places, [
    '--cpu-prof',
    '--cpu-prof-dir=/tmp/prof',
    '--cpu-prof-interval=200',
  ])
  takeTheCore(r.pid)
  const s = scenarios.find((x) => x.name === process.argv[2])!
  await warmUp(r, loader, [s], 80)
  for (let i = 0; i < 8; i++) await measure(r, loader, s, { milliseconds: 500, requests: 20 })
  await loader.leave(r.port)
  await r.close()
  const file = readdirSync('/tmp/prof')
    .map((f) => '/tmp/prof/' + f)
    .sort((a, b) => readFileSync(b).length - readFileSync(a).length)[0]!
  const p = JSON.parse(readFileSync(file, 'utf8'))
  const self = new Map<string, number>()
  let total = 0
  const by = new Map<number, any>(p.nodes.map((n: any) => [n.id, n]))
  p.samples.forEach((id: number, i: number) => {
    const n = by.get(id)
    const f = n.callFrame
    const d = p.timeDeltas[i]
    if (f.functionName === '(idle)' || f.functionName === '(program)') {
      self.set(f.functionName, (self.get(f.functionName) ?? 0) + d)
      return
    }
    total += d
    const k = `${f.functionName || '(anon)'} ${f.url.replace(/.*\/(?=(packages|node_modules|bench))/, '').replace(/\.pnpm\/[^/]*\/node_modules\//, '')}:${f.lineNumber + 1}`
    self.set(k, (self.get(k) ?? 0) + d)
  })
  console.log(
    `\n## ${name} ${s.name}: total sampled ${(total / 1e3).toFixed(0)} ms (without idle, program)`,
  )
  const groups = new Map<string, number>()
  for (const [k, v] of self) {
    const g =
      /packages\/[a-z]+(\/[a-z-]+)?(?=\/)/.exec(k)?.[0]?.replace(/\/dist$/, '') ??
      (/^writev|^writeUtf8|^writeLatin/.test(k)
        ? 'socket writes'
        : /node:_?http/.test(k)
          ? 'node http'
          : /node:internal\/crypto/.test(k)
            ? 'node crypto'
            : /node:/.test(k)
              ? 'node other'
              : /^\(/.test(k)
                ? k.split(' ')[0]! + k.split(' ')[1]!
                : /bench/.test(k)
                  ? 'bench'
                  : (/node_modules\/(@[^/]+\/)?[^/]+/.exec(k)?.[0] ?? 'native'))
    groups.set(g, (groups.get(g) ?? 0) + v)
  }
  console.log(
    'groups: ' +
      [...groups]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 14)
        .map(([g, v]) => `${g} ${((v / total) * 100).toFixed(1)}%`)
        .join(', '),
  )
  for (const [k, v] of [...self]
    .filter(([k]) => /packages|express-session|^dumps|garbage/.test(k))
    .sort((a, b) => b[1] - a[1])
    .slice(0, 42))
    console.log(`${((v / total) * 100).toFixed(1).padStart(5)} % ${k}`)
}
loader.close()
await close()
