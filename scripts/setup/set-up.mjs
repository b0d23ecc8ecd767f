import { install } from './install.mjs'
import { holdLock } from './lock.mjs'
import { compileNative, nativeLoads } from './native.mjs'
import { isInstalled, forgetInstalled, rememberInstalled } from './stamp.mjs'

/**
 * Installs what is missing, and nothing where nothing is.
 *
 * @param {{ native: boolean }} options `native`: also compile what only the tests need
 * @returns {Promise<number>} the exit code
 */
export const setUp = async ({ native }) => {
  const isReady = () => isInstalled() && (!native || nativeLoads())
  if (isReady()) return 0

  const release = await holdLock()
  try {
    if (!isInstalled()) {
      // A run that is interrupted leaves no stamp behind, and the next one installs again.
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
