export { sessions } from './sessions.ts'
export type { SessionContext, SessionsMiddleware } from './middleware.ts'
export type { SessionsOf, SessionsOptions } from './options.ts'
