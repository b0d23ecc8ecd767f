export { checkOptions, hasMethods, type OptionKind } from './check-options.ts'
export { type Codec, signedCodec, type SignedCodecSettings } from './payload/codec.ts'
export type { DefaultData, Key, SessionData } from './data.ts'
export type { EndOptions } from './manager/end-options.ts'
export { djangoSettings, type DjangoSettings } from './settings/django.ts'
export { checkClearExpired } from './engine/clear-expired.ts'
export type {
  AbortSignalLike,
  Attributes,
  AttributeValue,
  ClearExpiredOptions,
  CookieContext,
  CookieEngine,
  Created,
  Deleted,
  LoadedRecord,
  MaybePromise,
  Saved,
  SessionEngine,
  SessionRecord,
  UnsealedRecord,
} from './engine/engine.ts'
export {
  BadSignatureError,
  CookieTooLargeError,
  InvalidSettingError,
  isSessionError,
  SessionCommittedError,
  SessionConflictError,
  SessionEngineError,
  SessionError,
  SessionInterruptedError,
  SessionNotLoadedError,
  SessionSerializationError,
  SignatureExpiredError,
} from './errors.ts'
export type { SessionEvent } from './events.ts'
export {
  applyCommitted,
  type Committed,
  type CommitResponse,
  NO_RESPONSE,
  NOTHING,
  type ResponseHeaders,
  survivesError,
} from './cookies/headers.ts'
export { isPromise } from './steps.ts'
export { managerOf, type SessionsOf } from './manager/manager-of.ts'
export { jsonSerializer, type Serializer } from './payload/serializer.ts'
export { type ExpiryOptions, SessionBase } from './session/session-base.ts'
export { Session, type UnloadedSession } from './session/session.ts'
export type { FoundSession } from './manager/session-search.ts'
export { createSessions, Sessions } from './manager/sessions.ts'
export type { AttributeFunctions, Clock, CookieSettings, Settings } from './settings/settings.ts'
export {
  dumps,
  type DumpsOptions,
  loads,
  type LoadsOptions,
  Signer,
  type SignerSettings,
  type SignObjectOptions,
  TimestampSigner,
  type UnsignOptions,
} from './signing/signing.ts'
