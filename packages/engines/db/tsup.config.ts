import { preset } from '../../../tsup.base.ts'

export default preset(['src/postgres.ts', 'src/mysql.ts', 'src/sqlite.ts'])
