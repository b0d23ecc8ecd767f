import { preset } from '../../tsup.base.ts'

export default preset(['src/index.ts', 'src/platform/node.ts', 'src/platform/portable.ts'], {
  tsconfig: 'tsconfig.platform.json',
  // Which platform it is, the runtime that loads the core decides, not this build.
  external: ['@sessions/core/platform'],
})
