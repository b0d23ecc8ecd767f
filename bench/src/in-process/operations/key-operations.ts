import { platform } from '@sessions/core/platform'
import { createHash, randomUUID } from 'node:crypto'
import { newSessionKey } from '../../../../packages/core/src/session/session-key.ts'
import type { Operation } from '../operation.ts'
import { uid } from './peers.ts'

const key = 'k'.repeat(32)

/** Generating a session key, and the digest that stores get instead of it. */
export const keyOperations: readonly Operation[] = [
  {
    group: 'Keys',
    name: 'make',
    by: 'ours',
    run: () => newSessionKey((size) => platform.randomBytes(size)),
  },
  { group: 'Keys', name: 'make', by: 'by hand', run: () => randomUUID() },
  { group: 'Keys', name: 'make', by: 'uid-safe (Express)', run: () => uid.sync(24) },
  { group: 'Keys', name: 'digest', by: 'ours', run: () => platform.sha256Hex(key) },
  {
    group: 'Keys',
    name: 'digest',
    by: 'by hand',
    run: () => createHash('sha256').update(key).digest('hex'),
  },
]
