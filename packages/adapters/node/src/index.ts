export { answerError } from './answer-error.ts'
export { sessions } from './sessions.ts'
export type {
  Next,
  NodeRequest,
  NodeResponse,
  SessionRequest,
  SessionsMiddleware,
  SessionsOf,
  SessionsOptions,
} from './types.ts'
