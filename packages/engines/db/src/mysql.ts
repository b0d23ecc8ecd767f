export type { DatabaseEngine } from './database-engine.ts'
export type {
  MysqlCallbackPool,
  MysqlClient,
  MysqlConnection,
  MysqlPool,
  MysqlValue,
} from './mysql-client.ts'
export { mysqlEngine } from './mysql-engine.ts'
export type { MysqlEngineOptions } from './mysql-engine.ts'
export type { Layout } from './layout.ts'
export type { AttributeColumn, TableOptions } from './table.ts'
