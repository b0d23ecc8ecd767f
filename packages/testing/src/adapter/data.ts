import { expect } from 'vitest'
import { overHttp, type AdapterCase } from './context.ts'
import { expectKey, expectNewKey, expectVaryOnly } from './expectations.ts'
import { referenceRoutes } from '../reference-app/routes.ts'

const data = overHttp('data', {
  'lasts from one request to the next': async ({ serve }) => {
    const visitor = (await serve()).visitor()

    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: null })
    expect((await visitor.get('/count')).json(), 'GET /count').toEqual({ views: 1 })
    expect((await visitor.get('/count')).json(), 'GET /count').toEqual({ views: 2 })
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 2 })
  },

  'is each visitor’s own': async ({ serve }) => {
    const app = await serve()
    const [ada, bob] = [app.visitor(), app.visitor()]
    await ada.post('/set?key=name&value=ada')
    await bob.post('/set?key=name&value=bob')

    expect((await ada.all()).data).toEqual({ name: 'ada' })
    expect((await bob.all()).data).toEqual({ name: 'bob' })
    expect(ada.key()).not.toBe(bob.key())
  },

  'changes under the same session key': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    const key = expectNewKey(await visitor.get('/count'))

    expectKey(await visitor.get('/count'), key)
    expect((await visitor.all()).key).toBe(key)
  },

  'delete removes a key, and stores nothing if the key is absent': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    await visitor.post('/set?key=a&value=1')
    await visitor.post('/set?key=b&value=2')

    expect((await visitor.post('/delete?key=a')).json(), 'POST /delete?key=a').toEqual({
      deleted: true,
    })
    expectVaryOnly(await visitor.post('/delete?key=a'))
    expect((await visitor.all()).data, 'session data').toEqual({ b: '2' })
  },

  'deleting the last key keeps the session and its session key': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    await visitor.post('/set?key=a&value=1')
    const key = visitor.key()

    expectKey(await visitor.post('/delete?key=a'), key)
    expect(await visitor.all(), 'session').toEqual({ key, data: {} })
  },

  'a change inside a value is stored without calling set': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    expectNewKey(await visitor.post('/nested?item=apple'))

    expectKey(await visitor.post('/nested?item=pear'), visitor.key())
    expect((await visitor.all()).data, 'session data').toEqual({ cart: ['apple', 'pear'] })
  },

  'keys that name members of Object.prototype are ordinary keys': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    for (const key of ['__proto__', 'constructor', 'toString', '0']) {
      await visitor.post(`/set?key=${key}&value=v`)
    }

    const { data } = await visitor.all()
    expect(Object.keys(data).toSorted()).toEqual(['0', '__proto__', 'constructor', 'toString'])
    expect(
      (await visitor.post('/delete?key=__proto__')).json(),
      'POST /delete?key=__proto__',
    ).toEqual({ deleted: true })
    expect((await visitor.post('/delete?key=valueOf')).json(), 'POST /delete?key=valueOf').toEqual({
      deleted: false,
    })
  },

  'any text is stored unchanged': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    const value = 'żółć 🔑 "\\ \u2028 </script>; a=b\u0000'

    await visitor.post(`/set?key=t&value=${encodeURIComponent(value)}`)

    expect((await visitor.all()).data, 'session data').toEqual({ t: value })
  },

  'of 300 KB is stored unchanged': async ({ serve }) => {
    const visitor = (await serve()).visitor()

    const answer = await visitor.get('/large?bytes=300000')

    expect(answer.json(), 'body').toEqual({ bytes: 300_000 })
    expect(String((await visitor.all()).data['large'])).toHaveLength(300_000)
  },
})

const testCookie = overHttp('the test cookie', {
  'works on the next request of a browser that takes cookies': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    expectNewKey(await visitor.post('/test-cookie/set'))

    expect((await visitor.get('/test-cookie/worked')).json(), 'GET /test-cookie/worked').toEqual({
      worked: true,
    })
    expect((await visitor.post('/test-cookie/delete')).json(), 'POST /test-cookie/delete').toEqual({
      worked: false,
    })
    expect((await visitor.get('/test-cookie/worked')).json(), 'GET /test-cookie/worked').toEqual({
      worked: false,
    })
  },

  'does not work without cookies': async ({ serve }) => {
    const app = await serve()
    await app.send('/test-cookie/set', { method: 'POST' })

    expect((await app.send('/test-cookie/worked')).json()).toEqual({ worked: false })
  },
})

const routes = overHttp('the reference app', {
  'answers every route of referenceRoutes with the status it should': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    const statuses: Record<string, number> = {}
    for (const { method, path } of referenceRoutes) {
      const route = path.split('?')[0]?.replace(':code', '200') ?? path
      const answer = await visitor.get(route, { method })
      statuses[`${method} ${route}`] = answer.status
    }

    const failing = Object.entries(statuses).filter(([, status]) => status !== 200)
    expect(Object.fromEntries(failing)).toEqual({
      'GET /throw': 500,
      'GET /cycle-throw': 500,
      'GET /redirect': 303,
    })
  },

  'behaves the same if mounted with eager: true': async ({ serve }) => {
    const visitor = (await serve({ eager: true })).visitor()

    expectNewKey(await visitor.get('/count'))
    expect((await visitor.get('/count')).json(), 'GET /count').toEqual({ views: 2 })
    expectVaryOnly(await visitor.get('/read'))
    await visitor.post('/flush')
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: null })
  },
})

/** The data of a session, and the reference app itself. */
export const sessionData: readonly AdapterCase[] = [...routes, ...data, ...testCookie]
