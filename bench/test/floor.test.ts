import { expect, test } from 'vitest'
import { contenderNamed } from '../src/contenders/contenders.ts'
import { floorOf } from '../src/http/floor.ts'
import { result } from './support/results.ts'

const headers = [
  result('floor/koa/set-cookie', 1, 'first-visit'),
  result('floor/koa/headers', 3, 'first-visit'),
]
const commands = (scenario: string) => [
  result('floor/http/redis', 4, scenario),
  result('floor/http/redis:ours', 7, scenario),
]
const onKoa = (store: string) => contenderNamed(`sessions/koa/${store}`)

test('in a scenario that sends a cookie, the floor is the extra cost of our commands and of our headers', () => {
  const all = [...headers, ...commands('change'), ...commands('first-visit')]
  expect(floorOf({ all }, onKoa('redis'), 'change')).toBe(5)
  expect(floorOf({ all }, onKoa('redis'), 'first-visit')).toBe(5)
})

test('in a scenario that sends no cookie, the floor is the extra cost of our commands', () => {
  const all = [...headers, ...commands('read')]
  expect(floorOf({ all }, onKoa('redis'), 'read')).toBe(3)
})

test('over a store without commands, the floor is that of the headers, and undefined if none are sent', () => {
  expect(floorOf({ all: headers }, onKoa('memory'), 'change')).toBe(2)
  expect(floorOf({ all: headers }, onKoa('memory'), 'read')).toBeUndefined()
})

test('headers measured on one framework do not count on another', () => {
  const onHttp = contenderNamed('sessions/http/memory')
  expect(floorOf({ all: headers }, onHttp, 'first-visit')).toBeUndefined()
})

test('commands of ours that cost less than plain ones lower the floor', () => {
  const all = [
    ...headers,
    result('floor/http/postgres', 36, 'change'),
    result('floor/http/postgres:ours', 33, 'change'),
  ]
  expect(floorOf({ all }, onKoa('postgres'), 'change')).toBe(-1)
})
