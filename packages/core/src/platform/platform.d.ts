import type { Platform } from './contract.ts'

/** The implementation for the current runtime: see {@link Platform}. */
export declare const platform: Platform
export type { HashAlgorithm, Platform, SecretKey } from './contract.ts'
