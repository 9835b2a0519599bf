// What a viewer chose, kept in the browser. Storage may be forbidden or hold
// anything: then the defaults stand.

/** How close to the edge a viewer wants to be. */
export type LatencyMode = 'lowest' | 'balanced' | 'smooth'

/** The buffer that each mode keeps, in seconds; smooth is hls.js's own. */
export const MARGIN: Record<Exclude<LatencyMode, 'smooth'>, number> = {
  lowest: 0.15,
  balanced: 0.5,
}

export const LATENCY_MODES: LatencyMode[] = ['lowest', 'balanced', 'smooth']

function read(key: string): string | null {
  try {
    return localStorage.getItem(`rostrum.${key}`)
  } catch {
    return null
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`rostrum.${key}`, value)
  } catch {
    // Not kept, then.
  }
}

export const prefs = {
  get volume(): number {
    const v = Number(read('volume') ?? 1)
    return v >= 0 && v <= 1 ? v : 1
  },
  set volume(v: number) {
    write('volume', String(v))
  },
  get muted(): boolean {
    return read('muted') === 'true'
  },
  set muted(v: boolean) {
    write('muted', String(v))
  },
  get latency(): LatencyMode {
    const v = read('latency')
    return LATENCY_MODES.find((m) => m === v) ?? 'lowest'
  },
  set latency(v: LatencyMode) {
    write('latency', v)
  },
}
