/** A route of the reference app. */
export interface ReferenceRoute {
  readonly method: 'GET' | 'POST'
  /** The path, its parameters and the query parameters it understands, all of which may be absent. */
  readonly path: string
  /** What it does and answers. JSON, unless it says otherwise. */
  readonly does: string
}

/**
 * The reference app, route by route: what every adapter package implements in its framework's idiom. Where a route
 * "sets K", the value is `true`; without K it does not touch the session. Routes load the session before they use it,
 * `flush` apart. Errors are left to the framework and the adapter: the app has no error handling of its own.
 *
 * A server must take headers of 128 KB, so that absurd cookies reach the adapter (`referenceServerOptions`).
 */
export const referenceRoutes: readonly ReferenceRoute[] = [
  route('GET', '/untouched', 'does not touch the session: `{ "ok": true }`'),
  route('GET', '/read', '`{ "views": number or null }`'),
  route('GET', '/count', 'increments `views` by get and set: `{ "views": n }`'),
  route(
    'POST',
    '/increment?key=K&wait=MS',
    'loads, waits, increments K by `modify`: `{ "ok": true }`',
  ),
  route(
    'POST',
    '/set?key=K&value=V&wait=MS',
    'loads, waits, sets K to the string V: `{ "ok": true }`',
  ),
  route('POST', '/delete?key=K', '`{ "deleted": boolean }`'),
  route(
    'POST',
    '/nested?item=X',
    'pushes X onto the array under `cart` in place: `{ "cart": […] }`',
  ),
  route('GET', '/all', '`{ "key": sessionKey or null, "data": {…} }`'),
  route('POST', '/clear', '`clear()`: `{ "ok": true }`'),
  route(
    'POST',
    '/flush?key=K&status=CODE',
    '`flush()` without loading, then loads and sets K, answers with that status',
  ),
  route('POST', '/cycle', '`cycleKey()`: `{ "ok": true }`'),
  route(
    'POST',
    '/expiry?value=V',
    '`setExpiry` of seconds, `browser`, `default` or an ISO date: `{ "age", "date", "atBrowserClose" }`',
  ),
  route('GET', '/status/:code?key=K', 'sets K, answers with that status'),
  route('GET', '/throw?key=K', 'sets K, throws'),
  route('GET', '/cycle-throw', '`cycleKey()`, then throws'),
  route('GET', '/redirect', 'sets `user` to `ada`, 303 to `/all`'),
  route(
    'GET',
    '/headers?key=K&…',
    'sets K, answers with every other query parameter as a header, several of a name as several',
  ),
  route(
    'GET',
    '/stream',
    'sets `streamed`, then sends `chunk 1` to `chunk 5`, a line each, 50 ms apart',
  ),
  route('GET', '/sse', 'sets `streamed`, then sends the same as the data of five events'),
  route('GET', '/large?bytes=N', 'stores a string of N bytes under `large`: `{ "bytes": N }`'),
  route('POST', '/test-cookie/set', '`setTestCookie()`: `{ "worked": boolean }`'),
  route('GET', '/test-cookie/worked', '`{ "worked": boolean }`'),
  route('POST', '/test-cookie/delete', '`deleteTestCookie()`: `{ "worked": boolean }`'),
]

/** What `/stream` and `/sse` send, with a pause of {@link chunkPause} between two. */
export const referenceChunks: readonly string[] = [1, 2, 3, 4, 5].map((count) => `chunk ${count}`)

/** Milliseconds between two chunks of a stream. */
export const chunkPause = 50

function route(method: 'GET' | 'POST', path: string, does: string): ReferenceRoute {
  return { method, path, does }
}
