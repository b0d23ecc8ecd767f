import { preset } from '../../tsup.base.ts'

export default preset(['src/index.ts', 'src/platform/node.ts', 'src/platform/portable.ts'], {
  tsconfig: 'tsconfig.platform.json',
  // The runtime that loads core chooses the platform, not this build.
  external: ['@sessions/core/platform'],
})
