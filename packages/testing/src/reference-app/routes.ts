/** A route of the reference app. */
export interface ReferenceRoute {
  readonly method: 'GET' | 'POST'
  /** The path, with its parameters and its query parameters, all of which are optional. */
  readonly path: string
  /** What the route does and answers; the answer is JSON unless it says otherwise. */
  readonly does: string
}

/**
 * The routes of the reference app, which every adapter package implements in its framework's idiom. A route that "sets K"
 * sets it to `true`; without K it does not touch the session. All routes but `/flush` load the session before they use it.
 * The app does not handle errors: it leaves them to the framework and the adapter.
 *
 * The server must accept headers of 128 KB, so that oversized cookies reach the adapter (`referenceServerOptions`).
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
    'sets K, answers with every other query parameter as a header; a repeated parameter is a repeated header',
  ),
  route(
    'GET',
    '/stream',
    'sets `streamed`, then sends the lines `chunk 1` to `chunk 5`, 50 ms apart',
  ),
  route('GET', '/sse', 'sets `streamed`, then sends the same chunks as the data of five events'),
  route('GET', '/large?bytes=N', 'stores a string of N bytes under `large`: `{ "bytes": N }`'),
  route('POST', '/test-cookie/set', '`setTestCookie()`: `{ "worked": boolean }`'),
  route('GET', '/test-cookie/worked', '`{ "worked": boolean }`'),
  route('POST', '/test-cookie/delete', '`deleteTestCookie()`: `{ "worked": boolean }`'),
]

/** The chunks that `/stream` and `/sse` send, {@link chunkPause} apart. */
export const referenceChunks: readonly string[] = [1, 2, 3, 4, 5].map((count) => `chunk ${count}`)

/** The pause between two chunks of a stream, in milliseconds. */
export const chunkPause = 50

function route(method: 'GET' | 'POST', path: string, does: string): ReferenceRoute {
  return { method, path, does }
}
