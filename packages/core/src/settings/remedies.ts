/** What people write who come from other libraries, and what it is called here. */
export const REMEDIES: Readonly<Record<string, string>> = {
  store: 'use `engine`',
  name: 'use `cookie.name`',
  key: 'use `cookie.name`',
  maxAge: 'use `cookie.age`, in seconds',
  'cookie.maxAge': 'use `cookie.age`, in seconds',
  'cookie.expires': 'use `cookie.age`, in seconds',
  secret:
    'session keys are random and need no signature: leave it out, or give it to `signedCodec` or a cookie engine',
  genid: 'keys are always 32 random characters: leave it out',
  unset: 'call `session.flush()` to end a session: leave it out',
  proxy: 'tell the framework which proxies it may trust',
  httpOnly: 'use `cookie.httpOnly`',
  secure: 'use `cookie.secure`',
  sameSite: 'use `cookie.sameSite`',
  domain: 'use `cookie.domain`',
  path: 'use `cookie.path`',
  resave: 'unchanged sessions are never written: leave it out',
  saveUninitialized: 'empty sessions are never created: leave it out',
  rolling: 'use `renewAfter` or `saveEveryRequest`',
  eager: 'give it to the adapter as a second argument: `sessions(settings, { eager: true })`',
}
