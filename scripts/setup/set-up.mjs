import { install } from './install.mjs'
import { holdLock } from './lock.mjs'
import { compileNative, nativeLoads } from './native.mjs'
import { isInstalled, forgetInstalled, rememberInstalled } from './stamp.mjs'

/**
 * Installs the dependencies unless they are up to date.
 *
 * @param {{ native: boolean }} options `native`: also compile better-sqlite3, which only the tests and the benchmark need
 * @returns {Promise<number>} the exit code
 */
export const setUp = async ({ native }) => {
  const isReady = () => isInstalled() && (!native || nativeLoads())
  if (isReady()) return 0

  const release = await holdLock()
  try {
    if (!isInstalled()) {
      // Without a stamp, the run after an interrupted one installs again.
      forgetInstalled()
      if (!(await install())) return 1
      rememberInstalled()
    }
    if (native && !nativeLoads() && !(await compileNative())) return 1
    return 0
  } finally {
    release()
  }
}
