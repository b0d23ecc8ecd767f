export {
  describeExpiry,
  everything,
  mayHaveBody,
  parseExpiry,
  pushToCart,
  requestedHeaders,
} from './reference-app/answers.ts'
export {
  flagName,
  flagsToSettings,
  referenceFlags,
  referenceSettings,
  settingsToFlags,
  type FlagKind,
  type ReferenceFlags,
} from './reference-app/flags.ts'
export {
  referenceApp,
  type ReferenceApp,
  type ReferenceAppOptions,
  type ReferenceServer,
  type ServeReferenceApp,
} from './reference-app/options.ts'
export {
  chunkPause,
  referenceChunks,
  referenceRoutes,
  type ReferenceRoute,
} from './reference-app/routes.ts'
export { listen, referenceServerOptions } from './reference-app/server.ts'
