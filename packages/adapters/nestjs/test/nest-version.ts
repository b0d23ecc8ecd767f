import * as core from '@nestjs/core'

/**
 * The Nest that the tests run on; vitest.config.ts has them run on each. From 12 on it consists of ES modules, and those of
 * CommonJS have a default export; from 11.1.4 on a server is announced.
 */
export const nestVersion: '11.0' | '11' | '12' = version()

function version(): '11.0' | '11' | '12' {
  if (!('default' in core)) return '12'
  return 'init$' in core.HttpAdapterHost.prototype ? '11' : '11.0'
}
