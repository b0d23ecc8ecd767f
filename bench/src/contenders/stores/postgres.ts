import { Pool } from 'pg'
import type { Places } from '../places.ts'
import type { Kv } from './kv.ts'

/** A pool of `pg`. */
export const postgresPool = ({ postgres }: Places): Pool => new Pool({ connectionString: postgres })

/** Prepared statements on a table of keys and texts. */
export async function postgresKv(pool: Pool): Promise<Kv> {
  await pool.query('create table if not exists bare_kv (key text primary key, value text not null)')
  const upsert =
    'insert into bare_kv values ($1, $2) on conflict (key) do update set value = excluded.value'
  return {
    async get(key) {
      const query = { name: 'get', text: 'select value from bare_kv where key = $1', values: [key] }
      return (await pool.query<{ value: string }>(query)).rows[0]?.value
    },
    set: (key, text) => pool.query({ name: 'set', text: upsert, values: [key, text] }),
    delete: (key) => pool.query('delete from bare_kv where key = $1', [key]),
  }
}
