// Runs before the first paint, so that a chosen theme does not flash. A file
// of its own, because the pages allow no inline script.
;(function () {
  try {
    var theme = localStorage.getItem('rostrum.theme')
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  } catch {
    // Storage may be forbidden: the system's theme stands.
  }
})()
