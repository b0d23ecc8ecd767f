export type { SessionsOf } from '@sessions/core'
export { answerError } from './answer-error.ts'
export { sessions } from './sessions.ts'
export type {
  Next,
  NodeRequest,
  NodeResponse,
  SessionRequest,
  SessionsMiddleware,
  SessionsOptions,
} from './types.ts'
