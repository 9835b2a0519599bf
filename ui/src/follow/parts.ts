// What of following is fetched when it is needed, each with its words.

/** A part behind its words. */
const spoken =
  <T>(load: () => Promise<T>) =>
  async (): Promise<T> => {
    const { speakFollow } = await import('./words')
    await speakFollow()
    return load()
  }

export const followButton = spoken(() => import('./FollowButton.svelte'))
export const followedLive = spoken(() => import('./FollowedLive.svelte'))
export const followPage = spoken(() => import('../pages/Following.svelte'))
export const unsubscribePage = spoken(() => import('../pages/Unsubscribe.svelte'))
export const notifications = spoken(() => import('./Notifications.svelte'))
export const blocksPanels = spoken(() => import('./Blocks.svelte'))
/** In what moderators see of a person. */
export const blockPart = spoken(() => import('./Block.svelte'))
export const followersPage = spoken(() => import('./FollowersPage.svelte'))
/** The rail and the notes in the corner: for who is signed in, on every page. */
export const company = spoken(() => import('./Company.svelte'))
