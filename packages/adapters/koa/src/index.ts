export { sessions } from './sessions.ts'
export type { SessionContext, SessionsMiddleware } from './middleware.ts'
export type { SessionsOptions } from './options.ts'
