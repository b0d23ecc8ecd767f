import * as core from '@nestjs/core'

/**
 * The version of Nest that the tests run on; vitest.config.ts has them run on each. Nest 12 consists of ES modules, which,
 * unlike those of CommonJS, have no default export. From 11.1.4 on, Nest announces its server.
 */
export const nestVersion: '11.0' | '11' | '12' = version()

function version(): '11.0' | '11' | '12' {
  if (!('default' in core)) return '12'
  return 'init$' in core.HttpAdapterHost.prototype ? '11' : '11.0'
}
