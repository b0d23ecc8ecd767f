import type { Operation } from '../operation.ts'
import { cookieOperations } from './cookie-operations.ts'
import { keyOperations } from './key-operations.ts'
import { payloadOperations } from './payload-operations.ts'
import { sealingOperations } from './sealing-operations.ts'
import { sessionOperations } from './session-operations.ts'
import { signingOperations } from './signing-operations.ts'

/** All operations, group by group. */
export async function operations(): Promise<readonly Operation[]> {
  return [
    ...(await sessionOperations()),
    ...cookieOperations,
    ...keyOperations,
    ...payloadOperations,
    ...signingOperations,
    ...(await sealingOperations()),
  ]
}
