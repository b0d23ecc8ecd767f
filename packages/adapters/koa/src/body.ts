import type { Context } from 'koa'
import type { Readable } from 'node:stream'
import { isKoa3 } from './errors.ts'

/**
 * Waits for a commit, and meanwhile listens for errors of a body that is a stream. Koa 2 listens as soon as it is given the
 * stream; Koa 3 listens only when it sends it, and an error before that would crash the process.
 *
 * @returns a promise that rejects with the error of the stream, or else with that of the commit.
 */
export function commitBeforeBody(ctx: Context, committing: Promise<unknown>): Promise<unknown> {
  const { body } = ctx
  if (!isStream(body) || !isKoa3(ctx) || ctx.respond === false) return committing
  return watchBody(ctx, body, committing)
}

async function watchBody(
  ctx: Context,
  body: Readable,
  committing: Promise<unknown>,
): Promise<void> {
  const errors: Error[] = []
  // Never removed: if only headers are sent, Koa does not listen at all.
  body.on('error', (error) => errors.push(error))
  try {
    await committing
  } catch (error) {
    throw errors[0] ?? error
  }
  if (errors[0] === undefined) return
  // Koa would never end a response that has begun.
  if (ctx.headerSent) ctx.res.destroy()
  throw errors[0]
}

function isStream(body: unknown): body is Readable {
  return typeof (body as Partial<Readable> | null | undefined)?.pipe === 'function'
}
