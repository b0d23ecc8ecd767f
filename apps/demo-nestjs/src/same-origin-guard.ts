import type { CanActivate, ExecutionContext } from '@nestjs/common'
import { isForeignForm } from 'demo-page'
import type { IncomingMessage } from 'node:http'

/** A request of Express, as far as this guard looks at it. */
interface FormRequest extends IncomingMessage {
  readonly protocol: string
  readonly host: string
}

/** Lets no form through that stood on a page of another origin: those are answered 403. */
export class SameOriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const req = context.switchToHttp().getRequest<FormRequest>()
    return !isForeignForm(req, `${req.protocol}://${req.host}`)
  }
}
