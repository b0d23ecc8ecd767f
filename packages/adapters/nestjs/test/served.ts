import 'reflect-metadata'
import type { INestApplication, ModuleMetadata } from '@nestjs/common'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { Test } from '@nestjs/testing'
import { afterEach } from 'vitest'
import { nestVersion } from './nest-version.ts'

/** Makes the server of an application. */
export type Platform = () => ExpressAdapter | FastifyAdapter

/** Makes the servers that every test is run on. */
export const fastify: Platform = () => new FastifyAdapter({ forceCloseConnections: true })
export const express: Platform = () => new ExpressAdapter()

/** The same, with trust in the proxy in front of them. */
const trustingFastify: Platform = () => new FastifyAdapter({ trustProxy: true })
const trustingExpress: Platform = () => {
  const adapter = new ExpressAdapter()
  adapter.set('trust proxy', true)
  return adapter
}

const [node = 0] = process.versions.node.split('.').map(Number)
const expressRuns = nestVersion !== '12' || node >= 22

const onExpress = [`Nest ${nestVersion} on Express`, express, trustingExpress] as const
const onFastify = [
  `Nest ${nestVersion} on Fastify${expressRuns ? '' : ' (on Express it declares Node 22)'}`,
  fastify,
  trustingFastify,
] as const

/** The platforms that every test is run on, by name, and how they are made. */
export const platforms: readonly (typeof onExpress | typeof onFastify)[] = expressRuns
  ? [onExpress, onFastify]
  : [onFastify]

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** An application that is served until the end of the test. */
export interface Served {
  readonly app: INestApplication
  /** Sends a request. Redirects are not followed. */
  ask(path?: string, init?: RequestInit): Promise<Response>
}

/** Serves the application that a testing module makes. */
export async function serve(
  platform: Platform,
  metadata: ModuleMetadata,
  prepare: (app: INestApplication) => void = () => {},
): Promise<Served> {
  const module = await Test.createTestingModule(metadata).compile()
  const app = module.createNestApplication(platform(), { logger: false })
  prepare(app)
  return listening(app)
}

/** Makes an application listen until the end of the test. */
export async function listening(app: INestApplication): Promise<Served> {
  await app.listen(0, '127.0.0.1')
  closers.push(() => app.close())
  const url = await app.getUrl()
  return { app, ask: (path = '/', init = {}) => fetch(url + path, { redirect: 'manual', ...init }) }
}

/** The session cookie that a response sets. */
export function cookieOf(response: Response): string | undefined {
  return response.headers.getSetCookie().find((line) => line.startsWith('sessionid='))
}

/** The next request's options for a client that got this response. */
export function withCookieOf(response: Response): { headers: { cookie: string } } {
  return { headers: { cookie: cookieOf(response)?.split(';')[0] ?? '' } }
}
