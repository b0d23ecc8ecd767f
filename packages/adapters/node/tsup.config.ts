import { preset } from '../../../tsup.base.ts'

export default preset(['src/index.ts', 'src/adapter.ts'], {
  platform: 'node',
  // In CommonJS too, both entries have to know what a request carries.
  splitting: true,
})
