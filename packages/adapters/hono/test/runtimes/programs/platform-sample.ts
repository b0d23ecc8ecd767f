import { platform, type HashAlgorithm } from '@sessions/core/platform'

const texts = ['', 'a', 'żółć 🔑', '\ud800 alone', '\ufeffmark', 'long '.repeat(20_000)]
const encodings = ['', 'YQ', 'YQ==', 'YQ=', 'YR', 'Y Q', 'Y-_w', 'Y+/w', 'é', '====', 'YWJj']
const algorithms: readonly HashAlgorithm[] = ['sha1', 'sha256', 'sha512']

const secret = new Uint8Array(32).fill(7)
const nonce = new Uint8Array(12).fill(3)
const aad = Uint8Array.of(1, 2, 3)

/** What core's platform computes from a fixed input, in hex. It must be the same on every runtime. */
export function samplePlatform(): Readonly<Record<string, string>> {
  const sample: Record<string, string> = {}
  const key = platform.secretKey(secret)
  for (const text of texts) {
    const data = platform.utf8(text)
    const name = `${JSON.stringify(text.slice(0, 10))} ${text.length}`
    for (const algorithm of algorithms) {
      sample[`${algorithm} ${name}`] = hex(platform.hash(algorithm, data))
      sample[`hmac ${algorithm} ${name}`] = platform.hmacBase64Url(algorithm, key, text)
    }
    const sealed = platform.aesGcmSeal(key, nonce, data, aad)
    sample[`sha256Hex ${name}`] = platform.sha256Hex(text)
    sample[`hkdf ${name}`] = hex(platform.hkdf(data, secret, aad, 48))
    sample[`base64Url ${name}`] = platform.base64Url(data)
    sample[`fromUtf8 ${name}`] = platform.fromUtf8(data) ?? 'refused'
    sample[`seal ${name}`] = hex(sealed)
    sample[`open ${name}`] = hex(platform.aesGcmOpen(key, nonce, sealed, aad))
    sample[`open, other data beside it ${name}`] = hex(
      platform.aesGcmOpen(key, nonce, sealed, nonce),
    )
    Object.assign(sample, sampleInflate(name, data))
  }
  for (const text of encodings) sample[`fromBase64Url ${text}`] = hex(platform.fromBase64Url(text))
  sample['fromUtf8, broken'] = platform.fromUtf8(Uint8Array.of(0xff)) ?? 'refused'
  sample['open, too short'] = hex(platform.aesGcmOpen(key, nonce, aad, aad))
  return sample
}

/** The deflated bytes may differ, but must inflate to the same. */
function sampleInflate(name: string, data: Uint8Array): Record<string, string> {
  const deflated = platform.deflate(data)
  const size = Math.max(data.byteLength, 1)
  const inflate = (bytes: Uint8Array, most = size): string => hex(platform.inflate(bytes, most))
  return {
    [`inflate ${name}`]: inflate(deflated),
    [`inflate, too much ${name}`]: size > 1 ? inflate(deflated, size - 1) : '',
    [`inflate, cut ${name}`]: inflate(deflated.subarray(0, -1)),
    [`inflate, more behind it ${name}`]: inflate(Uint8Array.of(...deflated, 0)),
    [`inflate, no zlib ${name}`]: inflate(data),
  }
}

function hex(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return 'refused'
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
