// How a language counts and lists: what catalogues build their sentences with.

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** The counting of a language, for its catalogue. */
export function formsOf(language: string) {
  const rules = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language)
  return {
    /** The form that goes with `n`, by the language's own rules. */
    plural: (n: number, forms: Forms): string => forms[rules.select(n)] ?? forms.other,
    /** A number as the language writes it: "1,234", "1.234". */
    count: (n: number): string => numbers.format(n),
  }
}
