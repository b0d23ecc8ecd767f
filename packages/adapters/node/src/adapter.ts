export { attachCarrier, innermostCarrier } from './attach-carrier.ts'
export { Carrier } from './carrier.ts'
export type { Exchange } from './exchange.ts'
export { isSecure } from './is-secure.ts'
