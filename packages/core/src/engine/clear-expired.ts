import { checkOptions } from '../check-options.ts'
import type { ClearExpiredOptions } from './engine.ts'

/**
 * Checks the options of `clearExpired`; for authors of engines.
 *
 * @throws {InvalidSettingError} when an option is unknown or invalid.
 */
export function checkClearExpired(options: ClearExpiredOptions): void {
  checkOptions('clearExpired', options, {
    batchSize: 'whole number',
    onProgress: 'function',
    signal: 'signal',
  })
}
