import { tick } from 'svelte'

/** Gives the focus to the page's content when what had it is gone, so that the keyboard does not begin anew. */
export async function catchFocus(): Promise<void> {
  await tick()
  // What is in a dialog that has closed keeps the focus until the next frame.
  const at = document.activeElement
  if (at && at !== document.body && at.getClientRects().length > 0) return
  document.getElementById('main')?.focus({ preventScroll: true })
}
