export { sessions } from './sessions.ts'
export type { SessionsOf, SessionsOptions } from './options.ts'
export type { SessionEnv, SessionsMiddleware } from './middleware.ts'
