// The pages of webhooks, fetched when they are needed, behind their words.

export async function webhooks() {
  const { speakHooks } = await import('./words')
  await speakHooks()
  return import('./Webhooks.svelte')
}
