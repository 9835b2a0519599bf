// What the server says in sentences of its own. They are English: so this
// catalogue is empty, and the others say the same by the codes.

/** A refusal in words, or what makes them of the server's own, which has the reason. */
export type Refusal = string | ((said: string) => string)

/** The numbers of a verdict, by their names. */
export type Figures = Readonly<Record<string, number>>

/** What to do, by the names that the settings of OBS, ffmpeg and other encoders have. */
export interface Advice {
  obs: string
  ffmpeg: string | ((figures: Figures) => string)
  other: string
}

/** A verdict of the doctor: what is seen in each of its cases, and what to do about it. */
export interface Verdicts {
  seen: Readonly<Record<string, (figures: Figures) => string>>
  fix: Advice | Readonly<Record<string, Advice>>
}

/** What cannot be carried: of pictures or of sound, and what it is called. */
export type Uncarried = (of: { kind: string; name: string }) => string

export const server = {
  /** Why the server refuses, by the code of its answer. */
  refusals: {} as Readonly<Record<string, Refusal>>,
  /** What is wrong with a field, of what the server's validation says. */
  fieldSaid: (said: string): string => said,
  /** What the doctor finds, by the code of its verdict. */
  verdicts: {} as Readonly<Record<string, Verdicts>>,
  /** What an encoder sends and viewers do not get, by the code of the notice. */
  notCarried: {} as Readonly<Record<string, Uncarried>>,
}
