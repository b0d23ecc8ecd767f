import { preset } from '../../tsup.base.ts'

export default preset(['src/index.ts', 'src/fake-clock.ts', 'src/reference-app.ts'])
