import * as core from '@nestjs/core'

/**
 * The Nest that the tests run on; vitest.config.ts has them run on both. From 12 on it consists of ES modules, and those of
 * CommonJS have a default export.
 */
export const nestVersion: number = 'default' in core ? 11 : 12
