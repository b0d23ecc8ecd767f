import * as fc from 'fast-check'

/** fast-check, which tries the same cases in every run. */
fc.configureGlobal({ seed: 20_260_101 })

export { fc }
