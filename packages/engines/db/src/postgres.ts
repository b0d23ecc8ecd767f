export type { DatabaseEngine } from './database-engine.ts'
export type {
  Pglite,
  PostgresClient,
  PostgresConnection,
  PostgresJs,
  PostgresPool,
  PostgresValue,
} from './postgres/client.ts'
export { postgresEngine } from './postgres/engine.ts'
export type { PostgresEngineOptions } from './postgres/engine.ts'
export type { Layout } from './layout.ts'
export type { AttributeColumn, TableOptions } from './table.ts'
