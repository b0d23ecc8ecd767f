/** Options of other session libraries, and what to write here instead. */
export const REMEDIES: Readonly<Record<string, string>> = {
  store: 'use `engine`',
  name: 'use `cookie.name`',
  key: 'use `cookie.name`',
  age: 'use `cookie.age`, in seconds',
  maxAge: 'use `cookie.age`, in seconds',
  'cookie.maxAge': 'use `cookie.age`, in seconds',
  'cookie.expires': 'use `cookie.age`, in seconds',
  secret:
    'session keys are random and need no signature. Remove it, or pass it to `signedCodec` or a cookie engine',
  genid: 'keys are always 32 random characters. Remove it',
  unset: 'remove it, and call `session.flush()` to end a session',
  proxy: 'configure the framework to trust your proxies',
  httpOnly: 'use `cookie.httpOnly`',
  secure: 'use `cookie.secure`',
  sameSite: 'use `cookie.sameSite`',
  domain: 'use `cookie.domain`',
  path: 'use `cookie.path`',
  resave: 'unchanged sessions are never written. Remove it',
  saveUninitialized: 'empty sessions are never created. Remove it',
  rolling: 'use `renewAfter` or `saveEveryRequest`',
  eager: 'pass it to the adapter as the second argument, `sessions(settings, { eager: true })`',
}
