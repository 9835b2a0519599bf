// Runs in the watched page before any of its own scripts. It finds the page's
// <video>, reads the timecode out of every picture as it is presented, and
// notes stalls. It never touches the player. The result is window.__probe;
// times are milliseconds since the navigation began (performance.now).
(() => {
  const BLOCKS = 40;
  const WIDTH = 640;
  const ROW = 16; // height of the row of blocks in a picture of 360 lines
  const STALL = 100; // ms without movement that count as a stall
  const MAX_SAMPLES = 60 * 60 * 30; // an hour at 30 pictures a second

  const probe = {
    play: null, // the first call of play() or the first `play` event
    first: null, // the first picture presented
    firstWall: null, // the same as milliseconds since 1970
    moving: null, // when the position first moved after that
    samples: [], // [when, age in ms as seen here, age when expected on the display]
    stalls: [], // [when, length]
    frozen: [], // [when, length] of times in which the page itself did not run
    waiting: [], // when the element said `waiting` after it had moved
    unread: 0, // pictures whose checksum was wrong
    video: null,
  };
  window.__probe = probe;

  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = ROW;
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });

  const check = (ms) => {
    let crc = 0xff;
    for (let shift = 24; shift >= 0; shift -= 8) {
      crc ^= (ms >>> shift) & 0xff;
      for (let i = 0; i < 8; i++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
    }
    return crc;
  };

  // read returns the low 32 bits of the time at which the picture was made, or
  // null when it holds no valid code.
  const read = (video) => {
    const height = (video.videoHeight * ROW) / 360;
    context.drawImage(video, 0, 0, video.videoWidth, height, 0, 0, WIDTH, ROW);
    const pixels = context.getImageData(0, ROW / 2, WIDTH, 1).data;
    const bit = (i) => (pixels[(i * ROW + ROW / 2) * 4 + 1] > 128 ? 1 : 0); // green
    let ms = 0;
    let sum = 0;
    for (let i = 0; i < 32; i++) ms = (ms * 2 + bit(i)) >>> 0;
    for (let i = 32; i < BLOCKS; i++) sum = sum * 2 + bit(i);
    return sum === check(ms) ? ms : null;
  };

  const presented = (video) => (now, metadata) => {
    if (probe.video !== video) return;
    video.requestVideoFrameCallback(presented(video));
    const at = performance.now();
    const wall = Date.now();
    if (probe.first === null) {
      probe.first = at;
      probe.firstWall = wall;
    }
    const ms = read(video);
    if (ms === null) {
      probe.unread++;
      return;
    }
    const age = ((wall % 2 ** 32) - ms) | 0; // signed, across the wrap of 32 bits
    if (probe.samples.length < MAX_SAMPLES) {
      probe.samples.push([at, age, age + Math.max(0, metadata.expectedDisplayTime - at)]);
    }
  };

  // A stall is a position that was seen to stand still: a page that did not
  // run, because the machine was busy, saw nothing and counts as frozen.
  let position = 0;
  let moved = 0; // when it was last seen elsewhere than before
  let still = 0; // when it was last seen where it was before
  let ticked = 0;
  const close = () => {
    if (probe.moving !== null && still - moved > STALL) probe.stalls.push([moved, still - moved]);
  };
  const watch = () => {
    const now = performance.now();
    const video = probe.video;
    if (probe.moving !== null && now - ticked > STALL) probe.frozen.push([ticked, now - ticked]);
    ticked = now;
    const rests = video.paused || video.ended || probe.first === null;
    if (!rests && video.currentTime === position) {
      still = now;
      return;
    }
    close();
    if (!rests) probe.moving ??= now;
    position = video.currentTime;
    moved = still = now;
  };

  // finish closes a stall that still lasts.
  probe.finish = () => {
    close();
    const quality = probe.video?.getVideoPlaybackQuality();
    const playlists = performance
      .getEntriesByType('resource')
      .filter((e) => new URL(e.name).pathname.endsWith('.m3u8'))
      .map((e) => e.startTime);
    return {
      play: probe.play,
      asked: playlists.length ? Math.min(...playlists) : null,
      first: probe.first,
      firstWall: probe.firstWall,
      moving: probe.moving,
      end: performance.now(),
      samples: probe.samples,
      stalls: probe.stalls,
      frozen: probe.frozen,
      waiting: probe.waiting,
      unread: probe.unread,
      dropped: quality?.droppedVideoFrames ?? 0,
    };
  };

  const played = () => {
    probe.play ??= performance.now();
  };
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function (...args) {
    played();
    return play.apply(this, args);
  };
  document.addEventListener('play', played, true);
  document.addEventListener(
    'waiting',
    () => {
      if (probe.moving !== null) probe.waiting.push(performance.now());
    },
    true,
  );

  // find looks through open shadow roots too.
  const find = (root) => {
    const video = root.querySelector('video');
    if (video) return video;
    for (const element of root.querySelectorAll('*')) {
      const inside = element.shadowRoot && find(element.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };
  setInterval(() => {
    if (!probe.video?.isConnected) {
      const video = find(document);
      if (!video) return;
      probe.video = video;
      position = video.currentTime;
      moved = still = ticked = performance.now();
      video.requestVideoFrameCallback(presented(video));
    }
    watch();
  }, 10);
})();
