// What a form knows while it is filled in and sent. Components find it in
// their context: Form puts it there, fields read their errors from it.

import { createContext } from 'svelte'
import { ApiError, fieldErrors } from './problem'
import { strings } from './strings'

export class FormState {
  /** It is being sent. */
  busy = $state(false)
  /** What is wrong with the whole, in words. */
  problem = $state('')
  /** What is wrong with each field, by its name. */
  errors = $state<Record<string, string>>({})
  /** The names of the form's fields. */
  readonly #fields = new Set<string>()

  /** Makes a field known for as long as it is there; returns what forgets it. */
  field(name: string): () => void {
    this.#fields.add(name)
    return () => this.#fields.delete(name)
  }

  /** Its owner changes a field: what was said of it is no longer so. */
  touched(name: string): void {
    delete this.errors[name]
  }

  clear(): void {
    this.problem = ''
    this.errors = {}
  }

  /**
   * Runs `send`, once at a time, and says in words what went wrong. Whether it
   * went well is returned. What is filled in stays.
   */
  async run(
    send: () => Promise<unknown>,
    codes: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.clear()
    try {
      await send()
      return true
    } catch (err) {
      this.errors = fieldErrors(err, codes, this.#fields)
      if (Object.keys(this.errors).length === 0) this.problem = wordsOf(err)
      return false
    } finally {
      this.busy = false
    }
  }
}

/** An error as a sentence: the server's own, or that it cannot be reached. */
export function wordsOf(error: unknown): string {
  return error instanceof ApiError ? error.message : strings.form.unreachable
}

/** What the browser finds wrong with a field, in our words; empty when nothing. */
export function wrongWith(
  field: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement,
): string {
  const { validity } = field
  const s = strings.form
  if (validity.valid) return ''
  if (validity.valueMissing) return field.type === 'checkbox' ? s.mustBeChecked : s.missing
  if (validity.typeMismatch) return field.type === 'email' ? s.notEmail : s.notAddress
  if (validity.tooShort) return s.tooShort(field.getAttribute('minlength') ?? '')
  if (validity.rangeUnderflow) return s.atLeast(field.getAttribute('min') ?? '')
  if (validity.rangeOverflow) return s.atMost(field.getAttribute('max') ?? '')
  return field.title || s.wrong
}

export const [formOf, setForm] = createContext<FormState>()
