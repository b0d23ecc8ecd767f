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

test('where a cookie is sent the floor is our commands beside plain ones, and the headers beside the cookie', () => {
  const all = [...headers, ...commands('change'), ...commands('first-visit')]
  expect(floorOf({ all }, onKoa('redis'), 'change')).toBe(5)
  expect(floorOf({ all }, onKoa('redis'), 'first-visit')).toBe(5)
})

test('where none is sent it is the commands alone', () => {
  const all = [...headers, ...commands('read')]
  expect(floorOf({ all }, onKoa('redis'), 'read')).toBe(3)
})

test('where there are no commands it is the headers alone, and nothing where none are sent either', () => {
  expect(floorOf({ all: headers }, onKoa('memory'), 'change')).toBe(2)
  expect(floorOf({ all: headers }, onKoa('memory'), 'read')).toBeUndefined()
})

test('headers count on the framework on which they were measured, and on no other', () => {
  const onHttp = contenderNamed('sessions/http/memory')
  expect(floorOf({ all: headers }, onHttp, 'first-visit')).toBeUndefined()
})

test('commands that cost less than plain ones lower it', () => {
  const all = [
    ...headers,
    result('floor/http/postgres', 36, 'change'),
    result('floor/http/postgres:ours', 33, 'change'),
  ]
  expect(floorOf({ all }, onKoa('postgres'), 'change')).toBe(-1)
})
