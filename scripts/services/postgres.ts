import { join } from 'node:path'
import { runAs } from './private-server.ts'
import type { Service } from './service.ts'

/** PostgreSQL with statement statistics. It writes its log at each commit, without waiting for the disk. */
export const postgres: Service = {
  title: 'PostgreSQL',
  variable: 'SESSIONS_POSTGRES_URL',
  programs: {
    names: [['postgres'], ['initdb']],
    folders: ['/usr/lib/postgresql/*/bin'],
    package: 'postgresql',
  },

  async prepare({ folder, program, user }) {
    const args = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C']
    await runAs(user, program('initdb'), [...args, '--no-sync', '--pgdata', join(folder, 'data')])
  },

  launch: ({ folder, port, program }) => ({
    command: program('postgres'),
    args: [
      ['-D', join(folder, 'data')],
      ...[
        'listen_addresses=127.0.0.1',
        `port=${port}`,
        'unix_socket_directories=',
        'fsync=off',
        'full_page_writes=off',
        'max_connections=200',
        'shared_preload_libraries=pg_stat_statements',
      ].map((setting) => ['-c', setting]),
    ].flat(),
    ready: /database system is ready to accept connections/,
    stop: 'SIGQUIT',
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
  }),
}
