export type { DatabaseEngine } from './database-engine.ts'
export type {
  MysqlClient,
  MysqlConnection,
  MysqlPool,
  MysqlPromisePool,
  MysqlValue,
} from './mysql/client.ts'
export { mysqlEngine } from './mysql/engine.ts'
export type { MysqlEngineOptions } from './mysql/engine.ts'
export type { Layout } from './layout.ts'
export type { AttributeColumn, TableOptions } from './table.ts'
