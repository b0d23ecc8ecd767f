import type { Context } from 'koa'
import type { Readable } from 'node:stream'
import { isKoa3 } from './errors.ts'

/**
 * Waits for a commit, and listens to a stream that is to be sent after it. Koa 2 listens as soon as it is given a stream;
 * Koa 3 listens only when it sends, and an error before that would end the process.
 *
 * @returns what rejects with the error that came first: that of the stream, or that of the commit.
 */
export function commitBeforeBody(ctx: Context, committing: Promise<unknown>): Promise<unknown> {
  const { body } = ctx
  if (!isStream(body) || !isKoa3(ctx) || ctx.respond === false) return committing
  return heedBody(ctx, body, committing)
}

async function heedBody(ctx: Context, body: Readable, committing: Promise<unknown>): Promise<void> {
  const errors: Error[] = []
  // It stays: if nothing is sent but headers, Koa does not listen at all.
  body.on('error', (error) => errors.push(error))
  try {
    await committing
  } catch (error) {
    throw errors[0] ?? error
  }
  if (errors[0] === undefined) return
  // What has begun already, Koa would leave open for ever.
  if (ctx.headerSent) ctx.res.destroy()
  throw errors[0]
}

function isStream(body: unknown): body is Readable {
  return typeof (body as Partial<Readable> | null | undefined)?.pipe === 'function'
}
