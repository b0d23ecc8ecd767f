import type { HttpServer } from '@nestjs/common'
import type { HttpAdapterHost } from '@nestjs/core'

/**
 * Calls back with the HTTP server of an application: at once, or as soon as it is set. A testing module gets its server after
 * its providers, and an application without HTTP never gets one.
 */
export function whenServed(host: HttpAdapterHost, callback: (server: HttpServer) => void): void {
  const { httpAdapter: current } = host
  if (current) return callback(current)
  // Nest announces the server only from 11.1.4 on, so its assignment is intercepted.
  const before = Object.getOwnPropertyDescriptor(host, 'httpAdapter')
  Object.defineProperty(host, 'httpAdapter', {
    configurable: true,
    get: () => current,
    set(server: HttpAdapterHost['httpAdapter']) {
      if (before) Object.defineProperty(host, 'httpAdapter', before)
      else Reflect.deleteProperty(host, 'httpAdapter')
      host.httpAdapter = server
      callback(server)
    },
  })
}
