import { preset } from '../../../tsup.base.ts'

export default preset(['src/index.ts'], { platform: 'node' })
