import type { HttpServer } from '@nestjs/common'
import type { HttpAdapterHost } from '@nestjs/core'

/**
 * Calls back with the server of an application: at once, or the moment that it gets one. A testing module gets its server
 * later than its providers, and what has no HTTP never does.
 */
export function whenServed(host: HttpAdapterHost, callback: (server: HttpServer) => void): void {
  const { httpAdapter: absent } = host
  if (absent) return callback(absent)
  // Nest announces it from 11.1.4 on only: here, being set is the announcement.
  const before = Object.getOwnPropertyDescriptor(host, 'httpAdapter')
  Object.defineProperty(host, 'httpAdapter', {
    configurable: true,
    get: () => absent,
    set(server: HttpAdapterHost['httpAdapter']) {
      if (before) Object.defineProperty(host, 'httpAdapter', before)
      else Reflect.deleteProperty(host, 'httpAdapter')
      host.httpAdapter = server
      callback(server)
    },
  })
}
