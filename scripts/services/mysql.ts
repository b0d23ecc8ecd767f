import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runAs } from './private-server.ts'
import type { Place, Service } from './service.ts'

/** MariaDB, or MySQL if that is installed. It writes its log at each commit, without waiting for the disk. */
export const mysql: Service = {
  title: 'MariaDB',
  variable: 'SESSIONS_MYSQL_URL',
  programs: {
    names: [['mariadbd', 'mysqld']],
    folders: ['/usr/sbin', '/usr/libexec', '/usr/local/sbin', '/usr/local/libexec'],
    package: 'mariadb-server',
  },

  async prepare(place) {
    const { folder, program, user } = place
    const data = `--datadir=${join(folder, 'data')}`
    writeFileSync(
      join(folder, 'init.sql'),
      "CREATE DATABASE IF NOT EXISTS sessions;\nCREATE USER IF NOT EXISTS tester@'%';\n" +
        "GRANT ALL PRIVILEGES ON *.* TO tester@'%';\n",
      { mode: 0o644 },
    )
    if (isMaria(place)) {
      const install = join(program('mariadbd'), '..', '..', 'bin', 'mariadb-install-db')
      const quick = ['--skip-test-db', '--auth-root-authentication-method=normal']
      await runAs(user, install, ['--no-defaults', data, ...quick])
    } else {
      await runAs(user, program('mariadbd'), ['--no-defaults', data, '--initialize-insecure'])
    }
  },

  launch: (place) => ({
    command: place.program('mariadbd'),
    args: [
      '--no-defaults',
      // Only MySQL opens a second port and requires a system folder.
      ...(isMaria(place) ? [] : ['--mysqlx=OFF', '--secure-file-priv=']),
      `--datadir=${join(place.folder, 'data')}`,
      `--init-file=${join(place.folder, 'init.sql')}`,
      `--socket=${join(place.folder, 'socket')}`,
      `--pid-file=${join(place.folder, 'pid')}`,
      '--bind-address=127.0.0.1',
      `--port=${place.port}`,
      '--skip-name-resolve',
      '--skip-log-bin',
      '--max-connections=200',
      '--innodb-flush-log-at-trx-commit=2',
      '--innodb-buffer-pool-size=64M',
      '--innodb-doublewrite=OFF',
    ],
    ready: /ready for connections/,
    stop: 'SIGKILL',
    url: `mysql://tester@127.0.0.1:${place.port}/sessions`,
  }),
}

function isMaria({ program }: Place): boolean {
  return /MariaDB/.test(
    execFileSync(program('mariadbd'), ['--no-defaults', '--version'], { encoding: 'utf8' }),
  )
}
