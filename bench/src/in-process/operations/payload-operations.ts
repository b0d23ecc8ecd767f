import { jsonSerializer, signedCodec } from '@sessions/core'
import { createHash } from 'node:crypto'
import type { Operation } from '../operation.ts'
import { ordinary } from './sessions-data.ts'

const codec = signedCodec({ secretKey: 'a secret of the benchmark, 40 characters' })
const text = JSON.stringify(ordinary)
const encoded = codec.encode(text)

/** A session of 500 bytes as text, that text as it is stored, and back. */
export const payloadOperations: readonly Operation[] = [
  { name: 'serialise', by: 'ours', run: () => jsonSerializer.dumps(ordinary) },
  { name: 'serialise', by: 'by hand', run: () => JSON.stringify(ordinary) },
  { name: 'serialise and hash', by: 'as express-session does', run: () => hashed(ordinary) },
  { name: 'deserialise', by: 'ours', run: () => jsonSerializer.loads(text) },
  { name: 'deserialise', by: 'by hand', run: () => JSON.parse(text) as unknown },
  { name: "encode, Django's format", by: 'ours', run: () => codec.encode(text) },
  { name: "decode, Django's format", by: 'ours', run: () => codec.decode(encoded) },
].map((operation) => ({ group: 'Payloads', ...operation }))

function hashed(session: object): string {
  return createHash('sha1').update(JSON.stringify(session), 'utf8').digest('hex')
}
