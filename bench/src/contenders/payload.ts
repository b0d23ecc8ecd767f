/** The data of a session in the benchmark. */
export interface Payload {
  views: number
  [key: string]: unknown
}

/** The size of that session as JSON, in bytes. */
export const PAYLOAD_BYTES = 500

/** Where counters start: high enough that counting never adds a digit, so every session keeps its size. */
export const FIRST_VIEWS = 1_000_000

const person = {
  views: FIRST_VIEWS,
  userId: '5f0c6a52-8a0f-4a63-9a2e-1d7be1b7f1c4',
  name: 'Ada Lovelace',
  roles: ['author', 'editor'],
  cart: [
    { sku: 'A-1001', quantity: 2, price: 19.9 },
    { sku: 'B-2044', quantity: 1, price: 5.25 },
    { sku: 'C-0310', quantity: 12, price: 0.99 },
  ],
  preferences: { language: 'en', theme: 'dark', newsletter: false, columns: [1, 2, 5, 8] },
  note: '',
}

/** A session of exactly `PAYLOAD_BYTES` bytes of JSON. */
export const payload: Payload = {
  ...person,
  note: 'n'.repeat(PAYLOAD_BYTES - JSON.stringify(person).length),
}

/** A copy of the payload that the caller may change. */
export const freshPayload = (): Payload => structuredClone(payload)
