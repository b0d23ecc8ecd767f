import { expect, test } from 'vitest'
import { ownCostTable } from '../src/http/own-cost-table.ts'
import { result } from './support/results.ts'

const rowsOf = (all: Parameters<typeof ownCostTable>[0]['all']) =>
  ownCostTable({ all, commands: new Map() }).rows

const headers = [
  result('floor/koa/set-cookie', 1, 'first-visit'),
  result('floor/koa/headers', 3, 'first-visit'),
]

test('a row shows our cost, the floor and the costs of others, with spreads and our share of each', () => {
  const all = [
    ...headers,
    result('minimum/koa/memory', 10, 'change'),
    result('koa-session/koa/memory', [30, 40, 50], 'change'),
    result('sessions/koa/memory', [12, 14, 13], 'change'),
  ]
  expect(rowsOf(all)).toEqual([
    [
      'koa',
      'memory',
      'read and change',
      '13.0 ±1.0',
      '2.0 (0.15)',
      '10.0 (1.30)',
      '40.0 ±10.0 (0.33)',
      '–',
      'yes',
    ],
  ])
})

test.each([
  ['no: by hand', 16, 60],
  ['no: by hand (floor)', 14, 60],
  ['no: by hand (floor); the best peer (out of reach)', 14, 20],
  ['no: the best peer (floor)', 13, 25],
  ['no: the best peer (out of reach)', 13, 20],
  ['yes', 13, 26],
])(
  'the verdict is "%s" if ours costs %d, the handwritten session 10, the floor 2 and a peer %d',
  (verdict, own, peer) => {
    const all = [
      ...headers,
      result('minimum/koa/memory', 10, 'first-visit'),
      result('koa-session/koa/memory', peer, 'first-visit'),
      result('sessions/koa/memory', own, 'first-visit'),
    ]
    expect(rowsOf(all).map((row) => row.at(-1))).toEqual([verdict])
  },
)
