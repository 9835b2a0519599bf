// That who watches is an adult, as long as the browser's session lasts.

const KEY = 'rostrum.adult'

class Mature {
  confirmed = $state(stored())

  confirm(): void {
    this.confirmed = true
    try {
      sessionStorage.setItem(KEY, '1')
    } catch {
      // Until the page is loaded again, then.
    }
  }
}

function stored(): boolean {
  try {
    return sessionStorage.getItem(KEY) === '1'
  } catch {
    return false
  }
}

export const mature = new Mature()
