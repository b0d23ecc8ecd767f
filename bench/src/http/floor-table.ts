import type { StoreName } from '../contenders/contender.ts'
import type { Table } from '../section.ts'
import { addedOf, differenceOf, resultOf, type Result, type Results } from './results.ts'
import { scenarios } from './scenarios.ts'
import { signed } from './tables.ts'

/** What is asked of our engines and adapters, and costs more, however it is written, than what others do. */
export function floorTable(results: Results): Table {
  const commands = (['redis', 'redis:ioredis', 'postgres', 'sqlite'] as const).flatMap((store) =>
    commandRows(results, store),
  )
  const headers = ['http', 'koa', 'hono', 'fastify'].flatMap((framework) => {
    const [alone, all] = ['set-cookie', 'headers'].map((name) =>
      resultOf(results, `floor/${framework}/${name}`, 'first-visit'),
    )
    return rowOf('headers', framework, alone, all)
  })
  return {
    title: 'Floors',
    note: 'Microseconds of CPU added to the bare framework by the least that can be done, and by what is asked of us, with nothing of ours around it. Commands: those of our engine, given again by the bare client, beside its plain ones. Headers of a response that sends a cookie: `Vary: Cookie` and `Cache-Control: no-cache="Set-Cookie"` beside Set-Cookie, by the cheapest calls that the framework has.',
    columns: ['Of', 'On', 'Least', 'Asked of us', 'More'],
    rows: [...commands, ...headers],
  }
}

const commandRows = (results: Results, store: StoreName): readonly string[][] =>
  scenarios.flatMap(({ name, title }) => {
    const [plain, ours] = ['', ':ours'].map((kind) =>
      resultOf(results, `floor/http/${store}${kind}`, name),
    )
    return rowOf(`commands, ${title}`, store, plain, ours)
  })

function rowOf(of: string, on: string, least?: Result, asked?: Result): string[][] {
  if (least === undefined || asked === undefined) return []
  const more = differenceOf(asked.samples, least.samples)
  return [[of, on, signed(addedOf(least)), signed(addedOf(asked)), signed(more)]]
}
