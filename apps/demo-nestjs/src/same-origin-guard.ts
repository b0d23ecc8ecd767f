import type { CanActivate, ExecutionContext } from '@nestjs/common'
import { isForeignForm } from 'demo-page'
import type { IncomingMessage } from 'node:http'

/** The parts of an Express request that this guard reads. */
interface FormRequest extends IncomingMessage {
  readonly protocol: string
  readonly host: string
}

/** Rejects forms that a page of another origin submits, with status 403. */
export class SameOriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const req = context.switchToHttp().getRequest<FormRequest>()
    return !isForeignForm(req, `${req.protocol}://${req.host}`)
  }
}
