// The time of day for what ages on screen, once a second for all.

class Now {
  date = $state(new Date())

  constructor() {
    setInterval(() => {
      if (!document.hidden) this.date = new Date()
    }, 1000)
  }
}

export const now = new Now()
