// Runs in every page before its own scripts: finds the page's video, wherever
// it is, and keeps what tests ask about it. Counting is by presented frames,
// so that a picture that stands still does not pass for playing.
(() => {
  const state = { frames: 0, first: null, last: null, waits: 0, errors: [], seen: null };

  const find = (root) => {
    const video = root.querySelector('video');
    if (video) return video;
    for (const el of root.querySelectorAll('*')) {
      const inside = el.shadowRoot && find(el.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };

  const onFrame = (video) => (now, meta) => {
    if (state.seen !== video) return;
    const frame = { mediaTime: meta.mediaTime, at: performance.timeOrigin + now, width: meta.width, height: meta.height };
    state.first ??= frame;
    state.last = frame;
    state.frames++;
    video.requestVideoFrameCallback(onFrame(video));
  };

  const look = () => {
    const video = find(document);
    if (video && video !== state.seen) {
      state.seen = video;
      video.requestVideoFrameCallback(onFrame(video));
      video.addEventListener('waiting', () => state.waits++);
      video.addEventListener('error', () => state.errors.push(`media error ${video.error?.code}: ${video.error?.message}`));
    }
  };
  setInterval(look, 50);
  window.addEventListener('error', (e) => state.errors.push(String(e.message)));

  window.rostrumProbe = () => {
    look();
    const v = state.seen;
    return {
      found: Boolean(v),
      frames: state.frames,
      first: state.first,
      last: state.last,
      waits: state.waits,
      errors: state.errors.slice(0, 20),
      currentTime: v?.currentTime ?? 0,
      paused: v?.paused ?? true,
      muted: v?.muted ?? false,
      ended: v?.ended ?? false,
      readyState: v?.readyState ?? 0,
      duration: Number.isFinite(v?.duration) ? v.duration : -1,
      buffered: v ? Array.from({ length: v.buffered.length }, (_, i) => [v.buffered.start(i), v.buffered.end(i)]) : [],
      decodedAudioBytes: v?.webkitAudioDecodedByteCount ?? 0,
      now: Date.now(),
    };
  };
})();
