import { jsonSerializer, signedCodec } from '@sessions/core'
import { createHash } from 'node:crypto'
import type { Operation } from '../operation.ts'
import { payload } from '../../contenders/payload.ts'

const codec = signedCodec({ secretKey: 'a secret of the benchmark, 40 characters' })
const text = JSON.stringify(payload)
const encoded = codec.encode(text)

/** Serialising and encoding a session of 500 bytes, and the way back. */
export const payloadOperations: readonly Operation[] = [
  { name: 'serialise', by: 'ours', run: () => jsonSerializer.dumps(payload) },
  { name: 'serialise', by: 'by hand', run: () => JSON.stringify(payload) },
  { name: 'serialise and hash', by: 'as express-session does', run: () => hashed(payload) },
  { name: 'deserialise', by: 'ours', run: () => jsonSerializer.loads(text) },
  { name: 'deserialise', by: 'by hand', run: () => JSON.parse(text) as unknown },
  { name: "encode, Django's format", by: 'ours', run: () => codec.encode(text) },
  { name: "decode, Django's format", by: 'ours', run: () => codec.decode(encoded) },
].map((operation) => ({ group: 'Payloads', ...operation }))

function hashed(session: object): string {
  return createHash('sha1').update(JSON.stringify(session), 'utf8').digest('hex')
}
