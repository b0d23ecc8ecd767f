export { sessions } from './sessions.ts'
export type { SessionsOptions } from './options.ts'
export type { SessionEnv, SessionsMiddleware } from './middleware.ts'
