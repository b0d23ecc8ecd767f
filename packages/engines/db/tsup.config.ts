import { preset } from '../../../tsup.base.ts'

export default preset(['src/postgres.ts', 'src/sqlite.ts'])
