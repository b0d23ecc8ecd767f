export { answerError } from './answer-error.ts'
export { attachCarrier } from './attach-carrier.ts'
export { Carrier, type Passage } from './carrier.ts'
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
