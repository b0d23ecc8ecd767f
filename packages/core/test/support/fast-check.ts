import * as fc from 'fast-check'

/** fast-check with a fixed seed, so that every run tries the same cases. */
fc.configureGlobal({ seed: 20_260_101 })

export { fc }
