import { expect } from 'vitest'
import { inProcess, type AdapterCase } from './context.ts'
import { expectUntouched, UNKNOWN_KEY } from './expectations.ts'

/** The number of engine calls that a request may cause. */
export const engineCalls: readonly AdapterCase[] = inProcess('calls to the engine', {
  'an untouched session with a live cookie: no call, and no header': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.reset()

    const answer = await visitor.get('/untouched')

    expect(app.probe.calls(), 'engine calls').toEqual([])
    expectUntouched(answer)
  },

  'a read: one load': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')

    expect(await app.calls(() => visitor.get('/read')), 'engine calls').toEqual(['load'])
    expect(await app.calls(() => visitor.get('/all')), 'engine calls').toEqual(['load'])
  },

  'a change: one load and one save': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')

    expect(await app.calls(() => visitor.get('/count')), 'engine calls').toEqual(['load', 'save'])
    expect(await app.calls(() => visitor.post('/increment?key=n')), 'engine calls').toEqual([
      'load',
      'save',
    ])
    expect(await app.calls(() => visitor.post('/nested?item=a')), 'engine calls').toEqual([
      'load',
      'save',
    ])
  },

  'a first visit: one create': async ({ serve }) => {
    const app = await serve()

    expect(await app.calls(() => app.visitor().get('/count')), 'engine calls').toEqual(['create'])
  },

  'a first visit with an unknown key: one load and one create': async ({ serve }) => {
    const app = await serve()
    const cookie = `${app.cookieName}=${UNKNOWN_KEY}`

    expect(await app.calls(() => app.send('/count', { cookie })), 'engine calls').toEqual([
      'load',
      'create',
    ])
  },

  'a rotation: one load and two writes': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')

    const calls = await app.calls(() => visitor.post('/cycle'))

    expect(calls[0]).toBe('load')
    expect(calls).toHaveLength(3)
    expect(calls).not.toContain('exists')
  },

  'a logout: one load, to see whether the key was rotated, and one delete': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')

    expect(await app.calls(() => visitor.post('/flush')), 'engine calls').toEqual([
      'load',
      'delete',
    ])
  },

  'deleting an absent key: one load': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')

    expect(await app.calls(() => visitor.post('/delete?key=absent')), 'engine calls').toEqual([
      'load',
    ])
  },

  'eager, an untouched session with a live cookie: one load, and no header': async ({ serve }) => {
    const app = await serve({ eager: true })
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.reset()

    const answer = await visitor.get('/untouched')

    expect(app.probe.calls(), 'engine calls').toEqual(['load'])
    expectUntouched(answer)
  },

  'eager, no cookie or a malformed one: no call': async ({ serve }) => {
    const app = await serve({ eager: true })
    const cookie = `${app.cookieName}=malformed`

    expect(await app.calls(() => app.send('/untouched')), 'engine calls').toEqual([])
    expect(await app.calls(() => app.send('/untouched', { cookie })), 'engine calls').toEqual([])
  },

  'eager, a change: still one load and one save': async ({ serve }) => {
    const app = await serve({ eager: true })
    const visitor = app.visitor()
    await visitor.get('/count')

    expect(await app.calls(() => visitor.get('/count')), 'engine calls').toEqual(['load', 'save'])
  },
})
