export type { MountedSession, SessionsMounted } from './request.ts'
export { sessions } from './sessions.ts'
export type { SessionsMiddleware, SessionsOf, SessionsOptions } from './sessions.ts'
