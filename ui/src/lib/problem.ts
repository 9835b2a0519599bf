// What the server says when it refuses (RFC 9457), and what a form makes of it.
import type { components } from './api.gen'
import { strings } from './strings'

type Problem = Partial<components['schemas']['Problem']>

/** The server refused, with its own sentence where it gave one, in the language of the pages. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    detail: string,
    /** Short and stable, such as wrong_password; empty when the answer was not the API's. */
    readonly code = '',
    /** What in the request is wrong, by the name of the field in its body. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
  }
}

/** Reads the answer with which the server refuses. */
export async function problemOf(answer: Response): Promise<ApiError> {
  const said: unknown = await answer.json().catch(() => null)
  const problem: Problem = said && typeof said === 'object' ? said : {}
  const sentence = problem.detail || problem.title || answer.statusText || String(answer.status)
  const code = problem.code ?? ''
  return new ApiError(answer.status, refusalOf(code, sentence) ?? sentence, code, fieldsOf(problem))
}

/** What a code means, in the language of the pages; undefined for those without words. */
export function refusalOf(code: string, said: string): string | undefined {
  const words = Object.hasOwn(strings.refusals, code) ? strings.refusals[code] : undefined
  return typeof words === 'function' ? words(said) : words
}

function fieldsOf({ errors }: Problem): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const { location = '', message = '' } of errors ?? []) {
    // "body.name", "body.tags[3]", "body.schedule[0].title": the field is the first name.
    const field = /^body\.(\w+)/.exec(location)?.[1]
    if (field) fields[field] ??= sentence(strings.fieldSaid(message))
  }
  return fields
}

/** "expected length <= 64" reads better as a sentence. */
function sentence(message: string): string {
  if (!message) return ''
  const text = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** Which field a refusal is about, where that is the same in every form. */
const FIELD_OF: Record<string, string> = {
  bad_name: 'name',
  name_taken: 'name',
  user_taken: 'name',
  reserved_name: 'name',
  bad_email: 'email',
  email_taken: 'email',
  bad_display_name: 'display_name',
  bad_password: 'password',
  wrong_password: 'password',
  bad_label: 'label',
  bad_expiry: 'expires_at',
  bad_scope: 'scopes',
  bad_site_name: 'site_name',
  bad_sign_up: 'sign_up',
  bad_accent_light: 'accent_light',
  bad_accent_dark: 'accent_dark',
}

/**
 * The words for each field of a form that an error is about. `codes` says which
 * field a code means in this form, where that is another than usual; `has` are
 * the form's fields. None when the error is about the whole.
 */
export function fieldErrors(
  error: unknown,
  codes: Readonly<Record<string, string>>,
  has: ReadonlySet<string>,
): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  const field = codes[error.code] ?? FIELD_OF[error.code]
  if (field && has.has(field)) return { [field]: error.message }
  return Object.fromEntries(Object.entries(error.fields).filter(([name]) => has.has(name)))
}
