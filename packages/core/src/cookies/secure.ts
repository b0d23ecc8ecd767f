import type { Report } from '../events.ts'
import type { CommitResponse } from './headers.ts'

/**
 * Creates the rule that decides whether a response's cookie is Secure, from the setting `cookie.secure`. Browsers drop a
 * Secure cookie that comes over plain http: the first such response is reported, unless the host is a loopback one.
 */
export function secureRule(
  secure: boolean | 'auto',
  report: Report,
): (response: CommitResponse) => boolean {
  let reported = false
  return ({ https, host }) => {
    if (secure === false || https === true) return secure !== false
    const loopback = isLoopback(host)
    if (!loopback && https === false && !reported) {
      reported = true
      report?.({ type: 'insecure', host })
    }
    return secure === true || !loopback
  }
}

/** Whether a Host header names `localhost`, a subdomain of it, or a loopback address. */
function isLoopback(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK.test(host)
}

const LOOPBACK = /^((.*\.)?localhost|\[::1\]|127\.\d{1,3}\.\d{1,3}\.\d{1,3})(:\d+)?$/is
