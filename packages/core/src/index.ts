export { checkOptions, type OptionKind } from './check-options.ts'
export { type Codec, signedCodec, type SignedCodecSettings } from './codec.ts'
export type { DefaultData, SessionData } from './data.ts'
export { djangoSettings, type DjangoSettings } from './django.ts'
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
} from './engine.ts'
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
export { applyCommitted, type Committed, type ResponseHeaders } from './headers.ts'
export { managerOf, type SessionsOf } from './manager-of.ts'
export { jsonSerializer, type Serializer } from './serializer.ts'
export { type ExpiryOptions, SessionBase } from './session-base.ts'
export { Session, type UnloadedSession } from './session.ts'
export { type CommitResponse, createSessions, type FoundSession, Sessions } from './sessions.ts'
export type { AttributeFunctions, Clock, CookieSettings, Settings } from './settings.ts'
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
} from './signing.ts'
