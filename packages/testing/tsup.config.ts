import { preset } from '../../tsup.base.ts'

export default preset(['src/index.ts', 'src/reference-app.ts'])
